/// How long a sample is, in nanoseconds: what decides how many calls of a kernel make one.
public enum SampleLength {
  /// A sample of the fastest variant is at least this long …
  public static let shortest = 120_000.0
  /// … and longer where each sample costs a message to another process.
  public static let shortestInTurns = 2_000_000.0
  /// No sample of the slowest variant is longer than this unless one call is.
  public static let longest = 5_000_000.0

  /// Calls that make a sample, the same number for every variant, from the time of one call.
  public static func calls(fastest: Double, slowest: Double, shortest: Double = shortest) -> Int {
    max(1, Int(min(shortest / fastest, longest / slowest).rounded(.up)))
  }

  /// Whether a call finds what the other variants' samples have left in the caches and not what its
  /// own last call has left: where it is so long that none goes before its sample to warm up. What
  /// it takes to fetch a cache's contents, to wake a team or to learn branches is a small part of
  /// such a call.
  /// - Parameter nanoseconds: of the call.
  public static func isCold(_ nanoseconds: Double) -> Bool { nanoseconds > longest }

  /// Calls before a sample that make its data its own again. A last-level cache may keep a line only
  /// when it is evicted from the second level for the second time (METHODOLOGY.md).
  public static let fewestWarmUpCalls = 2

  /// Calls before each sample that are not timed: an eighth of its calls, and `fewestWarmUpCalls` at
  /// least unless it `isCold`.
  /// - Parameters:
  ///   - calls: that make the sample.
  ///   - nanoseconds: of one of them.
  public static func warmUpCalls(of calls: Int, each nanoseconds: Double) -> Int {
    max(calls / 8, isCold(nanoseconds) ? 0 : fewestWarmUpCalls)
  }
}
