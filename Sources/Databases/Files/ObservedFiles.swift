import CSQLiteFiles

/// What was done with files.
public struct FileCounts: Sendable, Equatable {
  /// Reads, and their bytes.
  public var reads = 0, readBytes = 0
  /// Writes, and their bytes.
  public var writes = 0, writtenBytes = 0
  /// Flushes (fsync, fdatasync) of files, and of folders after a file was made or deleted in them.
  public var flushes = 0, folderFlushes = 0

  /// Nothing.
  public init() {}

  /// What was done between two counts.
  public static func - (after: FileCounts, before: FileCounts) -> FileCounts {
    var counts = after
    counts.reads -= before.reads
    counts.readBytes -= before.readBytes
    counts.writes -= before.writes
    counts.writtenBytes -= before.writtenBytes
    counts.flushes -= before.flushes
    counts.folderFlushes -= before.folderFlushes
    return counts
  }
}

/// Files of SQLite whose reads, writes and flushes are counted and, where there is a log, logged: a
/// layer (VFS) between SQLite and its own one. Several connections may share it, of any thread.
///
/// Not counted: the index of a write-ahead log, which is shared memory and not kept on the device.
public final class ObservedFiles: Sendable {
  // The pointer is not changed, and what it points to is changed atomically.
  nonisolated(unsafe) private let layer: OpaquePointer
  private let log: FileLog?

  /// - Parameter log: gets each change with its bytes; nil where counts are enough.
  public init(log: FileLog? = nil) {
    self.log = log
    // The log lives as long as this does.
    let context = log.map { UnsafeMutableRawPointer(Unmanaged.passUnretained($0).toOpaque()) }
    guard let layer = perflab_observe_files(log == nil ? nil : Self.record, context) else {
      fatalError("SQLite \(SQLiteDatabase.version) has no VFS of version 3")
    }
    self.layer = layer
  }

  deinit { perflab_end_observing(layer) }

  /// As SQLite knows it.
  var name: String { String(cString: perflab_observed_name(layer)) }

  /// Since it was made.
  public var counts: FileCounts {
    let found = perflab_observed_counts(layer)
    var counts = FileCounts()
    counts.reads = Int(found.reads)
    counts.readBytes = Int(found.read_bytes)
    counts.writes = Int(found.writes)
    counts.writtenBytes = Int(found.written_bytes)
    counts.flushes = Int(found.flushes)
    counts.folderFlushes = Int(found.folder_flushes)
    return counts
  }

  private static let record: perflab_file_observer = {
    context, operation, path, offset, bytes, count in
    guard let context, let path else { return }
    let log = Unmanaged<FileLog>.fromOpaque(context).takeUnretainedValue()
    let change: FileLog.Change
    switch operation {
    case PERFLAB_FILE_CREATED: change = .created
    case PERFLAB_FILE_WRITTEN:
      // SAFETY: SQLite writes `count` bytes from there.
      change = .written(
        at: Int(offset), Array(UnsafeRawBufferPointer(start: bytes, count: Int(count))))
    case PERFLAB_FILE_TRUNCATED: change = .truncated(to: Int(offset))
    case PERFLAB_FILE_SYNCED: change = .flushed
    case PERFLAB_FILE_DELETED: change = .deleted
    default:
      log.flushFolder()
      return
    }
    log.add(change, to: String(cString: path))
  }
}
