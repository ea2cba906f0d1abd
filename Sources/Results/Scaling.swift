import Statistics

/// How the throughput of a variant grows with the threads that share its work.
public struct Scaling: Equatable, Sendable {
  /// At one value of the sweep.
  public struct Step: Equatable, Sendable {
    /// Where on the axis.
    public var parameter: Parameter
    /// Throughput over that of the same variant at the first value: work in a unit of time. The two
    /// were not measured in the same blocks, so that the machine's drift between them counts into it
    /// and is not in its interval.
    public var speedup: Interval
    /// The speedup as a share of what it would be if each thread were as fast as at the first value.
    public var efficiency: Double
  }

  /// The variant's name.
  public var variant: String
  /// From the second value on that was measured.
  public var steps: [Step]
}

extension ExperimentResult {
  /// Of every variant but the references, which use one thread or another number than the axis says;
  /// empty where the sweep is of something else, or one value was measured.
  public var scaling: [Scaling] {
    let points = points.filter { $0.status == .measured && $0.work.elements > 0 }
    guard account.sweepsThreads == true, account.metric.isTime, let first = points.first else {
      return []
    }
    var names: [String] = []
    for variant in points.flatMap(\.variants) where !names.contains(variant.name) {
      names.append(variant.name)
    }
    return names.filter { !isReference($0) }.compactMap { name in
      guard let alone = first.timePerElement(of: name) else { return nil }
      let steps = points.dropFirst().compactMap { point -> Scaling.Step? in
        guard let speedup = point.timePerElement(of: name).flatMap({ alone.ratio(to: $0) }) else {
          return nil
        }
        let times = Double(point.parameter.value) / Double(first.parameter.value)
        return Scaling.Step(
          parameter: point.parameter, speedup: speedup, efficiency: speedup.estimate / times)
      }
      return steps.isEmpty ? nil : Scaling(variant: name, steps: steps)
    }
  }
}

extension PointResult {
  fileprivate func timePerElement(of name: String) -> Interval? {
    variants.first { $0.name == name }.map { variant in
      Interval(
        estimate: variant.estimate / work.elements, low: variant.low / work.elements,
        high: variant.high / work.elements)
    }
  }
}

extension Interval {
  /// Of two independent estimates; nil where one of them is not positive.
  fileprivate func ratio(to other: Interval) -> Interval? {
    guard low > 0, other.low > 0 else { return nil }
    func logarithms(_ interval: Interval) -> ConfidenceInterval {
      ConfidenceInterval(
        estimate: naturalLogarithm(interval.estimate), low: naturalLogarithm(interval.low),
        high: naturalLogarithm(interval.high), coverage: PairedComparison.level)
    }
    let ratio = (logarithms(self) - logarithms(other)).ratio
    return Interval(estimate: ratio.estimate, low: ratio.low, high: ratio.high)
  }
}
