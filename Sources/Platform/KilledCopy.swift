import CPerflab
import Glibc

/// A copy of this process that works until `kill -9` ends it in the middle: what a crash leaves.
///
/// The copy has the calling thread alone. Where other threads of this process hold a lock at that
/// moment the copy may wait for it for ever, and is killed after `seconds`.
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
    var ends: [Int32] = [-1, -1]
    guard perflab_pipe(&ends) == 0 else { throw SystemError(call: "pipe", errno: errno) }
    let copy = perflab_copy_process(seconds)
    guard copy >= 0 else {
      for end in ends { close(end) }
      throw SystemError(call: "fork", errno: errno)
    }
    if copy == 0 {
      close(ends[0])
      try? work { acknowledged in
        var word = acknowledged
        _ = write(ends[1], &word, MemoryLayout<Int>.size)
      }
      _exit(0)
    }
    close(ends[1])
    defer { close(ends[0]) }
    var acknowledged = 0
    while acknowledged < enough, let next = word(from: ends[0]) { acknowledged = next }
    kill(copy, SIGKILL)
    var status: Int32 = 0
    while waitpid(copy, &status, 0) < 0 && errno == EINTR {}
    // What it said before it was dead counts too.
    while let next = word(from: ends[0]) { acknowledged = next }
    guard acknowledged >= enough else {
      throw SystemError(call: "a copy of this process", errno: ESRCH)
    }
    return acknowledged
  }

  /// Nil at the end of the pipe. A write of a word to a pipe is never torn.
  private static func word(from pipe: Int32) -> Int? {
    var word = 0
    while true {
      let count = read(pipe, &word, MemoryLayout<Int>.size)
      if count == MemoryLayout<Int>.size { return word }
      if count < 0 && errno == EINTR { continue }
      return nil
    }
  }
}
