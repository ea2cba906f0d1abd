import Foundation
import Platform
import Synchronization
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
    let server = try PostgresServer()
    let folder = server.folder
    let connection = try server.connect()
    let segment = try segment(of: server)
    #expect(try isThere(segment))
    server.stop()
    #expect(!FileManager.default.fileExists(atPath: folder))
    // Shared memory of System V outlives its processes where nobody removes it.
    #expect(try !isThere(segment))
    let gone = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
    #expect(gone != nil)
    let absent = #expect(throws: PostgresError.self) { try server.connect() }
    #expect(try #require(absent).description.contains("\n") == false)
  }

  @Test func aStandbyFollowsAndTakesWritesOnceItIsPromoted() throws {
    let primary = try PostgresServer()
    let standby = try PostgresServer(standbyOf: primary)
    try primary.connect().execute("CREATE TABLE t(id int PRIMARY KEY); INSERT INTO t VALUES (1)")
    let reader = try standby.connect()
    #expect(eventually { (try? reader.execute("SELECT id FROM t").count) == 1 })
    let refused = #expect(throws: PostgresError.self) {
      try reader.execute("INSERT INTO t VALUES (2)")
    }
    #expect(try #require(refused).description.contains("read-only"))
    try standby.promote()
    // On the connection that could only read.
    try reader.execute("INSERT INTO t VALUES (2)")
    #expect(try reader.execute("SELECT id FROM t").count == 2)
    #expect(try primary.connect().execute("SELECT id FROM t").count == 1)
  }

  /// Sessions write until the primary is killed under them.
  @Test func nothingIsLostThatWaitedForTheStandbyAndNothingIsLeftOfTheKilledOne() throws {
    let primary = try PostgresServer(waitsForStandby: true)
    let standby = try PostgresServer(standbyOf: primary)
    let segments = try [primary, standby].map { try segment(of: $0) }
    try primary.connect().execute("CREATE TABLE t(id int PRIMARY KEY)")
    let acknowledged = Mutex<[Int]>([])
    let sessions = try (0..<4).map { session in
      // SAFETY: its thread alone uses it until it is joined.
      nonisolated(unsafe) let connection = try primary.connect()
      return try ServerThread(on: nil, isJoined: true) {
        var id = session
        while (try? connection.execute("INSERT INTO t VALUES (\(id))")) != nil {
          acknowledged.withLock { $0.append(id) }
          id += 4
        }
      }
    }
    #expect(eventually { acknowledged.withLock { $0.count } >= 40 })
    let folder = primary.folder
    let process = try #require(Self.process(in: folder))
    let started = Self.processes(of: process)
    #expect(started.count >= 4)
    try primary.kill()
    for session in sessions { session.join() }
    // Its segment is gone though it could not remove it.
    #expect(eventually { started.allSatisfy(Self.isGone) })
    #expect(eventually { (try? isThere(segments[0])) == false })
    #expect(try isThere(segments[1]))
    try standby.promote()
    let kept = try standby.connect().execute("SELECT id FROM t")
    let found = Set((0..<kept.count).map { kept.integer($0, 0) })
    #expect(acknowledged.withLock { $0.allSatisfy(found.contains) })
    primary.stop()
    #expect(!FileManager.default.fileExists(atPath: folder))
    standby.stop()
    #expect(try !isThere(segments[1]))
  }

  @Test func aStandbyOfAStoppedServerIsOneLine() throws {
    let primary = try PostgresServer()
    primary.stop()
    let error = #expect(throws: ServiceError.self) { try PostgresServer(standbyOf: primary) }
    let text = try #require(error).description
    #expect(text.hasPrefix("PostgreSQL ended with exit code 1; it wrote: pg_basebackup: error:"))
    #expect(!text.contains("\n"))
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

  /// The server's number, from the first line of its file.
  private static func process(in folder: String) -> Int? {
    let file = try? String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8)
    return file?.split(separator: "\n").first.flatMap { Int($0) }
  }

  /// A process and those that it has started.
  private static func processes(of process: Int) -> [Int] {
    let list = "/proc/\(process)/task/\(process)/children"
    let started = (try? String(contentsOfFile: list, encoding: .utf8)) ?? ""
    return [process] + started.split(separator: " ").compactMap { Int($0) }
  }

  /// Whether a process is gone, or only waits for its parent to notice.
  private static func isGone(_ process: Int) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
      return true
    }
    return text.split(separator: ")").last?.hasPrefix(" Z") == true
  }

  private func segment(of server: PostgresServer) throws -> Substring {
    let lines = try String(
      contentsOfFile: "\(server.folder)/data/postmaster.pid", encoding: .utf8
    ).split(separator: "\n", omittingEmptySubsequences: false)
    return try #require(lines.dropFirst(6).first?.split(separator: " ").last)
  }

  private func isThere(_ segment: Substring) throws -> Bool {
    try String(contentsOfFile: "/proc/sysvipc/shm", encoding: .utf8).split(separator: "\n")
      .contains { $0.split(separator: " ").dropFirst().first == segment }
  }
}
