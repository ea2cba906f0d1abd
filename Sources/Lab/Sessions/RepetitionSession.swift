import Harness
import Platform
import Results

/// Measures the same ratios in two sessions, one after the other. A session takes its experiments in
/// passes, as a run does.
struct RepetitionSession {
  /// What stands for all of the kit: no effect, and a small one.
  static let pairs: [CalibrationPair] = [.same, .slower(percent: 5)]

  private let orchestrator: Orchestrator
  private let experiments: [(name: String, experiment: Experiment)]

  /// - Parameters:
  ///   - kit: of which the pairs above are taken.
  ///   - more: experiments beside them.
  init(
    _ kit: CalibrationKit, and more: [Experiment], preset: Preset, setting: Setting, seed: UInt64
  ) {
    orchestrator = Orchestrator(
      preset: preset, seed: seed, cpus: setting.cpus, machine: setting.machine,
      facilities: setting.facilities, launch: setting.launch)
    let pairs = kit.members.filter { Self.pairs.contains($0.pair) }
    experiments =
      pairs.map { ("\($0.kind) \($0.pair.rawValue)", $0.experiment) }
      + more.map { ($0.id, $0.fitted(to: setting.facilities)) }
  }

  /// - Returns: nil if it was interrupted.
  func measure() throws -> [Repetition.Ratio]? {
    guard let first = try session(1), let second = try session(2) else { return nil }
    return zip(first, second).compactMap { first, second in
      guard let earlier = first.ratio, let later = second.ratio else { return nil }
      return Repetition.Ratio(name: first.name, first: earlier, second: later)
    }
  }

  private func session(_ number: Int) throws -> [(name: String, ratio: Interval?)]? {
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
    return zip(experiments, sessions).flatMap { known, session in
      ratios(of: session.result, named: known.name)
    }
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
