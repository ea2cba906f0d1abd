import Statistics

/// How precisely to measure, and how long that may take.
public struct Preset: Sendable, Equatable {
  /// As `--preset` takes it.
  public let name: String
  /// Processes below which no point ends, above which none goes on.
  public let processes: ClosedRange<Int>
  /// Seconds that one process spends on blocks.
  public let secondsPerProcess: Double
  /// Wall seconds after which a point starts no further process once it has the fewest.
  public let pointSeconds: Double
  /// The interval's half-width, as a ratio, that is narrow enough.
  public let halfWidth: Double
  /// Passes over all experiments that share a point's processes, so that the interval holds what
  /// the machine does over the whole run and not in a few seconds.
  public let passes: Int
  /// Whether a sweep over numbers is measured at its ends and at its headline alone, or at the
  /// headline alone where blocks aren't mirrored since calls are long, and a call of more than 5 ms
  /// once per process.
  public let isCoarse: Bool

  /// A setting of one's own.
  public init(
    name: String, processes: ClosedRange<Int>, secondsPerProcess: Double, pointSeconds: Double,
    halfWidth: Double, passes: Int = 1, isCoarse: Bool = false
  ) {
    self.name = name
    self.processes = processes
    self.secondsPerProcess = secondsPerProcess
    self.pointSeconds = pointSeconds
    self.halfWidth = halfWidth
    self.passes = passes
    self.isCoarse = isCoarse
  }

  /// For a first look: a quarter of a second a point for large effects, about one for small ones;
  /// of a sweep its ends and its headline, or that alone where a call is a load or a drill.
  public static let quick = Preset(
    name: "quick", processes: 6...19, secondsPerProcess: 0.04, pointSeconds: 0.9,
    halfWidth: 0.005, passes: 2, isCoarse: true)
  /// For a report.
  public static let standard = Preset(
    name: "standard", processes: 9...19, secondsPerProcess: 0.15, pointSeconds: 2.5,
    halfWidth: 0.004, passes: 3)
  /// For an argument.
  public static let thorough = Preset(
    name: "thorough", processes: 15...31, secondsPerProcess: 0.4, pointSeconds: 12,
    halfWidth: 0.003, passes: 5)
  /// A single short process: enough to run every line, not to say anything.
  public static let smoke = Preset(
    name: "smoke", processes: 1...1, secondsPerProcess: 0.005, pointSeconds: 0, halfWidth: 1)

  /// Those that `--preset` knows.
  public static let all = [quick, standard, thorough]

  /// Seconds of a profile that a prediction rests on: a quick look is content with fewer stacks.
  var profileSeconds: Double { min(1, 10 * secondsPerProcess) }

  /// Seconds of the blocks in one message: the clock is looked at between messages, so that a
  /// process ends near its time only if this is a small part of it or divides it.
  var messageSeconds: Double { min(0.025, secondsPerProcess / 2) }

  /// Wall seconds that a point may take: for the verdict that a report begins with four times as many
  /// where an interval is still wider than 15% up or down. A first look takes no longer for it.
  func seconds(isVerdict: Bool, _ intervals: [ConfidenceInterval]) -> Double {
    let isWide = intervals.contains { $0.halfWidth > 0.15 }
    return isVerdict && isWide && !isCoarse ? 4 * pointSeconds : pointSeconds
  }

  var stopRule: StopRule { StopRule(halfWidth: halfWidth, fewestProcesses: processes.lowerBound) }
}
