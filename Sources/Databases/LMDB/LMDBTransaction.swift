import CLMDB
import Glibc

/// A snapshot of a B-tree, or the changes of its only writer; valid within the closure that got it.
public struct LMDBTransaction {
  let handle: OpaquePointer
  let tree: MDB_dbi

  static func begun(_ environment: OpaquePointer, flags: UInt32) throws(LMDBError) -> OpaquePointer
  {
    var begun: OpaquePointer?
    try LMDBError.check(mdb_txn_begin(environment, nil, flags, &begun), "begin")
    guard let begun else { throw LMDBError(doing: "begin", code: ENOMEM) }
    return begun
  }

  /// The value of a key.
  /// - Parameter body: gets its bytes, which lie in the file's map and stay until the next change.
  /// - Returns: what `body` makes of it; nil where there is none.
  @inline(__always)
  public func get<Answer>(
    _ key: UInt64, _ body: (UnsafeRawBufferPointer) throws -> Answer
  ) throws -> Answer? {
    // In the order of bytes, so that keys are sorted by their numbers.
    var bytes = key.bigEndian
    return try withUnsafeMutableBytes(of: &bytes) { bytes in
      var key = MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
      var value = MDB_val()
      let code = mdb_get(handle, tree, &key, &value)
      if code == MDB_NOTFOUND { return nil }
      try LMDBError.check(code, "get")
      return try body(value.bytes)
    }
  }

  /// Gives a key its value, in place of one that it has.
  @inline(__always)
  public func put(_ key: UInt64, _ value: UnsafeRawBufferPointer) throws(LMDBError) {
    var bytes = key.bigEndian
    let code = withUnsafeMutableBytes(of: &bytes) { bytes in
      var key = MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
      // LMDB only reads it.
      var value = MDB_val(
        mv_size: value.count, mv_data: UnsafeMutableRawPointer(mutating: value.baseAddress))
      return mdb_put(handle, tree, &key, &value, 0)
    }
    try LMDBError.check(code, "put")
  }

  /// Takes a key away.
  /// - Returns: whether it was there.
  public func remove(_ key: UInt64) throws(LMDBError) -> Bool {
    var bytes = key.bigEndian
    let code = withUnsafeMutableBytes(of: &bytes) { bytes in
      var key = MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
      return mdb_del(handle, tree, &key, nil)
    }
    if code == MDB_NOTFOUND { return false }
    try LMDBError.check(code, "remove")
    return true
  }

  /// Walks over the entries from a key on, in the order of the keys.
  /// - Parameter body: gets key and value; false ends the walk.
  public func range(
    from first: UInt64, _ body: (UInt64, UnsafeRawBufferPointer) throws -> Bool
  ) throws {
    var opened: OpaquePointer?
    try LMDBError.check(mdb_cursor_open(handle, tree, &opened), "open a cursor")
    defer { mdb_cursor_close(opened) }
    var bytes = first.bigEndian
    try withUnsafeMutableBytes(of: &bytes) { bytes in
      var key = MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
      var value = MDB_val()
      var operation = MDB_SET_RANGE
      while true {
        let code = mdb_cursor_get(opened, &key, &value, operation)
        if code == MDB_NOTFOUND { return }
        try LMDBError.check(code, "walk")
        let number = UInt64(bigEndian: key.bytes.loadUnaligned(as: UInt64.self))
        guard try body(number, value.bytes) else { return }
        operation = MDB_NEXT
      }
    }
  }
}

extension MDB_val {
  /// Where LMDB found it.
  fileprivate var bytes: UnsafeRawBufferPointer {
    // SAFETY: LMDB gives a pointer to as many bytes as it says.
    UnsafeRawBufferPointer(start: mv_data, count: mv_size)
  }
}
