import Glibc
import Platform
import Synchronization
import Systems

/// Copies a Shop's database to another folder and goes on with its write-ahead log: a standby that is
/// behind by what the Shop wrote since the last copy (asynchronous replication, as Litestream does it).
///
/// The Shop must keep its log (`ShopSettings.keepsLog`), so that the log only grows. What was copied
/// halfway is no whole transaction and is ignored when the standby is opened: SQLite checks each frame.
public final class LogShipping: Sendable {
  private struct State {
    var position = 0
    var isStopped = false
    var hasEnded = false
  }

  private let state = Monitor(State())
  private let log: (from: String, to: String)

  /// - Parameters:
  ///   - folder: of the Shop that will serve; nothing must write to it yet.
  ///   - standby: a folder, which is made.
  ///   - interval: nanoseconds between two copies.
  ///   - cpu: where its thread runs.
  /// - Throws: `SystemError`.
  public init(
    from folder: String, to standby: String, every interval: UInt64, cpu: Int?
  ) throws(SystemError) {
    try ShopFiles.copy(from: folder, to: standby)
    log = ("\(folder)/shop.db-wal", "\(standby)/shop.db-wal")
    try ServerThread(on: cpu) { [self] in
      ServerThread.sleepExactly()
      while state.wait(within: interval, until: { $0.isStopped ? true : nil }) == nil { ship() }
      state.change { $0.hasEnded = true }
    }
  }

  /// Ends it. The standby can be opened then.
  public func stop() {
    state.change { $0.isStopped = true }
    _ = state.wait { $0.hasEnded ? true : nil }
  }

  /// Bytes of the log that were copied.
  public var position: Int { state.with(\.position) }

  private func ship() {
    let source = open(log.from, O_RDONLY | O_CLOEXEC)
    let target = open(log.to, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    defer {
      close(source)
      close(target)
    }
    guard source >= 0, target >= 0 else { return }
    var position = position
    var bytes = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = pread(source, &bytes, bytes.count, position)
      guard count > 0, pwrite(target, bytes, count, position) == count else { break }
      position += count
    }
    state.with { $0.position = position }
  }
}

/// The files of a Shop that does not run.
public enum ShopFiles {
  /// Makes a folder with a copy of the database; both have the same images.
  /// - Throws: `SystemError`.
  public static func copy(from folder: String, to other: String) throws(SystemError) {
    guard mkdir(other, 0o755) == 0 || errno == EEXIST else {
      throw SystemError(call: "make \(other)", errno: errno)
    }
    symlink("\(folder)/images", "\(other)/images")
    for name in ["shop.db-wal", "shop.db-shm"] { unlink("\(other)/\(name)") }
    try FileTree.copy("\(folder)/shop.db", to: "\(other)/shop.db")
    // A connection that nobody has closed leaves its log.
    let log = "\(folder)/shop.db-wal"
    if access(log, F_OK) == 0 { try FileTree.copy(log, to: "\(other)/shop.db-wal") }
  }
}
