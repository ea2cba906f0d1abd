import Glibc
import Harness
import Results
import Shop
import TraceMap

extension Experiment {
  /// What a module calls and which tables it uses.
  static let tracedMap = Experiment(
    id: "migration/traced-map",
    title: "A map of a monolith's modules and tables: from the code → from traces",
    slot: "migration/services/dependencies",
    claim: """
      Half of what the Shop's code allows its modules to use is never used. A few hundred traced \
      requests show nine tenths of what is used, and nothing else. What remains missing is rare, \
      or in a module that writes no span: at twenty requests the map from the code is the better \
      one.
      """,
    mechanism: """
      The code says: five modules get the storage, and the storage has statements on seven \
      tables, so that every module may use every table. That is what a diagram of dependencies \
      shows, and it invents 23 edges. Traced are {point} of TPC-W's shopping mix: a span for each \
      module's function, and for each query its SQL, from which `perflab map` reads the tables. \
      An edge that a share p of the requests uses is missed by n of them with (1 − p)ⁿ; a \
      checkout is one in a hundred. The truth is listed by hand from the code, with the steps of \
      the mix that use each edge. One edge can't be seen at all: the pictures' module writes no \
      span. The share counts edges on the map that are true, of all that are either.
      """,
    limits: """
      The end of the year is in no trace of a week: compare what is never used with the calendar \
      before it is cut. Sampling one request in a hundred makes n a hundredth. A static analysis \
      that follows each call finds the statements of each module here, and stops at reflection, \
      configuration and triggers; together with traces it leaves the cases that need a \
      conversation. Of requests with one shape one is enough: keep the rare shapes (tail \
      sampling).
      """,
    diagram: """
      flowchart LR
        subgraph before["from the code: {from the code}"]
          direction LR
          m0["5 modules"] --> s0["storage"] --> t0["7 tables"]
        end
        subgraph after["traced: {traced}"]
          direction LR
          m1["Carts"] --> c1["Catalogue"] --> t1["products"]
          m1 --> t2["carts"]
        end
        before -- "{speedup} by {point}" --> after
      """,
    sweep: .count("requests", [20, 100, 500], smoke: 20, label: { "\($0) requests" }),
    metric: .share("edges that are right", lowerIsBetter: false),
    signals: ["edges missed", "edges invented"],
    needs: [.cores(2), .storage(bytes: ShopFolders.bytes)],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { Work(elements: Double($0), each: "request") },
    variants: [
      Variant(
        "from the code", shows: ["fromTheCode"], prepare: { _ in MapReport() },
        report: { $0.report }, run: { $0.judged([fromTheCode()]) }),
      Variant(
        "traced", shows: ["traced"],
        prepare: { (shop: try TracedShop($0), requests: $0.value, report: MapReport()) },
        report: { $0.report.report },
        run: { input in orEnd { input.report.judged(try traced(input.shop, input.requests)) } }),
    ],
    headline: DeclaredHeadline(value: 500, variant: "traced"),
    model: { question in
      let truth = Double(ShopEdges.truth.count)
      guard !question.isBaseline else {
        let all = Double(ShopEdges.truth.union(fromTheCode()).count)
        return Model(
          Term<Percent>.exactly(100 * truth / all).named("edges of the truth ÷ of the code"),
          per: .metric)
      }
      let seen = ShopEdges.all.reduce(0) { sum, edge in
        sum + 1 - pow(1 - edge.chance, Double(question.value))
      }
      return Model(
        Term<Percent>.exactly(100 * seen / truth).named("edges that some request uses"),
        per: .metric)
    })
}

/// Who gets the storage may use each of its tables; modules get each other by their initialisers.
private func fromTheCode() -> Set<StaticMap.Edge> {
  var edges = Set(ShopEdges.all.filter { !$0.isTable }.map(\.edge))
  edges.insert(StaticMap.Edge(from: "shop", to: "Payments"))
  let tables = Shop.statements.flatMap { statement in
    let found = TraceMap.tables(of: statement)
    return found.reads + found.writes
  }
  for module in ["Catalogue", "Recommendations", "Carts", "Checkout", "Orders"] {
    for table in Set(tables) { edges.insert(StaticMap.Edge(from: module, to: table)) }
  }
  return edges
}

/// A map of each so many requests that follow one another.
private func traced(_ shop: TracedShop, _ requests: Int) throws -> [Set<StaticMap.Edge>] {
  let lines = try shop.visited()
  return try stride(from: 0, through: lines.count - requests, by: requests).map { first in
    var reader = TraceReader()
    let part = lines[first..<first + requests].joined(separator: [UInt8(ascii: "\n")])
    try reader.read(Array(part), named: "the Shop's traces")
    return Set(TraceMap(reader.spans).edges.map { StaticMap.Edge(from: $0.from, to: $0.to) })
  }
}
