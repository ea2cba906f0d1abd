import Results

/// A number that a variant's model wants and a machine does not have.
public struct MissingModel: Equatable, Sendable {
  /// The variant that has no prediction for it.
  public var variant: String
  /// The number's name.
  public var number: String
}

extension Experiment {
  /// Fills a point with what the models of its variants expect of a machine, in place of what was
  /// there. The baseline's model is needed for every candidate's; a yardstick has none.
  /// - Parameter registers: of the build that measures it.
  /// - Returns: what could not be predicted for the lack of a number.
  public func predict(
    _ point: inout PointResult, on machine: Machine, registers: VectorRegisters = .built,
    parts: PartShares? = nil
  ) -> [MissingModel] {
    var missing: [MissingModel] = []
    var models: [String: Model] = [:]
    for variant in variants where variant.yardstick == nil {
      let question = Question(
        variant: variant.name, isBaseline: variant.name == variants[0].name,
        value: point.parameter.value, machine: machine,
        registers: registers, parts: parts)
      do { models[variant.name] = try model?(question) } catch {
        missing.append(MissingModel(variant: variant.name, number: error.name))
      }
      // Such as a division by a number that was measured as zero.
      if let value = models[variant.name]?.value, !(value > 0 && value.isFinite) {
        models[variant.name] = nil
        point.warnings.append("no prediction for \(variant.name): its model gives \(value)")
      }
    }
    let elements = work(point.parameter.value).elements
    let predicted = variants.compactMap { variant in
      models[variant.name]?.predicted(variant.name, elements: elements)
    }
    point.predictions = predicted.isEmpty ? nil : predicted
    let baseline = models[variants[0].name]
    // The ends of an interval rest on 100 draws each, which moves them by a fiftieth of its width.
    var draws = InputDraws(seed: 1, count: 2_000)
    for index in point.candidates.indices {
      let own = models[point.candidates[index].name]
      point.candidates[index].predicted = baseline.flatMap { baseline in
        own?.speedup(
          over: baseline, lowerIsBetter: metric.record.lowerIsBetter,
          isMeasured: evidence == .measured,
          names: (variants[0].name, point.candidates[index].name), draws: &draws)
      }
    }
    return missing
  }
}
