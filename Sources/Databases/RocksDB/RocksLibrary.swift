import Glibc

/// RocksDB's C functions, found when they are needed: the library is large, and perflab builds
/// without it.
///
/// Source of the signatures: `rocksdb/c.h`, which only grows.
struct RocksLibrary: Sendable {
  static let file = "librocksdb.so"

  typealias Handle = OpaquePointer
  typealias Fault = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  let optionsCreate: @convention(c) () -> Handle?
  let optionsDestroy: @convention(c) (Handle?) -> Void
  let setCreateIfMissing: @convention(c) (Handle?, UInt8) -> Void
  let setCompression: @convention(c) (Handle?, Int32) -> Void
  let setWriteBufferSize: @convention(c) (Handle?, Int) -> Void
  let setBytesForLevelBase: @convention(c) (Handle?, UInt64) -> Void
  let setTargetFileSize: @convention(c) (Handle?, UInt64) -> Void
  let setTableFactory: @convention(c) (Handle?, Handle?) -> Void
  let tableOptionsCreate: @convention(c) () -> Handle?
  let tableOptionsDestroy: @convention(c) (Handle?) -> Void
  let setFilter: @convention(c) (Handle?, Handle?) -> Void
  let bloomFilter: @convention(c) (Double) -> Handle?
  let setBlockCache: @convention(c) (Handle?, Handle?) -> Void
  let cacheCreate: @convention(c) (Int) -> Handle?
  let cacheDestroy: @convention(c) (Handle?) -> Void
  let open: @convention(c) (Handle?, UnsafePointer<CChar>, Fault) -> Handle?
  let close: @convention(c) (Handle?) -> Void
  let writeOptionsCreate: @convention(c) () -> Handle?
  let writeOptionsDestroy: @convention(c) (Handle?) -> Void
  let setSync: @convention(c) (Handle?, UInt8) -> Void
  let readOptionsCreate: @convention(c) () -> Handle?
  let readOptionsDestroy: @convention(c) (Handle?) -> Void
  let batchCreate: @convention(c) () -> Handle?
  let batchDestroy: @convention(c) (Handle?) -> Void
  let batchClear: @convention(c) (Handle?) -> Void
  let batchPut: @convention(c) (Handle?, UnsafeRawPointer?, Int, UnsafeRawPointer?, Int) -> Void
  let write: @convention(c) (Handle?, Handle?, Handle?, Fault) -> Void
  let getPinned: @convention(c) (Handle?, Handle?, UnsafeRawPointer?, Int, Fault) -> Handle?
  let pinnedValue: @convention(c) (Handle?, UnsafeMutablePointer<Int>) -> UnsafeRawPointer?
  let pinnedDestroy: @convention(c) (Handle?) -> Void
  let compactRange: @convention(c) (Handle?, UnsafeRawPointer?, Int, UnsafeRawPointer?, Int) -> Void
  let propertyInteger:
    @convention(c) (Handle?, UnsafePointer<CChar>, UnsafeMutablePointer<UInt64>)
      -> Int32
  let free: @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// Opened at the first use; never closed, since its threads run in it.
  static let shared: Result<RocksLibrary, RocksError> = {
    do throws(RocksError) { return .success(try RocksLibrary()) } catch { return .failure(error) }
  }()

  private init() throws(RocksError) {
    guard let library = dlopen(Self.file, RTLD_NOW | RTLD_LOCAL) else {
      let reason = dlerror().map { String(cString: $0) } ?? Self.file
      throw RocksError(doing: "open the library", message: reason)
    }
    func function<F>(_ name: String) throws(RocksError) -> F {
      guard let symbol = dlsym(library, "rocksdb_\(name)") else {
        throw RocksError(doing: "open the library", message: "it has no rocksdb_\(name)")
      }
      // SAFETY: the property's type is the function's signature in rocksdb/c.h.
      return unsafeBitCast(symbol, to: F.self)
    }
    optionsCreate = try function("options_create")
    optionsDestroy = try function("options_destroy")
    setCreateIfMissing = try function("options_set_create_if_missing")
    setCompression = try function("options_set_compression")
    setWriteBufferSize = try function("options_set_write_buffer_size")
    setBytesForLevelBase = try function("options_set_max_bytes_for_level_base")
    setTargetFileSize = try function("options_set_target_file_size_base")
    setTableFactory = try function("options_set_block_based_table_factory")
    tableOptionsCreate = try function("block_based_options_create")
    tableOptionsDestroy = try function("block_based_options_destroy")
    setFilter = try function("block_based_options_set_filter_policy")
    bloomFilter = try function("filterpolicy_create_bloom_full")
    setBlockCache = try function("block_based_options_set_block_cache")
    cacheCreate = try function("cache_create_lru")
    cacheDestroy = try function("cache_destroy")
    open = try function("open")
    close = try function("close")
    writeOptionsCreate = try function("writeoptions_create")
    writeOptionsDestroy = try function("writeoptions_destroy")
    setSync = try function("writeoptions_set_sync")
    readOptionsCreate = try function("readoptions_create")
    readOptionsDestroy = try function("readoptions_destroy")
    batchCreate = try function("writebatch_create")
    batchDestroy = try function("writebatch_destroy")
    batchClear = try function("writebatch_clear")
    batchPut = try function("writebatch_put")
    write = try function("write")
    getPinned = try function("get_pinned")
    pinnedValue = try function("pinnableslice_value")
    pinnedDestroy = try function("pinnableslice_destroy")
    compactRange = try function("compact_range")
    propertyInteger = try function("property_int")
    free = try function("free")
  }

  /// Throws where a function says why it failed.
  func check<Answer>(
    _ doing: @autoclosure () -> String, _ body: (Fault) -> Answer
  ) throws(RocksError) -> Answer {
    var fault: UnsafeMutablePointer<CChar>?
    let answer = body(&fault)
    guard let fault else { return answer }
    defer { free(fault) }
    throw RocksError(doing: doing(), message: String(cString: fault))
  }
}

/// A call of RocksDB that failed.
public struct RocksError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done: `open /var/tmp/x`, `write`.
  public let doing: String
  /// RocksDB's own words.
  public let message: String

  /// `IO error: No such file or directory: … (RocksDB), in: open /does/not/exist`
  public var description: String {
    let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "\(line) (RocksDB), in: \(doing)"
  }
}
