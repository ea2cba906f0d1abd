import Glibc

/// A copy of this process that works until `kill -9` ends it in the middle: what a crash leaves.
public enum KilledCopy {
  /// Runs `work` in a copy and kills it as soon as it has acknowledged enough.
  /// - Parameters:
  ///   - enough: what it must acknowledge.
  ///   - seconds: after which it is killed anyway.
  ///   - work: gets a function that acknowledges; it counts as having acknowledged what it last said.
  /// - Returns: what it had acknowledged when it was dead: `enough` or a little more.
  /// - Throws: where there can be no copy, or it ended by itself before it had acknowledged enough.
  public static func run(
    until enough: Int, seconds: UInt32 = 10, _ work: (_ acknowledge: (Int) -> Void) throws -> Void
  ) throws(SystemError) -> Int {
    let copy = try ProcessCopy(seconds: seconds, keepsFiles: true, work)
    var acknowledged = 0
    while acknowledged < enough, let next = try? copy.word() { acknowledged = next }
    copy.kill()
    // What it said before it was dead counts too.
    while let next = try? copy.word() { acknowledged = next }
    guard acknowledged >= enough else {
      throw SystemError(call: "a copy of this process", errno: ESRCH)
    }
    return acknowledged
  }
}
