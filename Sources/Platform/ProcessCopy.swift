import CPerflab
import Glibc

/// A copy of this process that goes on beside it, so that it can be stopped and killed: `kill -9` and
/// `SIGSTOP` for real.
///
/// The copy has the calling thread alone, and none of this process's files but the three standard
/// ones unless it is to keep them. Where other threads of this process hold a lock at that moment the copy may wait for it for
/// ever, and is killed after `seconds`. It is also killed when the thread ends that made it.
public final class ProcessCopy {
  private let process: pid_t
  private let words: Int32
  private var isReaped = false

  /// Starts it.
  /// - Parameters:
  ///   - seconds: after which it is killed anyway.
  ///   - keepsFiles: whether it has all files that are open here, connections too.
  ///   - work: in the copy; gets a function that says a number to this process. The copy ends with it.
  public init(
    seconds: UInt32, keepsFiles: Bool = false, _ work: (_ say: (Int) -> Void) throws -> Void
  ) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard perflab_pipe(&ends) == 0 else { throw SystemError(call: "pipe", errno: errno) }
    let copy = perflab_copy_process(seconds)
    guard copy >= 0 else {
      for end in ends { close(end) }
      throw SystemError(call: "fork", errno: errno)
    }
    if copy == 0 {
      let pipe: Int32
      if keepsFiles {
        close(ends[0])
        pipe = ends[1]
      } else {
        // Connections of this process must end when it closes them, and not when the copy ends.
        pipe = dup2(ends[1], 3)
        perflab_close_from(4)
      }
      do {
        try work { word in
          var word = word
          _ = write(pipe, &word, MemoryLayout<Int>.size)
        }
      } catch {
        let reason = Array("a copy of this process: \(error)\n".utf8)
        _ = write(STDERR_FILENO, reason, reason.count)
        _exit(EXIT_FAILURE)
      }
      _exit(EXIT_SUCCESS)
    }
    close(ends[1])
    (process, words) = (copy, ends[0])
  }

  deinit {
    kill()
    close(words)
  }

  /// The next number that it says.
  /// - Throws: where it has ended.
  public func word() throws(SystemError) -> Int {
    var word = 0
    while true {
      let count = read(words, &word, MemoryLayout<Int>.size)
      if count == MemoryLayout<Int>.size { return word }
      if count < 0 && errno == EINTR { continue }
      throw SystemError(call: "a copy of this process", errno: ESRCH)
    }
  }

  /// Nanoseconds of processor time that all of its threads have used so far; 0 once it has ended.
  public var processorTime: UInt64 {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else {
      return 0
    }
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Stops all of its threads where they are (`SIGSTOP`).
  public func pause() { Glibc.kill(process, SIGSTOP) }

  /// Lets them go on.
  public func resume() { Glibc.kill(process, SIGCONT) }

  /// Ends it with all that it has in memory (`kill -9`), and waits for that. Nothing the second time.
  public func kill() {
    guard !isReaped else { return }
    isReaped = true
    Glibc.kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
  }
}
