import Foundation
import Platform
import Systems
import Testing

@testable import Shop

/// What a Shop on PostgreSQL alone can go through; what both storages must do is in the tests of
/// checkouts, endpoints and sicknesses.
@Suite(
  .serialized,
  .enabled(if: InstalledProgram.path(of: "postgres") != nil, "PostgreSQL is not installed"))
struct PostgresShopTests {
  @Test func withoutItsServerItAnswers503AndLivesOn() throws {
    let open = try OpenShop(on: .postgresql)
    let session = try open.cart()
    #expect(try open.buy(session, key: "before").status == 201)
    try #require(open.server).kill()
    // More than there are connections: lost ones and such that can't be opened anew.
    for _ in 0..<6 { #expect(try open.ask("GET", "/products/1").status == 503) }
    for _ in 0..<6 { #expect(try open.buy(session, key: "after").status == 503) }
    #expect(try open.ask("GET", "/products/1").text.contains("the database does not answer"))
    #expect(try open.ask("GET", "/health").status == 200)
  }

  /// The server ends each connection, as a restart does.
  @Test func connectionsThatWereLostAreOpenedAnew() throws {
    let open = try OpenShop(on: .postgresql) { $0.readers = 1 }
    let session = try open.cart()
    try open.execute(
      """
      SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
      """)
    #expect(try open.ask("GET", "/products/1").status == 503)
    #expect(try open.buy(session, key: "k").status == 503)
    #expect(try open.ask("GET", "/products/1").status == 200)
    let reply = try open.buy(session, key: "k")
    #expect(reply.status == 201)
    #expect(try open.checker.violations(acknowledged: [require(reply.json["order"] as? Int)]) == [])
  }

  @Test func itCountsWhatSQLiteCounts() throws {
    let counts = try Engine.allCases.map { engine in
      let open = try OpenShop(on: engine) { $0.readers = 1 }
      return try open.counting {
        _ = try open.ask("GET", "/search?q=lamp")
        _ = try open.ask("GET", "/products/1/recommendations")
        _ = try open.buy(open.cart(), key: "k")
      }
    }
    for count in [Count.queries, .rows, .commits, .parsedStatements, .payments] {
      #expect(counts[0][count] == counts[1][count], "\(count)")
    }
  }

  @Test func whatNeedsSQLiteIsRefusedInOneLine() throws {
    let error = #expect(throws: ShopRefused.self) {
      try OpenShop([.missingIndex], on: .postgresql)
    }
    #expect(
      try "\(#require(error))" == "the sickness missing-index needs SQLite: "
        + "PostgreSQL does not count the rows that a query scans")
    #expect(throws: ShopRefused.self) { try OpenShop(on: .postgresql) { $0.keepsLog = true } }
    let gone = #expect(throws: ShopRefused.self) {
      try OpenShop { $0.postgres = "host=/nonesuch user=perflab dbname=postgres" }
    }
    #expect(try "\(#require(gone))".contains("\n") == false)
  }
}
