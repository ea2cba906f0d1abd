import Databases
import Glibc
import Harness
import Platform
import Results

/// What storage engines take for an entry and a transaction, without waiting for a device.
enum EngineCalls {
  private static let space: [Requirement] = [.storage(bytes: 96 << 20)]

  static let probes = [
    repeated(
      "lmdb.get", group: "LMDB", title: "Look-up of a key",
      method: "random keys of 40,000 with values of 100 B, 200 in a read transaction",
      needs: space, count: 200, prepare: { _ in try LMDBEntries() },
      run: { entries, count in entries.get(count) }),
    repeated(
      "lmdb.put", group: "LMDB", title: "Change of a key's value",
      method: "100 random keys of 40,000 in a transaction, without a flush (NOSYNC)",
      needs: space, count: 100, prepare: { _ in try LMDBEntries() },
      run: { entries, count in entries.put(count) }),
    repeated(
      "sqlite.commit.wal", group: SQLiteReads.group,
      title: "Transaction that writes one row, write-ahead log",
      method: "begin, insert, commit, on a file; synchronous off, a checkpoint every 1,000 pages",
      needs: space, count: 20, prepare: { _ in try SQLiteCommits() }, run: { $0.commit($1) }),
    repeated(
      "sqlite.record", group: SQLiteReads.group,
      title: "Row of 100 B in a larger transaction, write-ahead log",
      method: "begin, 100 inserts at the end of a table, commit, with its pages written to the log "
        + "and copied at checkpoints; otherwise as with one row", needs: space, count: 100,
      prepare: { _ in try SQLiteCommits() }, run: { $0.commit($1, together: true) }),
    repeated(
      "sqlite.get", group: SQLiteReads.group, title: "Look-up of a key among 40,000",
      method: "prepared, random keys with values of 100 B, 200 in a read transaction",
      needs: space, count: 200, prepare: { _ in try SQLiteEntries() },
      run: { entries, count in entries.get(count) }),
    repeated(
      "log.record", group: "Runtime", title: "Record of 100 B put into a dictionary and a log",
      method: "1,000 new keys in ascending order after 100,000 others, up to 400,000, and one "
        + "write of the log to the page cache",
      needs: space, count: 1_000, prepare: { _ in try GrowingRecords() }, run: { $0.grow($1) }),
  ]
}

/// A tree of 40,000 entries.
private final class LMDBEntries {
  private static let count = 40_000

  private let folder: ScratchFolder
  private let environment: LMDBEnvironment
  private let value = UnsafeMutableRawBufferPointer.allocate(
    byteCount: RecordBody.byteCount, alignment: 8)
  private var random = Xorshift(1)

  init() throws {
    folder = try ScratchFolder(bytes: 64 << 20)
    environment = try LMDBEnvironment(folder.file("e"), capacity: 1 << 30, durability: .none)
    try environment.write { transaction in
      for key in 0..<Self.count {
        RecordBody.fill(value, record: key)
        try transaction.put(UInt64(key), UnsafeRawBufferPointer(value))
      }
    }
  }

  deinit { value.deallocate() }

  func get(_ count: Int) -> Int {
    do {
      return try environment.read { transaction in
        var sum = 0
        for _ in 0..<count {
          let key = UInt64(random.below(Self.count))
          sum &+= try transaction.get(key) { $0.loadUnaligned(as: Int.self) } ?? 0
        }
        return sum
      }
    } catch { fatalError("\(error)") }
  }

  func put(_ count: Int) -> Int {
    do {
      try environment.write { transaction in
        for _ in 0..<count {
          try transaction.put(UInt64(random.below(Self.count)), UnsafeRawBufferPointer(value))
        }
      }
      return count
    } catch { fatalError("\(error)") }
  }
}

/// Records committed one by one, or in one transaction.
private final class SQLiteCommits {
  private let folder: ScratchFolder
  private let records: SQLiteRecords
  private var next = 0

  init() throws {
    folder = try ScratchFolder(bytes: 64 << 20)
    records = try SQLiteRecords(
      folder.file("records"),
      SQLiteSettings(cacheBytes: 8 << 20, journal: .wal, synchronous: .off))
  }

  func commit(_ count: Int, together: Bool = false) -> Int {
    do {
      let each = together ? count : 1
      for first in stride(from: next, to: next + count, by: each) {
        try records.append(first..<first + each)
      }
      next += count
      return count
    } catch { fatalError("\(error)") }
  }
}

/// A table of 40,000 entries.
private final class SQLiteEntries {
  private static let count = 40_000

  private let folder: ScratchFolder
  private let database: SQLiteDatabase
  private let selection: SQLiteStatement
  private var random = Xorshift(1)

  init() throws {
    folder = try ScratchFolder(bytes: 64 << 20)
    do {
      let filler = try SQLiteDatabase(.file(folder.file("e")), .building)
      try filler.execute(
        """
        CREATE TABLE entries(key INTEGER PRIMARY KEY, value BLOB NOT NULL);
        INSERT INTO entries
          WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT \(Self.count))
          SELECT i, randomblob(\(RecordBody.byteCount)) FROM n;
        """)
    }
    database = try SQLiteDatabase(.file(folder.file("e")), SQLiteSettings(cacheBytes: 32 << 20))
    selection = try database.prepare("SELECT value FROM entries WHERE key = ?")
  }

  func get(_ count: Int) -> Int {
    do {
      var sum = 0
      try database.transaction {
        for _ in 0..<count {
          try selection.bind(random.below(Self.count), at: 1)
          if try selection.step() {
            sum &+= selection.withBlob(of: 0) { $0.loadUnaligned(as: Int.self) }
          }
          selection.reset()
        }
      }
      return sum
    } catch { fatalError("\(error)") }
  }
}

/// Records in memory with a log that nobody waits for.
private final class GrowingRecords {
  private static let fewest = 100_000

  private let folder: ScratchFolder
  private var records: LoggedRecords
  private var next = 0

  init() throws {
    folder = try ScratchFolder(bytes: 96 << 20)
    records = try LoggedRecords(folder.file("log"), flush: .never)
    _ = grow(Self.fewest)
  }

  func grow(_ count: Int) -> Int {
    do {
      if next >= 4 * Self.fewest {
        unlink(folder.file("log"))
        records = try LoggedRecords(folder.file("log"), flush: .never)
        try records.append(0..<Self.fewest)
        next = Self.fewest
      }
      try records.append(next..<next + count)
      next += count
      return next
    } catch { fatalError("\(error)") }
  }
}
