import Databases
import Harness

/// LMDB with all entries, on the device.
func lmdbBench(_ point: Point) throws -> EntryBench<LMDBEnvironment> {
  try EntryBench(
    point, expected: EntryAmplification.lmdb,
    open: { try LMDBEnvironment($0, capacity: EntryWork.neededBytes) },
    fill: { engine in
      try engine.write { transaction in try EntryWork.fill { try transaction.put($0, $1) } }
    })
}

/// SQLite with all entries, in the write-ahead log's file format, and all pages in its cache.
func sqliteBench(_ point: Point) throws -> EntryBench<SQLiteEntries> {
  try EntryBench(
    point, expected: EntryAmplification.sqlite, open: { try SQLiteEntries($0) })
}

/// RocksDB with all entries, merged into one level.
func rocksBench(_ point: Point) throws -> EntryBench<RocksDatabase> {
  var options = RocksDatabase.Options()
  options.memoryBytes = EntryAmplification.memoryBytes
  options.levelBytes = EntryAmplification.levelBytes
  options.fileBytes = 64 << 10
  return try EntryBench(
    point, expected: EntryAmplification.rocks, open: { try RocksDatabase($0, options) },
    fill: { engine in
      try EntryWork.fill { key, value in
        engine.put(key, value)
        if key % 1_000 == 999 { try engine.commit() }
      }
      engine.compact()
      // The levels above the last one are as full as they are after many changes.
      try EntryWork.fill(every: 4) { key, value in
        engine.put(key, value)
        if key % 400 == 399 { try engine.commit() }
      }
      engine.waitUntilQuiet()
    })
}

/// Entries in a table of SQLite.
final class SQLiteEntries {
  let begin, commit: SQLiteStatement
  private let selection, update: SQLiteStatement

  init(_ path: String) throws {
    do {
      let filler = try SQLiteDatabase(.file(path), .building)
      try filler.execute("CREATE TABLE entries(key INTEGER PRIMARY KEY, value BLOB NOT NULL)")
      let insertion = try filler.prepare("INSERT INTO entries VALUES (?, ?)")
      try filler.transaction {
        try EntryWork.fill { key, value in
          try insertion.bind(Int(key), at: 1)
          try insertion.bind(bytes: value, at: 2)
          try insertion.run()
        }
      }
    }
    let database = try SQLiteDatabase(
      .file(path), SQLiteSettings(cacheBytes: 32 << 20, journal: .wal, synchronous: .full))
    // From here on the log is overwritten from its beginning: the file has all of its pages.
    try database.execute("UPDATE entries SET value = value")
    begin = try database.prepare("BEGIN")
    commit = try database.prepare("COMMIT")
    selection = try database.prepare("SELECT value FROM entries WHERE key = ?")
    update = try database.prepare("UPDATE entries SET value = ? WHERE key = ?")
  }

  /// Of a key's value; 0 where there is none.
  func firstWord(of key: UInt64) throws -> UInt64 {
    try selection.bind(Int(key), at: 1)
    defer { selection.reset() }
    return try selection.step()
      ? selection.withBlob(of: 0) { $0.loadUnaligned(as: UInt64.self) } : 0
  }

  func change(_ key: UInt64, to value: UnsafeRawBufferPointer) throws {
    try update.bind(bytes: value, at: 1)
    try update.bind(Int(key), at: 2)
    try update.run()
  }
}

extension Question {
  /// Time of an operation on an entry: what is known of the B-trees. RocksDB's depends on when its
  /// threads compact.
  func entryOperation() throws(MissingNumber) -> Model? {
    let writes = Double(value) / 100
    let transaction = Double(EntryWork.operations)
    let changes = writes * transaction
    /// Pages that so many changes at random touch.
    func dirty(_ pages: Double) -> Double { EntryAmplification.dirty(pages, by: changes) }
    switch variant {
    case "LMDB":
      let reads = ((1 - writes) * (try time("lmdb.get"))).named("reads")
      guard changes > 0 else { return Model(reads) }
      let pages = dirty(EntryAmplification.lmdbLeaves) + min(13, changes)
      let puts = (writes * (try time("lmdb.put"))).named("changes, and their pages")
      let page = try time("flush.page")
      let flush = ((try time("flush.4k") + (pages - 1) * page) / transaction)
        .named("flush of the pages")
      let meta = (try time("flush.4k") / transaction).named("flush of the first page")
      return Model(reads + puts + flush + meta)
    case "SQLite":
      let look = try time("sqlite.get")
      let reads = ((1 - writes) * look).named("reads")
      guard changes > 0 else { return Model(reads) }
      let (pages, transactions, placed) = EntryAmplification.sqlitePages(changes)
      let updates = (writes * (try time("sqlite.update.dense"))).named("changes")
      let written = (pages / transaction * (try time("sqlite.page.log"))).named("pages")
      let flush = (try flush(of: 4_096 * pages) / transaction).named("flush of the log")
      let commit = (try time("sqlite.commit.wal") / transaction).named("begin and commit")
      // Pages that lie side by side are written together.
      let runs = placed * (1 - placed / EntryAmplification.sqliteLeaves)
      let flushes = try self.flush(of: 4_096 * placed) + runs * (try time("flush.page"))
      let copies = 2 * placed * (try time("write.cached.4k"))
      let checkpoint = flushes + copies + 2 * (try time("flush.4k"))
      return Model(
        reads + updates + written + commit + flush
          + (checkpoint / (transactions * transaction)).named("checkpoint"))
    default: return nil
    }
  }
}
