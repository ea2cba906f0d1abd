import Harness
import Platform
import Rendering
import Results

/// The line that says what runs and how long the rest will take.
struct RunProgress {
  /// An experiment's points, and the seconds that one of them takes in all passes.
  struct Part {
    let points: Int
    let seconds: Double
  }

  private let parts: [Part]
  private let passes: Int
  /// The experiment that is being measured.
  private var current = 0
  /// Expected seconds of what is done, and of that part which this process has measured and not the
  /// one that was interrupted.
  private var done = 0.0
  private var measured = 0.0
  private var measuredPoints = 0
  private let start = Clock.now()

  /// - Parameters:
  ///   - parts: in the order in which they are measured.
  ///   - passes: over all of them.
  init(parts: [Part], passes: Int) {
    self.parts = parts
    self.passes = passes
  }

  /// Expected seconds of all points of so many parts, in one pass.
  private func seconds(of parts: ArraySlice<Part>) -> Double {
    parts.reduce(0) { $0 + Double($1.points) * $1.seconds } / Double(passes)
  }

  private var total: Double { seconds(of: parts[...]) * Double(passes) }

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
    let seconds = parts[current].seconds / Double(passes)
    done += seconds
    measured += seconds
    measuredPoints += 1
  }

  /// What was finished in earlier passes, or by an interrupted run, is skipped.
  /// - Parameters:
  ///   - index: of the experiment whose part of the pass begins.
  ///   - left: points of it that have not been through the pass.
  mutating func begin(_ pass: Pass, _ index: Int, left: Int) {
    current = index
    let through = Part(points: max(0, parts[index].points - left), seconds: parts[index].seconds)
    done =
      Double(pass.index) * seconds(of: parts[...]) + seconds(of: parts[..<index])
      + seconds(of: [through])
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

extension Experiment {
  /// Seconds to expect of a point: those of the stored ones, if the preset was the same. Else what the
  /// preset allows, or more where each process begins with files, servers or links.
  func expectedSeconds(_ preset: Preset, like stored: ExperimentResult?) -> Double {
    let known = stored?.run?.preset == preset.name ? stored?.points.map(\.wallSeconds) ?? [] : []
    if let longest = known.max(), longest > 0 {
      return known.reduce(0, +) / Double(known.count)
    }
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
