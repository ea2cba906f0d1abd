import CPerflab
import Glibc
import Platform

/// A program that runs beside this process for as long as it is needed: a real server on loopback,
/// with a scratch folder of its own.
///
/// Its end is certain. `stop` and the last reference kill its process group and remove the folder;
/// where this process ends first, however it ends, a second process that waits for this kills the
/// group (`Undertaker`), and the folder goes as scratch folders do. A signal at the parent's death
/// would come too early: it comes when the *thread* ends that started the program.
public final class Service {
  /// Where it lives.
  public struct Place: Sendable, Equatable {
    /// A folder of its own, without a slash at the end.
    public let folder: String
    /// Its port on loopback, which was free a moment ago.
    public let port: UInt16

    /// The address that it is to listen at.
    public var endpoint: Endpoint { .loopback(port: port) }
  }

  /// What is started.
  public struct Program: Sendable {
    /// As messages call it.
    public let name: String
    /// The executable.
    public let path: String
    /// Files that are written into the folder first, by name.
    public let files: @Sendable (Place) -> [String: String]
    /// Its arguments, without its own name.
    public let arguments: @Sendable (Place) -> [String]
    /// Whether it is asked to quit (SIGQUIT) before it is killed, since it gives back then what the
    /// kernel would keep.
    public let quits: Bool

    /// A program with its files and arguments.
    public init(
      _ name: String, path: String, quits: Bool = false,
      files: @escaping @Sendable (Place) -> [String: String],
      arguments: @escaping @Sendable (Place) -> [String]
    ) {
      self.name = name
      self.path = path
      self.quits = quits
      self.files = files
      self.arguments = arguments
    }
  }

  /// Where it lives.
  public let place: Place
  private let program: Program
  private let process: pid_t
  private let undertaker: Undertaker
  private let log = OutputFile()
  /// Nil once it is removed.
  private var folder: ScratchFolder?
  private var isReaped = false

  /// Starts a program and waits until it is ready, or until this process is interrupted.
  /// - Parameters:
  ///   - port: nil for one that is free.
  ///   - seconds: to become ready.
  ///   - check: asks the service something in its own protocol; why it is not ready, or nil where
  ///     it is. Called again and again.
  /// - Throws: `ServiceError`; nothing of the service is left then.
  public init(
    _ program: Program, port: UInt16? = nil, within seconds: Double = 10,
    check: (Place) -> String?
  ) throws(ServiceError) {
    self.program = program
    let folder: ScratchFolder
    // 107 bytes is the longest path of a Unix socket; this leaves room for its name.
    let base = ScratchFolder.base.utf8.count > 50 ? "/var/tmp" : ScratchFolder.base
    do throws(ScratchError) { folder = try ScratchFolder(bytes: 0, in: base) } catch {
      throw .notStarted(program.name, reason: "\(error)")
    }
    self.folder = folder
    do throws(SystemError) {
      // Another program at the same port would answer in the place of this one.
      place = Place(folder: folder.path, port: try Socket.freePort(port ?? 0))
      for (name, text) in program.files(place) { try FileTree.write(text, to: folder.file(name)) }
      process = try Spawn.start(
        program.path, program.arguments(place), input: log.descriptor, output: log.descriptor)
    } catch { throw .notStarted(program.name, reason: "\(error)") }
    undertaker = Undertaker(of: process, quits: program.quits)
    try wait(for: seconds, check)
  }

  deinit { stop() }

  /// Nanoseconds of processor time that it has used so far; without the processes that it started.
  public var processorTime: UInt64 { isReaped ? 0 : ProcessorTimes.of(process) }

  /// Ends it and the processes that it has started as `kill -9` does, in the middle of their work. Its
  /// folder stays until `stop`.
  public func kill() {
    guard !isReaped else { return }
    var started: [pid_t] = []
    if case .success(let list) = TextFile.bytes("/proc/\(process)/task/\(process)/children") {
      started = String(decoding: list, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }
    for process in [process] + started { Glibc.kill(process, SIGKILL) }
  }

  /// Kills it with all of its process group and removes its folder. Nothing the second time.
  public func stop() {
    guard !isReaped else { return }
    if program.quits {
      Glibc.kill(process, SIGQUIT)
      var status: Int32 = 0
      for _ in 0..<400 where waitpid(process, &status, WNOHANG) == 0 { usleep(5_000) }
    }
    Glibc.kill(-process, SIGKILL)
    Spawn.reap(process)
    isReaped = true
    undertaker.dismiss()
    folder = nil
  }

  /// How it ended by itself; nil while it runs.
  public func failure() -> ServiceError? {
    var status: Int32 = 0
    guard !isReaped, waitpid(process, &status, WNOHANG) == process else { return nil }
    // What it started may still run.
    Glibc.kill(-process, SIGKILL)
    isReaped = true
    undertaker.dismiss()
    folder = nil
    let signal = status & 0x7f
    let how =
      signal == 0
      ? "ended with exit code \((status >> 8) & 0xff)" : "was killed by signal \(signal)"
    return .ended(program.name, how: how, log: log.lastWords)
  }

  private func wait(for seconds: Double, _ check: (Place) -> String?) throws(ServiceError) {
    let deadline = Clock.now() + UInt64(seconds * 1e9)
    var reason = ""
    repeat {
      if let failure = failure() { throw failure }
      guard let trouble = check(place) else { return }
      reason = trouble
      usleep(5_000)
    } while Clock.now() < deadline && !Interrupt.isCaught
    stop()
    throw .notReady(program.name, seconds: seconds, reason: reason, log: log.lastWords)
  }
}
