import Harness
import Platform
import Rendering
import Results

/// Experiments of two builds, measured in the passes of a run.
struct ABSeries {
  private var sessions: [BuildSession]
  private let preset: Preset
  private let start = Clock.now()
  private var done = 0

  init(
    _ matches: [BuildMatch], orchestrator: Orchestrator, first: WorkerLaunch,
    comparesResults: Bool
  ) {
    preset = orchestrator.preset
    sessions = matches.map {
      BuildSession($0, orchestrator, first: first, comparesBuilds: comparesResults)
    }
  }

  /// - Returns: false if it was interrupted; what was measured stays.
  mutating func measure() throws -> Bool {
    defer { Console.clearStatus() }
    for pass in 0..<preset.passes {
      for index in sessions.indices {
        var session = sessions[index]
        let id = session.match.experiment.id
        var begun = done
        let isThrough = try session.measure(Pass(pass, of: preset.passes)) { point in
          show(id, point, begun)
          begun += 1
        }
        sessions[index] = session
        done += session.count
        if !isThrough { return false }
        if pass == preset.passes - 1 {
          Console.clearStatus()
          Console.note(line(session))
        }
      }
    }
    return true
  }

  private func line(_ session: BuildSession) -> String {
    let rows = session.rows
    let changed = rows.filter { $0.first == .slower || $0.first == .faster }
    let worst = changed.map(\.ratio).min { $0.estimate < $1.estimate }
    let figure = worst.map { ", \(Figures.ratio($0))" } ?? ""
    let failed = session.hasFailed ? ", with failures" : ""
    return
      "\(session.match.experiment.id): \(changed.count) of \(rows.count) differ\(figure)\(failed)"
  }

  private func show(_ id: String, _ point: Parameter, _ done: Int) {
    guard Console.errorIsTerminal else { return }
    let total = sessions.reduce(0) { $0 + $1.count } * preset.passes
    let elapsed = Double(Clock.now() - start) / 1e9
    let each = done > 2 ? elapsed / Double(done) : preset.pointSeconds / Double(preset.passes)
    let state = ProgressState(
      experiment: id, point: point.label, fraction: Double(done) / Double(max(1, total)),
      secondsLeft: each * Double(max(0, total - done)))
    Console.status(ProgressLine.render(state, width: Console.width(of: 2) - 1))
  }

  var rows: [ABRow] { sessions.flatMap(\.rows) }
  var missing: [ABComparison.Missing] { sessions.flatMap(\.missing) }
}
