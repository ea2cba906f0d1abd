import Results

/// Counts what calls of an experiment's variants ask of the runtime and of the system, at its
/// smallest value: counts hold on any machine, and a small input shows them as well as a large one.
public struct CallCounting: Sendable {
  private let facilities: Facilities
  private let cpus: [Int]
  private let seed: UInt64

  /// Processes for each variant: what depends on addresses or on the hashing's seed differs between
  /// them.
  private static let processes = 2

  /// - Parameter cpus: the measuring processor first, then a team's in order.
  public init(facilities: Facilities, cpus: [Int], seed: UInt64) {
    self.facilities = facilities
    self.cpus = cpus
    self.seed = seed
  }

  /// Counts of one variant, in workers of a build.
  /// - Parameter variant: index in the experiment.
  /// - Returns: nil where the machine can't run it, or it is not measured.
  public func counts(
    of variant: Int, in experiment: Experiment, by build: WorkerBuild
  ) throws(PointFailure) -> [CallCount]? {
    let parameter = experiment.sweep.smoke
    let needs =
      experiment.needs + experiment.sweep.needs(parameter.value)
      + experiment.variants[variant].needs
    guard experiment.evidence == .measured, facilities.unmet(needs).isEmpty else { return nil }
    var all: [[CallCount]] = []
    for _ in 0..<Self.processes {
      let crew = try Crew(experiment, Lineup(alone: [variant]), builds: [build], cpus: cpus)
      all.append(
        try crew.counts(
          Assignment(
            experiment: experiment.id, parameter: parameter, seed: seed, cpus: cpus,
            instances: [build.index(of: variant)], firstCall: .compared)))
    }
    return CallCount.merged(all)
  }
}
