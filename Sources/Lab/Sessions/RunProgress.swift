import Harness
import Platform
import Rendering
import Results

/// The line that says what runs and how long the rest will take.
struct RunProgress {
  private let points: [Int]
  private let passes: Int
  private let secondsPerPoint: Double
  private var done = 0
  /// Of these, by this process and not by the one that was interrupted.
  private var measured = 0
  private let start = Clock.now()

  /// - Parameters:
  ///   - points: of each experiment.
  ///   - passes: over all of them.
  ///   - secondsPerPoint: what to expect before anything is known.
  init(points: [Int], passes: Int, secondsPerPoint: Double) {
    self.points = points
    self.passes = passes
    self.secondsPerPoint = secondsPerPoint / Double(passes)
  }

  private var total: Int { points.reduce(0, +) * passes }

  /// Seconds that the remaining points take if they are like those before.
  private var secondsLeft: Double {
    let elapsed = Double(Clock.now() - start) / 1e9
    let each = measured > 2 ? elapsed / Double(measured) : max(secondsPerPoint, 0.1)
    return each * Double(total - done)
  }

  func begin(_ experiment: String, _ point: String) {
    guard Console.errorIsTerminal else { return }
    let state = ProgressState(
      experiment: experiment, point: point, fraction: Double(done) / Double(max(1, total)),
      secondsLeft: secondsLeft)
    let line = ProgressLine.render(state, width: Console.width(of: 2) - 1)
    Console.status(line)
  }

  mutating func finishedPoint() {
    done += 1
    measured += 1
  }

  /// What was finished in earlier passes, or by an interrupted run, is skipped.
  /// - Parameters:
  ///   - index: of the experiment whose part of the pass begins.
  ///   - left: points of it that have not been through the pass.
  mutating func begin(_ pass: Pass, _ index: Int, left: Int) {
    let before = points.prefix(index).reduce(0, +)
    done = pass.index * points.reduce(0, +) + before + max(0, points[index] - left)
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
