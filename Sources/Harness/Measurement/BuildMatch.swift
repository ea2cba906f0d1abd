import Results

/// What two builds have in common of an experiment.
public struct BuildMatch: Sendable {
  /// As the second build has it, at the points that both have.
  public let experiment: Experiment
  /// Indices of the variants that both have; yardsticks are left out, since they are no change of
  /// either build.
  public let variants: [Int]
  /// The first build's index of each of them.
  public let before: [Int: Int]
  /// What only one side has.
  public let missing: [ABComparison.Missing]

  /// - Parameters:
  ///   - experiment: of the second build, which is this process, fitted to the machine.
  ///   - entry: of the first.
  /// - Returns: nil where they have nothing to compare; `missing` then has its reason.
  public static func match(
    _ experiment: Experiment, with entry: Outline.Entry?
  ) -> (match: BuildMatch?, missing: [ABComparison.Missing]) {
    guard let entry else {
      return (nil, [missing(0, experiment.id, "no such experiment there")])
    }
    guard experiment.evidence == .measured, entry.evidence == .measured else {
      return (
        nil, [missing(nil, experiment.id, "not measured in turns: it is simulated or computed")]
      )
    }
    guard entry.metric == experiment.metric.record else {
      return (
        nil,
        [
          missing(
            nil, experiment.id,
            "its metric is \(entry.metric.name) in the first build and "
              + "\(experiment.metric.record.name) in the second")
        ]
      )
    }
    let own = experiment.variants.indices.filter { experiment.variants[$0].yardstick == nil }
    var before: [Int: Int] = [:]
    var lost: [ABComparison.Missing] = []
    for index in own {
      let name = experiment.variants[index].name
      before[index] = entry.variants.firstIndex(of: name)
      if before[index] == nil {
        lost.append(missing(0, "\(experiment.id), \(name)", "no such variant there"))
      }
    }
    let names = Set(experiment.variants.map(\.name))
    lost += entry.variants.filter { !names.contains($0) }.map {
      missing(1, "\(experiment.id), \($0)", "no such variant there")
    }
    let values = experiment.sweep.values
    let both =
      entry.sweepsThreads && experiment.sweep.threads != nil
      ? values : values.filter(entry.parameters.contains)
    lost += values.filter { !both.contains($0) }.map {
      missing(0, "\(experiment.id), \($0.label)", "no such point there")
    }
    if !entry.sweepsThreads {
      lost += entry.parameters.filter { !values.contains($0) }.map {
        missing(1, "\(experiment.id), \($0.label)", "no such point there")
      }
    }
    let variants = own.filter { before[$0] != nil }
    guard !variants.isEmpty, !both.isEmpty else { return (nil, lost) }
    let match = BuildMatch(
      experiment: experiment.narrowed(to: both), variants: variants, before: before,
      missing: lost)
    return (match, lost)
  }

  private static func missing(
    _ side: Int?, _ place: String, _ reason: String
  ) -> ABComparison.Missing {
    ABComparison.Missing(side: side, place: place, reason: reason)
  }
}

extension BuildMatch {
  /// What a preset measures of it, as in a run.
  public func fitted(to preset: Preset) -> BuildMatch {
    BuildMatch(
      experiment: experiment.fitted(to: preset), variants: variants, before: before,
      missing: missing)
  }

  /// The points and variants of some rows alone; nil where none is of this experiment.
  public func narrowed(to rows: [ABRow]) -> BuildMatch? {
    let own = rows.filter { $0.experiment == experiment.id }
    guard !own.isEmpty else { return nil }
    return BuildMatch(
      experiment: experiment.narrowed(to: own.compactMap(\.parameter)),
      variants: variants.filter { index in
        own.contains { $0.variant == experiment.variants[index].name }
      }, before: before, missing: [])
  }
}
