import Foundation
import Platform
import Testing

@testable import Systems

/// Where PostgreSQL is installed.
@Suite(.serialized, .enabled(if: InstalledProgram.path(of: "postgres") != nil))
struct PostgresTests {
  @Test func rowsComeBackOverTheSocket() throws {
    let server = try PostgresServer()
    let connection = try server.connect()
    #expect(!connection.serverVersion.isEmpty)
    try connection.execute("CREATE TABLE t(id int PRIMARY KEY, name text)")
    try connection.copy(into: "t", "1\tone\n2\tzwölf 🐘\n-3\t\n")
    try connection.prepare("find", "SELECT id, name FROM t WHERE id >= $1::int AND id <= $2::int")
    let rows = try connection.run("find", [2, 40])
    #expect(rows.count == 1 && rows.integer(0, 0) == 2 && rows.text(0, 1) == "zwölf 🐘")
    #expect(try connection.run("find", [-3, -3]).integer(0, 0) == -3)
    #expect(try connection.run("find", [5, 5]).count == 0)
    let wrong = #expect(throws: PostgresError.self) { try connection.execute("SELECT * FROM u") }
    #expect(try #require(wrong).description.contains("relation \"u\" does not exist"))
    #expect(wrong?.description.contains("\n") == false)
    #expect(throws: PostgresError.self) { try connection.copy(into: "t", "no number\tx\n") }
    #expect(try connection.execute("SELECT count(*) FROM t").integer(0, 0) == 3)
  }

  @Test func nothingIsLeftOfAServerThatWasStopped() throws {
    let before = try segments()
    let server = try PostgresServer()
    let folder = server.folder
    let connection = try server.connect()
    #expect(try segments() == before + 1)
    server.stop()
    #expect(!FileManager.default.fileExists(atPath: folder))
    // Shared memory of System V outlives its processes where nobody removes it.
    #expect(try segments() == before)
    let gone = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
    #expect(gone != nil)
    let absent = #expect(throws: PostgresError.self) { try server.connect() }
    #expect(try #require(absent).description.contains("\n") == false)
  }

  @Test(.enabled(if: InstalledProgram.path(of: "pgbouncer") != nil))
  func manyClientsOfPgBouncerShareTwoConnections() throws {
    let server = try PostgresServer()
    let pooler = try PgBouncer(before: server, connections: 2)
    let clients = try (0..<8).map { _ in try pooler.connect() }
    for (number, client) in clients.enumerated() {
      #expect(try client.execute("SELECT \(number)").integer(0, 0) == number)
    }
    let direct = try server.connect()
    let used = try direct.execute(
      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    // One is that which asks.
    #expect((2...3).contains(used.integer(0, 0)))
  }

  private func segments() throws -> Int {
    try String(contentsOfFile: "/proc/sysvipc/shm", encoding: .utf8)
      .split(separator: "\n").count - 1
  }
}
