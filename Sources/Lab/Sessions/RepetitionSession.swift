import Harness
import Platform
import Results
import Statistics

/// Measures the same ratios in two sessions, one after the other. A session takes its experiments in
/// passes, as a run does.
struct RepetitionSession {
  /// What stands for all of the kit: no effect, and a small one.
  static let pairs: [CalibrationPair] = [.same, .slower(percent: 5)]

  /// A second run would draw a seed of its own.
  private let orchestrators: [Orchestrator]
  private let experiments: [(name: String, experiment: Experiment)]

  /// - Parameters:
  ///   - kit: of which the pairs above are taken.
  ///   - more: experiments beside them.
  init(
    _ kit: CalibrationKit, and more: [Experiment], preset: Preset, setting: Setting, seed: UInt64
  ) {
    var generator = SeededGenerator(seed: seed)
    orchestrators = (0..<2).map { _ in
      Orchestrator(
        preset: preset, seed: generator.next(), cpus: setting.cpus, machine: setting.machine,
        facilities: setting.facilities, launch: setting.launch)
    }
    let pairs = kit.members.filter { Self.pairs.contains($0.pair) }
    experiments =
      pairs.map { ("\($0.kind) \($0.pair.rawValue)", $0.experiment) }
      + more.map { ($0.id, $0.fitted(to: setting.facilities)) }
  }

  /// - Returns: nil if it was interrupted.
  func measure() throws -> [Repetition.Ratio]? {
    guard let first = try session(1), let second = try session(2) else { return nil }
    var found: [Repetition.Ratio] = []
    for (known, (earlier, later)) in zip(experiments, zip(first, second)) {
      if let reason = Self.failure(earlier) ?? Self.failure(later) {
        Console.note("\(known.name) was not measured twice: \(reason)")
      }
      for (one, other) in zip(ratios(of: earlier, named: known.name), ratios(of: later, named: ""))
      {
        guard let first = one.ratio, let second = other.ratio else { continue }
        found.append(Repetition.Ratio(name: one.name, first: first, second: second))
      }
    }
    return found
  }

  /// Why it, or one of its points, has no ratios; nil where all have.
  private static func failure(_ result: ExperimentResult) -> String? {
    if result.status != .measured { return result.reason ?? result.status.rawValue }
    guard let point = result.points.first(where: { $0.status != .measured }) else { return nil }
    return "\(point.parameter.label): \(point.reason ?? point.status.rawValue)"
  }

  private func session(_ number: Int) throws -> [ExperimentResult]? {
    let orchestrator = orchestrators[number - 1]
    var sessions = try experiments.map {
      try orchestrator.begin($0.experiment, sources: []) { _ in }
    }
    for index in 0..<orchestrator.preset.passes {
      for place in sessions.indices {
        if Console.errorIsTerminal {
          Console.status("session \(number) of 2: \(experiments[place].name)")
        }
        let pass = Pass(index, of: orchestrator.preset.passes)
        guard try sessions[place].measure(pass, onEvent: { _ in }) else { return nil }
      }
    }
    Console.clearStatus()
    return sessions.map(\.result)
  }

  /// One for each candidate of each point, whether there is a ratio or not.
  private func ratios(
    of result: ExperimentResult, named name: String
  ) -> [(name: String, ratio: Interval?)] {
    let isPair = result.points.count == 1 && result.points[0].candidates.count == 1
    return result.points.flatMap { point in
      point.candidates.map { candidate in
        let full = isPair ? name : "\(name), \(point.parameter.label), \(candidate.name)"
        return (full, candidate.speedup)
      }
    }
  }
}
