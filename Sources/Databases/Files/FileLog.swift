import Synchronization

/// What a program did with its files, in order, with the bytes: what a power cut is replayed from.
/// Of any thread.
public final class FileLog: Sendable {
  /// Of a file.
  public enum Change: Sendable, Equatable {
    /// It is there now, and empty.
    case created
    /// Bytes from an offset on.
    case written(at: Int, [UInt8])
    /// Its size.
    case truncated(to: Int)
    /// All changes before are on the device (fsync, fdatasync).
    case flushed
    /// Its name is gone, for good where its folder is flushed later.
    case deleted
  }

  /// An entry of the log.
  public enum Entry: Sendable, Equatable {
    /// A file's last name, and what happened to it.
    case change(file: String, Change)
    /// The names of files that were made and deleted are on the device.
    case folderFlushed
    /// So many records were acknowledged by now, since the beginning.
    case acknowledged(Int)
  }

  private let state = Mutex<[Entry]>([])

  /// Empty.
  public init() {}

  /// The entries so far.
  public var entries: [Entry] { state.withLock { $0 } }

  /// Adds a change of a file.
  /// - Parameter path: of which the last name stands in the log.
  public func add(_ change: Change, to path: String) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    state.withLock { $0.append(.change(file: name, change)) }
  }

  /// The folder of all files was flushed.
  public func flushFolder() { state.withLock { $0.append(.folderFlushed) } }

  /// The program says to someone that its first `records` records are safe.
  public func acknowledge(_ records: Int) {
    state.withLock { $0.append(.acknowledged(records)) }
  }
}
