import Glibc

/// A folder with an LSM tree of RocksDB, which maps keys to values; closed with its last reference.
/// For one thread at a time; RocksDB's own threads flush and compact meanwhile.
public final class RocksDatabase {
  /// Sizes that decide how often an entry is written again. Nothing is compressed.
  public struct Options: Sendable, Hashable {
    /// Of the sorted entries in memory that become a file at once.
    public var memoryBytes = 64 << 20
    /// Of the first level; each further one is ten times as large.
    public var levelBytes = 256 << 20
    /// Of a file.
    public var fileBytes = 64 << 20
    /// Of the cache of blocks.
    public var cacheBytes = 64 << 20
    /// Of a Bloom filter, for each key.
    public var filterBits = 10.0
    /// Whether a write waits until its log is on the device.
    public var isDurable = true

    /// RocksDB's own sizes, a filter, and durable writes.
    public init() {}
  }

  private let library: RocksLibrary
  private let handle: OpaquePointer
  private let writing, reading, batch: OpaquePointer?

  /// Opens it, and makes it where it does not exist.
  /// - Throws: `RocksError` with what RocksDB says; also where it is not installed.
  public init(_ folder: String, _ settings: Options = Options()) throws(RocksError) {
    library = try RocksLibrary.shared.get()
    let library = library
    let options = library.optionsCreate()
    let table = library.tableOptionsCreate()
    let cache = library.cacheCreate(settings.cacheBytes)
    defer {
      library.tableOptionsDestroy(table)
      library.cacheDestroy(cache)
      library.optionsDestroy(options)
    }
    library.setCreateIfMissing(options, 1)
    library.setCompression(options, 0)
    library.setWriteBufferSize(options, settings.memoryBytes)
    library.setBytesForLevelBase(options, UInt64(settings.levelBytes))
    library.setTargetFileSize(options, UInt64(settings.fileBytes))
    // The table's options own the filter from here on.
    library.setFilter(table, library.bloomFilter(settings.filterBits))
    library.setBlockCache(table, cache)
    library.setTableFactory(options, table)
    let opened = try library.check("open \(folder)") { library.open(options, folder, $0) }
    guard let opened else { throw RocksError(doing: "open \(folder)", message: "no database") }
    handle = opened
    writing = library.writeOptionsCreate()
    reading = library.readOptionsCreate()
    batch = library.batchCreate()
    library.setSync(writing, settings.isDurable ? 1 : 0)
  }

  deinit {
    library.batchDestroy(batch)
    library.readOptionsDestroy(reading)
    library.writeOptionsDestroy(writing)
    library.close(handle)
  }

  /// Adds a change to the next `commit`.
  @inline(__always)
  public func put(_ key: UInt64, _ value: UnsafeRawBufferPointer) {
    // In the order of bytes, so that keys are sorted by their numbers.
    var bytes = key.bigEndian
    library.batchPut(batch, &bytes, 8, value.baseAddress, value.count)
  }

  /// Makes all changes since the last one, as one.
  public func commit() throws(RocksError) {
    try library.check("write") { library.write(handle, writing, batch, $0) }
    library.batchClear(batch)
  }

  /// The value of a key as of the last commit.
  /// - Returns: what `body` makes of its bytes; nil where there is none.
  @inline(__always)
  public func get<Answer>(
    _ key: UInt64, _ body: (UnsafeRawBufferPointer) throws -> Answer
  ) throws -> Answer? {
    var bytes = key.bigEndian
    let pinned = try library.check("get") { library.getPinned(handle, reading, &bytes, 8, $0) }
    guard let pinned else { return nil }
    defer { library.pinnedDestroy(pinned) }
    var count = 0
    let start = library.pinnedValue(pinned, &count)
    // SAFETY: RocksDB keeps as many bytes as it says until the slice is destroyed.
    return try body(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// Merges all levels into one.
  public func compact() { library.compactRange(handle, nil, 0, nil, 0) }

  /// Returns when RocksDB's threads have nothing to flush and nothing to compact.
  public func waitUntilQuiet() {
    let busy = [
      "rocksdb.mem-table-flush-pending", "rocksdb.num-running-flushes",
      "rocksdb.compaction-pending", "rocksdb.num-running-compactions",
    ]
    while busy.contains(where: { property($0) > 0 }) { usleep(50) }
  }

  /// One of RocksDB's figures, such as `rocksdb.total-sst-files-size`; 0 where it has none.
  public func property(_ name: String) -> Int {
    var value: UInt64 = 0
    return library.propertyInteger(handle, name, &value) == 0 ? Int(value) : 0
  }
}
