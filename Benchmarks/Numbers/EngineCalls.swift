import Databases
import Harness
import Platform
import Results

/// What storage engines take for an entry and a transaction, without waiting for a device.
enum EngineCalls {
  private static let space: [Requirement] = [.storage(bytes: 64 << 20)]

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
      needs: space, count: 20, prepare: { _ in try SQLiteCommits() },
      run: { commits, count in commits.commit(count) }),
    repeated(
      "dictionary.array", group: "Runtime", title: "Array of 100 B put into a growing dictionary",
      method: "[Int: [UInt8]], new keys in ascending order, up to 100,000", count: 1_000,
      prepare: { _ in GrowingDictionary() }, run: { $0.grow($1) }),
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

/// Records committed one by one.
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

  func commit(_ count: Int) -> Int {
    do {
      for _ in 0..<count {
        try records.append(next..<next + 1)
        next += 1
      }
      return count
    } catch { fatalError("\(error)") }
  }
}

private final class GrowingDictionary {
  private var dictionary: [Int: [UInt8]] = [:]

  func grow(_ count: Int) -> Int {
    if dictionary.count >= 100_000 { dictionary = [:] }
    let start = dictionary.count
    for key in start..<start + count {
      dictionary[key] = [UInt8](repeating: UInt8(truncatingIfNeeded: key), count: 100)
    }
    return dictionary.count
  }
}
