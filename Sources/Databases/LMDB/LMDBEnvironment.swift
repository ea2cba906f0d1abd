import CLMDB
import Glibc

/// A folder with one B-tree of LMDB, which maps keys to values; closed with its last reference.
///
///     let environment = try LMDBEnvironment(folder, capacity: 1 << 30)
///     try environment.write { try $0.put(7, bytes) }
///     let sum = try environment.read { try $0.get(7) { $0.count } }
///
/// The file is a memory map: a read copies nothing and takes no lock. One write transaction at a
/// time, of all processes; readers neither wait for it nor it for them.
public final class LMDBEnvironment {
  /// Of the library that is loaded: `LMDB 0.9.24: (July 24, 2019)`.
  public static var version: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    return String(cString: mdb_version(&major, &minor, &patch))
  }

  /// When a commit waits for the device.
  public enum Durability: Sendable {
    /// For its pages, and then for the page that makes them valid: LMDB's default.
    case full
    /// For its pages; a power cut may undo the last transaction and damages nothing (NOMETASYNC).
    case withoutMetaPage
    /// Never: a power cut may damage the file (NOSYNC).
    case none

    fileprivate var flags: UInt32 {
      switch self {
      case .full: 0
      case .withoutMetaPage: UInt32(MDB_NOMETASYNC)
      case .none: UInt32(MDB_NOSYNC)
      }
    }
  }

  let handle: OpaquePointer
  let tree: MDB_dbi

  /// Opens it, and makes folder and files where they do not exist.
  /// - Parameter capacity: bytes that the file may grow to; address space, not memory.
  /// - Throws: `LMDBError` with what LMDB says.
  public init(
    _ folder: String, capacity: Int, durability: Durability = .full
  ) throws(LMDBError) {
    if mkdir(folder, 0o700) != 0 && errno != EEXIST {
      throw LMDBError(doing: "make \(folder)", code: errno)
    }
    var made: OpaquePointer?
    try LMDBError.check(mdb_env_create(&made), "make an environment")
    guard let made else { throw LMDBError(doing: "make an environment", code: ENOMEM) }
    var tree: MDB_dbi = 0
    do throws(LMDBError) {
      try LMDBError.check(mdb_env_set_mapsize(made, capacity), "reserve \(capacity) bytes")
      // A read transaction belongs to whoever holds it and not to a thread.
      let flags = durability.flags | UInt32(MDB_NOTLS)
      try LMDBError.check(mdb_env_open(made, folder, flags, 0o600), "open \(folder)")
      let transaction = try LMDBTransaction.begun(made, flags: 0)
      let code = mdb_dbi_open(transaction, nil, 0, &tree)
      guard code == MDB_SUCCESS else {
        mdb_txn_abort(transaction)
        throw LMDBError(doing: "open \(folder)", code: code)
      }
      try LMDBError.check(mdb_txn_commit(transaction), "open \(folder)")
    } catch {
      mdb_env_close(made)
      throw error
    }
    handle = made
    self.tree = tree
  }

  deinit { mdb_env_close(handle) }

  /// Runs `body` on a snapshot.
  public func read<Answer>(_ body: (LMDBTransaction) throws -> Answer) throws -> Answer {
    let transaction = try LMDBTransaction.begun(handle, flags: UInt32(MDB_RDONLY))
    defer { mdb_txn_abort(transaction) }
    return try body(LMDBTransaction(handle: transaction, tree: tree))
  }

  /// Runs `body` as the only writer and commits; where it throws nothing is changed.
  public func write<Answer>(_ body: (LMDBTransaction) throws -> Answer) throws -> Answer {
    let transaction = try LMDBTransaction.begun(handle, flags: 0)
    let answer: Answer
    do { answer = try body(LMDBTransaction(handle: transaction, tree: tree)) } catch {
      mdb_txn_abort(transaction)
      throw error
    }
    // A commit that fails has ended its transaction too.
    try LMDBError.check(mdb_txn_commit(transaction), "commit")
    return answer
  }

  /// Waits until all that was committed is on the device, whatever the durability.
  public func flush() throws(LMDBError) { try LMDBError.check(mdb_env_sync(handle, 1), "flush") }

  /// Pages of the tree, and bytes of a page.
  public func size() throws -> (pages: Int, pageBytes: Int) {
    try read { transaction in
      var about = MDB_stat()
      try LMDBError.check(mdb_stat(transaction.handle, tree, &about), "count pages")
      let pages = about.ms_branch_pages + about.ms_leaf_pages + about.ms_overflow_pages
      return (Int(pages), Int(about.ms_psize))
    }
  }
}
