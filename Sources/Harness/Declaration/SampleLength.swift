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

  /// Calls before each sample that are not timed: an eighth of its calls. One at least where a call
  /// is no longer than a sample should be: what it takes to fetch a cache's contents again, to wake
  /// a team, or to learn branches anew would be a noticeable part of it.
  /// - Parameters:
  ///   - calls: that make the sample.
  ///   - nanoseconds: of one of them.
  public static func warmUpCalls(of calls: Int, each nanoseconds: Double) -> Int {
    max(calls / 8, nanoseconds <= longest ? 1 : 0)
  }

  /// Share of a variant's timed calls that find in the caches what the other variants' samples have
  /// left there: the first of each sample, unless a call has gone before to warm up. From then on
  /// each call finds what the one before has left.
  /// - Parameters:
  ///   - nanoseconds: of a call of the variant.
  ///   - fastest: nanoseconds of a call of the fastest variant, and of the slowest.
  public static func coldShare(
    of nanoseconds: Double, fastest: Double, slowest: Double
  ) -> Double {
    let calls = calls(fastest: fastest, slowest: slowest)
    return warmUpCalls(of: calls, each: nanoseconds) > 0 ? 0 : 1 / Double(calls)
  }
}
