import Testing

@testable import TraceMap

@Suite struct TraceMapTests {
  /// A request's spans: id, parent, service, function, query.
  private func request(
    _ trace: String, _ parts: [(String, String, String, String, String)]
  ) -> [TracedSpan] {
    parts.map { id, parent, service, function, query in
      var attributes: [String: String] = [:]
      if !function.isEmpty { attributes["code.function.name"] = function }
      if !query.isEmpty {
        attributes["db.system.name"] = "sqlite"
        attributes["db.query.text"] = query
      }
      return TracedSpan(
        trace: trace, id: id, parent: parent, service: service, name: id, attributes: attributes)
    }
  }

  @Test func modulesOfAServiceAreComponents() {
    let map = TraceMap(
      request(
        "t",
        [
          ("a", "", "shop", "", ""), ("b", "a", "shop", "Carts.lines", ""),
          ("c", "b", "shop", "", "SELECT product FROM carts WHERE session = ?"),
          ("d", "b", "shop", "Catalogue.summaries", ""),
          ("e", "d", "shop", "", "SELECT name FROM products WHERE id IN (SELECT 1 FROM j(?))"),
        ]))
    #expect(map.nodes == ["Carts", "Catalogue", "shop", "carts", "products"])
    #expect(map.components == 3 && map.requests == 1 && map.spans == 5 && map.orphans == 0)
    let edges = map.edges.map { "\($0.from)→\($0.to)\($0.isData ? " data" : "") \($0.uses)" }
    #expect(
      edges == [
        "Carts→Catalogue 1", "Carts→carts data 1", "Catalogue→products data 1", "shop→Carts 1",
      ])
  }

  @Test func servicesNameTheirModules() {
    let map = TraceMap(
      request(
        "t",
        [
          ("a", "", "web", "", ""), ("b", "a", "orders", "Orders.buy", ""),
          ("c", "b", "orders", "", "INSERT INTO orders VALUES (1)"),
          ("x", "gone", "orders", "", "UPDATE orders SET a = 1"),
        ]))
    #expect(map.nodes == ["orders", "orders/Orders", "web"])
    #expect(map.orphans == 1)
    // A table of a component's name is that node.
    #expect(map.edges.filter(\.isData).map(\.writes) == [1, 1])
  }

  @Test func spansThatAreTheirOwnAncestorsEnd() {
    let map = TraceMap(
      request("t", [("a", "b", "shop", "", ""), ("b", "a", "shop", "", "")]))
    #expect(map.nodes == ["shop"] && map.edges.isEmpty)
  }

  @Test(arguments: [
    ("SELECT a FROM t", ["t"], []), ("select a from t1 x cross join t2 y on 1", ["t1", "t2"], []),
    ("INSERT OR IGNORE INTO t SELECT * FROM u", ["u"], ["t"]), ("DELETE FROM t", [], ["t"]),
    ("UPDATE OR IGNORE t SET a = 1", [], ["t"]), ("BEGIN IMMEDIATE", [], []),
    ("INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 2", [], ["t"]),
    ("SELECT value FROM json_each(?)", [], []), ("INSERT INTO t(a, b) VALUES (1, 2)", [], ["t"]),
    ("SELECT * FROM (SELECT 1 FROM s.t)", ["s.t"], []),
  ])
  func tablesAreReadOffSQL(sql: String, reads: [String], writes: [String]) {
    let found = DataAccess.tables(of: sql)
    #expect(found.reads == reads && found.writes == writes)
  }

  @Test func dataThatSeveralUseAreShared() {
    let map = TraceMap(
      request(
        "t", [("a", "", "web", "", "SELECT 1 FROM t"), ("b", "a", "job", "", "DELETE FROM t")]
      ))
    #expect(map.sharedData.map(\.data) == ["t"])
    #expect(map.sharedData.first?.users.map(\.from) == ["job", "web"])
  }

  /// Two areas that hardly know each other.
  private var areas: TraceMap {
    TraceMap(
      (0..<40).flatMap { number in
        let area = number % 2 == 0 ? "a" : "b"
        return request(
          "t\(number)",
          [
            ("1", "", "\(area)1", "", ""), ("2", "1", "\(area)2", "", "SELECT 1 FROM \(area)"),
            ("3", "2", number == 0 ? "b2" : "\(area)3", "", ""),
          ])
      })
  }

  @Test func clustersAreTheAreas() {
    let clustering = areas.clustering(draws: 20, seed: 1)
    #expect(
      clustering.clusters.map(\.members) == [["a1", "a2", "a3", "a"], ["b1", "b2", "b3", "b"]])
    #expect(clustering.clusters.allSatisfy { $0.stability > 0.9 && $0.stability <= 1 })
    #expect(clustering.modularity > 0.4 && clustering.interval.contains(clustering.modularity))
    #expect(abs(clustering.crossing - 1.0 / 120) < 1e-9)
    let again = areas.clustering(draws: 20, seed: 1)
    #expect(again.clusters == clustering.clusters && again.interval == clustering.interval)
  }

  @Test func whatAStaticMapLacksIsListed() throws {
    let drawn = try StaticMap("# by hand\na1 -> a2\na1 --> nowhere\n", named: "m")
    let found = areas.differences(from: drawn)
    #expect(!found.missed.contains { $0.from == "a1" && $0.to == "a2" })
    #expect(found.missed.contains { $0.from == "a2" && $0.to == "b2" })
    #expect(found.unused.map(\.to) == ["nowhere"])
    let fault = #expect(throws: TraceFault.self) { try StaticMap("a1\n", named: "m") }
    #expect(fault?.description == "m:1: not an edge; write one a line as 'from -> to'")
  }

  @Test func thePageHasEveryNodeAndTheComparison() throws {
    let clustering = areas.clustering(draws: 5, seed: 1)
    let drawn = try StaticMap("a1 -> a2", named: "m")
    let text = TraceMapPage(areas, clustering, title: "t", comparedWith: drawn).text
    for node in areas.nodes { #expect(text.contains("\"\(node)\"")) }
    #expect(text.contains("```mermaid\nflowchart LR\n") && text.hasSuffix("\n"))
    #expect(text.contains("- a2 → b2: 1 times in 1 requests"))
    #expect(!TraceMapPage(areas, clustering, title: "t", comparedWith: nil).text.contains("static"))
  }
}
