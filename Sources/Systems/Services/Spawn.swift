import CPerflab
import Glibc
import Platform

/// Starts other programs.
enum Spawn {
  /// In a process group of its own, with this process's environment.
  /// - Parameters:
  ///   - input: becomes its descriptor 3.
  ///   - output: becomes its standard output and error.
  /// - Returns: its number, which is also its group's.
  static func start(
    _ path: String, _ arguments: [String], input: Int32, output: Int32
  ) throws(SystemError) -> pid_t {
    var argv = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for text in argv { free(text) } }
    var process: pid_t = 0
    let error = perflab_spawn(path, &argv, environ, input, output, output, &process)
    guard error == 0 else { throw SystemError(call: path, errno: error) }
    return process
  }

  /// Waits for the end of a child.
  /// - Returns: as `waitpid` gives it; 0 where it ended well.
  @discardableResult
  static func reap(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status
  }
}

/// A process that outlives this one just long enough to end a service. It waits for the end of a pipe
/// whose other end only this process has.
final class Undertaker {
  private let process: pid_t?
  private let pipe: Int32

  /// Where it can't be started the service is only ended by `Service` itself.
  /// - Parameter quits: whether it is asked to quit first, for at most two seconds.
  init(of service: pid_t, quits: Bool = false) {
    var ends: [Int32] = [-1, -1]
    let silence = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(silence) }
    guard perflab_pipe(&ends) == 0 else {
      (process, pipe) = (nil, -1)
      return
    }
    let quit = """
      kill -s QUIT "$1"; n=0
      while kill -s 0 "$1" && [ $n -lt 40 ]; do sleep 0.05; n=$((n + 1)); done
      """
    let script = """
      read -r line <&3
      \(quits ? quit : ":")
      kill -s KILL -- "-$1"
      """
    process = try? Spawn.start(
      "/bin/sh", ["-c", script, "sh", "\(service)"], input: ends[0], output: silence)
    close(ends[0])
    pipe = ends[1]
  }

  /// As if this process had ended; returns when the service has.
  func dieWithPipe() {
    close(pipe)
    if let process { Spawn.reap(process) }
  }

  /// Its service has ended.
  func dismiss() {
    guard let process else { return }
    kill(-process, SIGKILL)
    Spawn.reap(process)
    close(pipe)
  }
}

extension Socket {
  /// A port of loopback that nobody listens at, at this moment.
  /// - Parameter port: the one that is wanted; 0 for any. That is one that the kernel gives to no
  ///   client, where there are such: while a service is down, a client's connection could otherwise
  ///   take its port, or, trying to reach it, meet itself.
  static func freePort(_ port: UInt16 = 0) throws(SystemError) -> UInt16 {
    if port == 0 {
      for _ in 0..<64 {
        guard let candidate = servicePorts.randomElement() else { break }
        if let free = try? listening(at: .loopback(port: candidate)).endpoint().port { return free }
      }
    }
    return try listening(at: .loopback(port: port)).endpoint().port
  }

  /// Below those of clients, and above those of well-known services; empty where clients have these.
  private static var servicePorts: Range<UInt16> {
    guard case .success(let range) = TextFile.bytes("/proc/sys/net/ipv4/ip_local_port_range"),
      let first = String(decoding: range, as: UTF8.self).split(separator: "\t").first,
      let first = UInt16(first)
    else { return 0..<0 }
    return 15_000..<max(15_000, first)
  }
}
