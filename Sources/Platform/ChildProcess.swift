import CPerflab
import Glibc

/// Why a child process gave no line.
public enum ChildFailure: Error, Equatable, Sendable {
  case notStarted(path: String, errno: Int32)
  /// It ended by itself with this exit code.
  case exited(code: Int32, lastWords: String)
  case killed(signal: Int32, lastWords: String)
  /// It was killed after this many seconds without an answer.
  case silent(seconds: Double, lastWords: String)
  /// SIGINT, SIGTERM or SIGHUP reached this process while it waited.
  case interrupted
}

/// A worker: the same executable, driven by lines over two pipes, its output kept as last words.
///
/// swift-subprocess would start and reap it too, but scopes each child to one closure; several
/// children that take turns, each with a deadline a line, want plain values.
public final class ChildProcess {
  /// Also the number of its process group.
  public let processID: pid_t
  private let requests: Int32
  private let replies: Int32
  private let output = OutputFile()
  private var buffer: [UInt8] = []
  private var reaped = false

  /// - Parameters:
  ///   - path: the executable.
  ///   - environment: the whole environment of the child.
  ///   - cpus: the processors that the child begins with; those of the calling thread where empty.
  ///     A runtime counts them when it is loaded, and makes as many threads.
  /// - Throws: `ChildFailure.notStarted`.
  public init(
    path: String, arguments: [String], environment: [String: String], cpus: [Int] = []
  ) throws(ChildFailure) {
    signal(SIGPIPE, SIG_IGN)
    var down: [Int32] = [-1, -1]
    var up: [Int32] = [-1, -1]
    guard output.descriptor >= 0, perflab_pipe(&down) == 0 else {
      throw ChildFailure.notStarted(path: path, errno: errno)
    }
    guard perflab_pipe(&up) == 0 else {
      for end in down { close(end) }
      throw ChildFailure.notStarted(path: path, errno: errno)
    }
    var argv = ([path] + arguments).map { strdup($0) } + [nil]
    var envp =
      environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      for text in argv { free(text) }
      for text in envp { free(text) }
    }
    var child: pid_t = 0
    // A child inherits what the calling thread may use. Where that cannot be changed the child
    // starts all the same, and pins itself later.
    let before = cpus.isEmpty ? nil : try? Affinity.allowed()
    if before != nil { try? Affinity.restrict(to: cpus) }
    defer { if let before { try? Affinity.restrict(to: before) } }
    let error = perflab_spawn(path, &argv, &envp, down[0], up[1], output.descriptor, &child)
    close(down[0])
    close(up[1])
    requests = down[1]
    replies = up[0]
    processID = child
    if error != 0 {
      reaped = true
      throw ChildFailure.notStarted(path: path, errno: error)
    }
  }

  deinit {
    terminate()
    ScratchFolder.removeLeftovers()
    close(requests)
    close(replies)
  }

  /// Sends one line (without its newline). A child that is gone shows at the next `readLine`.
  public func writeLine(_ line: [UInt8]) {
    let bytes = line + [UInt8(ascii: "\n")]
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(requests, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR && perflab_interrupt() == 0 { continue }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// The next line without its newline.
  /// - Throws: how the child ended instead, or that it was silent for `seconds` and is now killed.
  public func readLine(within seconds: Double) throws(ChildFailure) -> [UInt8] {
    let deadline = Clock.now() + UInt64(seconds * 1e9)
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[..<end])
        buffer.removeSubrange(...end)
        return line
      }
      searched = buffer.count
      if perflab_interrupt() != 0 { throw interruptedFailure() }
      let now = Clock.now()
      guard now < deadline else {
        terminate()
        throw ChildFailure.silent(seconds: seconds, lastWords: lastWords())
      }
      var waiting = pollfd(fd: replies, events: Int16(POLLIN), revents: 0)
      // In slices: the signal of an interruption may go to another thread, which does not end this.
      let slice = min(deadline - now, 250_000_000)
      let ready = poll(&waiting, 1, Int32(clamping: slice / 1_000_000 + 1))
      if ready > 0 { try receive() }
    }
  }

  private func receive() throws(ChildFailure) {
    let old = buffer.count
    let room = 64 << 10
    buffer.append(contentsOf: repeatElement(0, count: room))
    let count = buffer.withUnsafeMutableBytes { read(replies, $0.baseAddress! + old, room) }
    buffer.removeLast(room - max(0, count))
    if count == 0 { throw endOfChild() }
  }

  private func interruptedFailure() -> ChildFailure {
    terminate()
    return .interrupted
  }

  private func endOfChild() -> ChildFailure {
    // The child closed its pipe: it is gone, or as good as gone.
    var status: Int32 = 0
    for _ in 0..<200 {
      if waitpid(processID, &status, WNOHANG) == processID {
        reaped = true
        let signal = status & 0x7f
        return signal == 0
          ? .exited(code: (status >> 8) & 0xff, lastWords: lastWords())
          : .killed(signal: signal, lastWords: lastWords())
      }
      usleep(5_000)
    }
    terminate()
    return .silent(seconds: 1, lastWords: lastWords())
  }

  /// Kills the child with all of its process group and reaps it.
  public func terminate() {
    guard !reaped else { return }
    kill(-processID, SIGKILL)
    var status: Int32 = 0
    while waitpid(processID, &status, 0) < 0 && errno == EINTR {}
    reaped = true
  }

  /// The end of what the child wrote to its standard output and error, at most 2 KiB.
  public func lastWords() -> String { output.lastWords }
}

/// SIGINT, SIGTERM and SIGHUP as a flag, so that a run can save what it has.
public enum Interrupt {
  /// From now on the first SIGINT, SIGTERM or SIGHUP (a terminal that closes) is remembered; a second
  /// SIGINT or SIGTERM ends the process.
  public static func catchSignals() { perflab_catch_interrupts() }

  /// Whether one was remembered.
  public static var isCaught: Bool { perflab_interrupt() != 0 }

  /// The one that was remembered; SIGINT where none was.
  public static var signal: Int32 {
    let caught = perflab_interrupt()
    return caught == 0 ? SIGINT : caught
  }
}

/// The worker's end of the two pipes.
public struct ParentChannel: ~Copyable {
  private var buffer: [UInt8] = []

  /// Ties the process to its parent: it is killed when the parent dies.
  public init() { perflab_die_with_parent() }

  /// The next request, or nil when the parent has closed the pipe.
  public mutating func readLine() -> [UInt8]? {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[..<end])
        buffer.removeSubrange(...end)
        return line
      }
      var chunk = [UInt8](repeating: 0, count: 64 << 10)
      let count = read(PERFLAB_REQUEST_FD, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      buffer.append(contentsOf: chunk.prefix(count))
    }
  }

  /// Sends one line (without its newline).
  public func writeLine(_ line: [UInt8]) {
    let bytes = line + [UInt8(ascii: "\n")]
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        write(PERFLAB_REPLY_FD, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      sent += count
    }
  }
}
