import Harness
import Platform
import Rendering
import Results

/// The line that says what runs and how long the rest will take.
struct RunProgress {
  /// An experiment of the run.
  struct Part {
    var points: Int
    /// Of a point in each of its passes.
    let seconds: Double
    /// What is simulated or computed is done in the first.
    let passes: Int

    fileprivate func seconds(in pass: Int) -> Double {
      pass < passes ? Double(points) * seconds : 0
    }
  }

  private let parts: [Part]
  private let total: Double
  /// The experiment that is being measured.
  private var current = 0
  /// Expected seconds of what is done, and of that part which this process has measured and not the
  /// one that was interrupted.
  private var done = 0.0
  private var measured = 0.0
  private var measuredPoints = 0
  private let start = Clock.now()

  /// - Parameter parts: in the order in which they are measured.
  init(parts: [Part]) {
    self.parts = parts
    total = parts.reduce(0) { $0 + Double($1.passes) * $1.seconds(in: 0) }
  }

  /// What is expected of the rest, by what the expectations for this run have been worth so far.
  private var secondsLeft: Double {
    let elapsed = Double(Clock.now() - start) / 1e9
    return (total - done) * (measuredPoints > 2 ? elapsed / measured : 1)
  }

  func begin(_ experiment: String, _ point: String) {
    guard Console.errorIsTerminal else { return }
    let state = ProgressState(
      experiment: experiment, point: point, fraction: total > 0 ? done / total : 0,
      secondsLeft: secondsLeft)
    let line = ProgressLine.render(state, width: Console.width(of: 2) - 1)
    Console.status(line)
  }

  mutating func finishedPoint() {
    done += parts[current].seconds
    measured += parts[current].seconds
    measuredPoints += 1
  }

  /// What was finished in earlier passes, or by an interrupted run, is skipped.
  /// - Parameters:
  ///   - index: of the experiment whose part of the pass begins.
  ///   - left: points of it that have not been through the pass.
  mutating func begin(_ pass: Pass, _ index: Int, left: Int) {
    current = index
    var through = parts[index]
    through.points = max(0, through.points - left)
    let earlier = (0..<pass.index).reduce(0) { $0 + seconds(of: parts[...], in: $1) }
    done = earlier + seconds(of: parts[..<index] + [through], in: pass.index)
  }

  private func seconds(of parts: ArraySlice<Part>, in pass: Int) -> Double {
    parts.reduce(0) { $0 + $1.seconds(in: pass) }
  }

  /// Leaves a line for the finished experiment.
  mutating func finished(experiment: ExperimentResult) {
    clear()
    let why = experiment.headline?.point.isDisturbed == true ? " (disturbed)" : ""
    Console.note("\(experiment.id): \(Summary.line(Outcome(experiment)))\(why)")
  }

  func clear() {
    Console.clearStatus()
  }
}

extension RunProgress.Part {
  /// - Parameters:
  ///   - experiment: as it is run by the preset.
  ///   - stored: what an earlier run found.
  init(_ experiment: Experiment, _ preset: Preset, like stored: ExperimentResult?) {
    passes = experiment.evidence == .measured ? preset.passes : 1
    points = preset == .smoke ? 1 : experiment.sweep.values.count
    seconds = experiment.expectedSeconds(preset, like: stored) / Double(passes)
  }
}

extension Experiment {
  /// Seconds to expect of a point: those of the stored ones, if the preset was the same. Else what the
  /// preset allows, or more where each process begins with files, servers or links.
  fileprivate func expectedSeconds(_ preset: Preset, like stored: ExperimentResult?) -> Double {
    let points = stored?.run?.preset == preset.name ? stored?.points ?? [] : []
    let known = points.filter { $0.status == .measured && $0.stop != .interrupted }
      .map(\.wallSeconds)
    let all = known.reduce(0, +)
    if all > 0 { return all / Double(known.count) }
    guard evidence == .measured else { return 0.2 }
    let preparation = needs.contains(where: \.takesPreparation) ? 0.7 : 0
    return max(preset.pointSeconds, preparation * Double(preset.processes.lowerBound), 0.1)
  }
}

extension Requirement {
  /// Whether it is of something that each process sets up first.
  fileprivate var takesPreparation: Bool {
    switch self {
    case .program, .storage, .disk, .ownNetwork, .links, .socketBuffers, .descriptors, .ring: true
    default: false
    }
  }
}
