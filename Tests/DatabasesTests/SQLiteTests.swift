import CSQLite
import Glibc
import Testing

@testable import Databases
@testable import Platform

@Suite struct SQLiteTests {
  @Test func rowsComeBackAsTheyWereBound() throws {
    let database = try SQLiteDatabase(.memory)
    try database.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)")
    let insertion = try database.prepare("INSERT INTO t(name) VALUES (?)")
    for name in ["a", "", "zwölf 🐘"] {
      try insertion.bind(name, at: 1)
      try insertion.run()
    }
    #expect(database.lastRow == 3 && database.changes == 1)
    let query = try database.prepare("SELECT id, name FROM t WHERE id > ? ORDER BY id")
    for _ in 0..<2 {
      try query.bind(1, at: 1)
      var names: [String] = []
      while try query.step() {
        names.append("\(query.integer(0)) \(query.text(1))")
        #expect(query.withBytes(of: 1) { $0.count } == query.text(1).utf8.count)
      }
      query.reset()
      #expect(names == ["2 ", "3 zwölf 🐘"])
    }
  }

  @Test func errorsSayWhatSQLiteSaysAndWhere() throws {
    let database = try SQLiteDatabase(.memory)
    let syntax = #expect(throws: SQLiteError.self) { try database.prepare("SELEC 1") }
    #expect(try #require(syntax).description.contains("near \"SELEC\": syntax error"))
    #expect(throws: SQLiteError.self) { try database.prepare("-- nothing") }
    #expect(throws: SQLiteError.self) { try database.execute("SELECT * FROM nowhere") }
    try database.execute("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    let insertion = try database.prepare("INSERT INTO t VALUES (1)")
    let conflict = #expect(throws: SQLiteError.self) { try insertion.run() }
    #expect(conflict?.primaryCode == SQLITE_CONSTRAINT)
    #expect(throws: SQLiteError.self) { try insertion.bind(1, at: 1) }
    #expect(throws: SQLiteError.self) { try SQLiteDatabase(.file("/does/not/exist")) }
  }

  @Test func aLogThatIsLongGrowsNoLonger() throws {
    let folder = try ScratchFolder(bytes: 16 << 20)
    let database = try SQLiteDatabase(
      .file(folder.file("t")), SQLiteSettings(journal: .wal, checkpointPages: 100))
    try database.execute("CREATE TABLE t(id INTEGER PRIMARY KEY)")
    try database.lengthenLog()
    func bytes() -> Int {
      var about = stat()
      return stat(folder.file("t-wal"), &about) == 0 ? Int(about.st_size) : 0
    }
    let long = bytes()
    #expect(long >= 100 * 4_096)
    for _ in 0..<99 { try database.execute("INSERT INTO t VALUES (NULL)") }
    #expect(bytes() == long)
    #expect(try database.integer("SELECT count(*) FROM t") == 99)
    #expect(throws: SQLiteError.self) { try database.execute("SELECT * FROM filler") }
  }

  @Test func aFullDatabaseIsAnErrorAndItsTransactionIsUndone() throws {
    let database = try SQLiteDatabase(.memory)
    try database.execute("CREATE TABLE t(text TEXT); PRAGMA max_page_count = 8")
    let insertion = try database.prepare("INSERT INTO t VALUES (hex(randomblob(2000)))")
    let error = #expect(throws: SQLiteError.self) {
      try database.transaction { for _ in 0..<100 { try insertion.run() } }
    }
    #expect(error?.isFull == true)
    #expect(try database.integer("SELECT count(*) FROM t") == 0)
  }

  @Test func aFullDiskIsAnError() throws {
    // The kernel's own full disk refuses every write.
    let base = "/dev/full"
    try #require(access(base, W_OK) == 0)
    let error = #expect(throws: SQLiteError.self) {
      let database = try SQLiteDatabase(.file(base))
      try database.execute("CREATE TABLE t(id)")
    }
    #expect(error != nil)
  }

  @Test func aFileThatIsNoDatabaseIsAnError() throws {
    let folder = try ScratchFolder(bytes: 4096, in: "/tmp")
    let path = folder.file("text")
    let file = try #require(fopen(path, "w"))
    for _ in 0..<1_000 { fputs("no database ", file) }
    fclose(file)
    #expect(throws: SQLiteError.self) {
      try SQLiteDatabase(.file(path)).integer("SELECT count(*) FROM sqlite_master")
    }
  }

  @Test func settingsAreInForce() throws {
    let folder = try ScratchFolder(bytes: 1 << 20, in: "/tmp")
    let settings = SQLiteSettings(
      pageBytes: 8 << 10, cacheBytes: 1 << 20, journal: .wal, synchronous: .normal)
    let database = try SQLiteDatabase(.file(folder.file("d")), settings)
    #expect(try database.integer("PRAGMA page_size") == 8 << 10)
    #expect(try database.integer("PRAGMA cache_size") == -1_024)
    #expect(try database.integer("PRAGMA synchronous") == 1)
    let journal = try database.prepare("PRAGMA journal_mode")
    #expect(try journal.step() && journal.text(0) == "wal")
    try database.execute("CREATE TABLE t(id)")
    #expect(try database.pageCount() == 2 && database.size() == 16 << 10)
  }

  @Test func plansAreComparedAndCountsCount() throws {
    let database = try SQLiteDatabase(.memory)
    try SampleOrders(orders: 4_000, seed: 1).fill(database)
    let sql = "SELECT sum(total) FROM orders WHERE day > ?"
    let scan = try database.prepare(sql, plan: "SCAN orders")
    try scan.bind(500, at: 1)
    while try scan.step() {}
    #expect(scan.count(.scannedRows) == 3_999 && scan.count(.virtualMachineSteps) > 8_000)
    #expect(database.count(.hits) > 0)
    try database.execute("CREATE INDEX orders_day ON orders(day)")
    let error = #expect(throws: UnexpectedPlan.self) {
      try database.prepare(sql, plan: "SCAN orders")
    }
    #expect(error?.found == "SEARCH orders USING INDEX orders_day (day>?)")
  }
}
