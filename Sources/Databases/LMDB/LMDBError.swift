import CLMDB
import Glibc

/// A call of LMDB that failed.
public struct LMDBError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done: `open /var/tmp/x`, `put`.
  public let doing: String
  /// LMDB's own code, below 0, or an errno.
  public let code: Int32

  /// Whether there was no room: in the map, or on the disk. LMDB calls a write that ended short on a
  /// full disk an input or output error (`mdb_page_flush`), so that one of the device counts too.
  public var isFull: Bool { code == MDB_MAP_FULL || code == ENOSPC || code == EIO }

  /// `MDB_MAP_FULL: Environment mapsize limit reached (LMDB -30792), in: put`
  public var description: String {
    "\(String(cString: mdb_strerror(code))) (LMDB \(code)), in: \(doing)"
  }

  /// Throws where a call says that it failed.
  static func check(_ code: Int32, _ doing: @autoclosure () -> String) throws(LMDBError) {
    if code != MDB_SUCCESS { throw LMDBError(doing: doing(), code: code) }
  }
}
