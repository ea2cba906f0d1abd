import CPerflab
import Glibc

/// A copy of this process that goes on beside it, so that it can be stopped and killed: `kill -9` and
/// `SIGSTOP` for real.
///
/// The copy has the calling thread alone, and none of this process's files but the three standard
/// ones unless it is to keep them. What another thread held at that moment nobody in the copy gives
/// back: Swift's runtime has locks for the first use of a global and of a generic type, which a copy
/// that needs them would wait for until it is killed after `seconds`. Threads hold them while they
/// compute, and so a copy is made while the others sleep, unless they don't for 20 ms. It is also
/// killed when the thread ends that made it.
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
    Self.waitForOtherThreads()
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

  /// Nanoseconds for which a copy is not made since other threads compute.
  private static let patience: UInt64 = 20_000_000

  private static func waitForOtherThreads() {
    let deadline = Clock.now() + patience
    while othersCompute(), Clock.now() < deadline { usleep(100) }
  }

  /// Whether another thread of this process is on a processor or waits for one, as this one is.
  /// Source: `proc(5)`.
  private static func othersCompute() -> Bool {
    let running = FileTree.names(in: "/proc/self/task").count { thread in
      guard case .success(let text) = TextFile.bytes("/proc/self/task/\(thread)/stat"),
        // The name before it may hold anything, a bracket too.
        let end = text.lastIndex(of: UInt8(ascii: ")")), end + 2 < text.count
      else { return false }
      return text[end + 2] == UInt8(ascii: "R")
    }
    return running > 1
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
  public var processorTime: UInt64 { ProcessorTimes.of(process) }

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
