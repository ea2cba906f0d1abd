/// What runs, how far it is, and how long the rest will take.
public struct ProgressState: Equatable, Sendable {
  /// `memory/false-sharing`
  public var experiment: String
  /// The point's label.
  public var point: String
  /// Of the whole run, 0…1.
  public var fraction: Double
  /// Nil where it cannot be said yet.
  public var secondsLeft: Double?

  /// Puts the properties together.
  public init(experiment: String, point: String, fraction: Double, secondsLeft: Double?) {
    self.experiment = experiment
    self.point = point
    self.fraction = fraction
    self.secondsLeft = secondsLeft
  }
}

/// One line of a terminal, to be drawn over itself.
public enum ProgressLine {
  /// At most `width` columns and no newline: `25 %  memory/aos-to-soa · 4 MiB  1 min 20 s left`.
  /// Where it is narrow the middle is shortened first, then the time goes.
  public static func render(_ state: ProgressState, width: Int) -> String {
    let fraction = state.fraction.isFinite ? min(max(state.fraction, 0), 1) : 0
    // 100 % only when nothing is left.
    let whole = fraction >= 1 ? 100 : min(99, Int((fraction * 100).rounded()))
    let head = String(repeating: " ", count: whole < 10 ? 2 : whole < 100 ? 1 : 0) + "\(whole) %"
    let left = state.secondsLeft.map { Figures.duration(seconds: $0.rounded()) + " left" }
    let point = state.point.isEmpty ? "" : " · \(state.point)"
    let middle = DisplayWidth.printable(state.experiment + point)
    let tail = left.map { "  \($0)" } ?? ""
    let room = width - head.count - 2 - DisplayWidth.of(tail)
    if room >= min(12, DisplayWidth.of(middle)) {
      return "\(head)  \(DisplayWidth.truncated(middle, to: room))\(tail)"
    }
    return DisplayWidth.truncated("\(head)  \(middle)", to: width)
  }
}
