import Databases
import Testing

@Suite struct AccessWatchTests {
  @Test func viewsAndTriggersAreSeenThrough() throws {
    let database = try SQLiteDatabase(.memory)
    try database.execute(
      """
      CREATE TABLE a(id INTEGER PRIMARY KEY, x INTEGER); CREATE TABLE b(x INTEGER);
      CREATE VIEW v AS SELECT x FROM a;
      CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO b VALUES (NEW.x); END;
      """)
    let read = try database.accesses { _ = try database.integer("SELECT sum(x) FROM v") }
    #expect(read.contains(TableAccess(table: "a", isWrite: false)))
    #expect(!read.contains { $0.isWrite })
    let written = try database.accesses { try database.execute("INSERT INTO a(x) VALUES (1)") }
    #expect(written.filter(\.isWrite).map(\.table).sorted() == ["a", "b"])
  }

  @Test func nothingIsWatchedAfterItsEnd() throws {
    let database = try SQLiteDatabase(.memory)
    #expect(database.accesses {}.isEmpty)
    try database.execute("CREATE TABLE a(x)")
    #expect(try database.integer("SELECT count(*) FROM a") == 0)
  }
}
