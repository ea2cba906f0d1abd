import Platform
import Results
import Statistics

/// An experiment's variants on their way, from two builds in turns, point by point.
///
/// Like `ExperimentSession` it can be continued: other experiments may be measured between two of
/// its passes.
public struct BuildSession {
  /// What is compared.
  public let match: BuildMatch
  private let orchestrator: Orchestrator
  private let builds: [WorkerBuild]
  private let comparesBuilds: Bool
  private var points: [PointMeasurement?]
  /// Variants that this machine can't run.
  private var unmet: [ABComparison.Missing] = []
  private var failures: [Int: PointFailure] = [:]

  /// - Parameters:
  ///   - orchestrator: with the preset, the seed and the launch of the second build's workers.
  ///   - first: how the first build's workers are started.
  ///   - comparesBuilds: whether the results of both must agree.
  public init(
    _ match: BuildMatch, _ orchestrator: Orchestrator, first: WorkerLaunch, comparesBuilds: Bool
  ) {
    self.match = match
    self.orchestrator = orchestrator
    self.comparesBuilds = comparesBuilds
    builds = [WorkerBuild(first, variants: match.before), WorkerBuild(orchestrator.launch)]
    points = []
    points = match.experiment.sweep.values.indices.map { point(at: $0) }
  }

  /// Points that are measured.
  public var count: Int { points.count { $0 != nil } }

  private mutating func point(at index: Int) -> PointMeasurement? {
    let experiment = match.experiment
    let parameter = experiment.sweep.values[index]
    let facilities = orchestrator.facilities
    func note(_ place: String, _ reasons: [String]) {
      unmet.append(
        .init(side: nil, place: "\(experiment.id)\(place)", reason: reasons.joined(separator: "; "))
      )
    }
    let reasons = facilities.unmet(experiment.needs + experiment.sweep.needs(parameter.value))
    guard reasons.isEmpty else {
      note(", \(parameter.label)", reasons)
      return nil
    }
    let able = match.variants.filter { index in
      let reasons = facilities.unmet(experiment.variants[index].needs)
      if !reasons.isEmpty {
        note(", \(experiment.variants[index].name), \(parameter.label)", reasons)
      }
      return reasons.isEmpty
    }
    guard !able.isEmpty else { return nil }
    return PointMeasurement(
      experiment, at: parameter, variants: able, preset: orchestrator.preset,
      seed: orchestrator.pointSeed(experiment, index), cpus: orchestrator.cpus,
      machine: orchestrator.machine, lineup: Lineup(builds: able, of: experiment), builds: builds,
      comparesBuilds: comparesBuilds)
  }

  /// Measures of each point what is due at the end of a pass.
  /// - Returns: false if it was interrupted.
  public mutating func measure(
    _ pass: Pass, onPoint: (Parameter) throws -> Void
  ) throws -> Bool {
    for index in points.indices {
      guard var point = points[index], failures[index] == nil else { continue }
      // What was precise in the last pass of an earlier look is not taken again.
      guard point.progress.passes <= pass.index else { continue }
      try onPoint(point.parameter)
      do throws(PointFailure) {
        defer { points[index] = point }
        try point.measure(pass)
        point.progress.passes = pass.index + 1
        if point.progress.stop != .interrupted { try point.expectEnoughObservations() }
      } catch {
        if case .worker(.interrupted, _) = error { return false }
        failures[index] = error
        if error.stopsExperiment { break }
      }
    }
    return true
  }

  /// A row for each variant at each point that has values so far.
  public var rows: [ABRow] {
    points.indices.flatMap { index -> [ABRow] in
      guard let point = points[index], failures[index] == nil else { return [] }
      let analysis = point.analysis
      let metric = match.experiment.metric.record
      return point.lineup.pairs.compactMap { pair in
        let variant = match.experiment.variants[point.lineup.members[pair.candidate].variant]
        var row = ABRow(
          analysis, pair, stop: point.progress.stop, metric: metric, counts: Self.counts)
        row?.experiment = match.experiment.id
        row?.variant = variant.name
        row?.parameter = point.parameter
        row?.axis = match.experiment.sweep.axis
        return row
      }
    }
  }

  /// Counts of a call that hold on any machine, or nearly so.
  private static let counts =
    ["minor faults", "major faults"] + CounterEvent.hardware.map(\.label)

  /// What only one side has, what this machine can't run, and what failed.
  public var missing: [ABComparison.Missing] {
    let failed = failures.sorted { $0.key < $1.key }.map { index, failure in
      ABComparison.Missing(
        side: nil,
        place: "\(match.experiment.id), \(match.experiment.sweep.values[index].label)",
        reason: "\(failure)")
    }
    return match.missing + unmet + failed
  }

  /// Whether a point failed.
  public var hasFailed: Bool { !failures.isEmpty }
}

extension Preset {
  /// The same for two builds in turns: three processes share a round, and hold all variants, so that
  /// a round takes twice as long or more. A point has a little less than that, as a comparison should
  /// take hardly more than two runs, and a second baseline makes its intervals narrower. Every ratio
  /// is near 1, so that none is precise early for being large.
  public var inTurns: Preset {
    Preset(
      name: name, processes: processes, secondsPerProcess: 2 * secondsPerProcess,
      pointSeconds: 1.7 * pointSeconds, halfWidth: halfWidth, passes: passes, isCoarse: isCoarse)
  }
}
