import Databases
import Harness
import Results

extension Experiment {
  /// A list with a name for each row: a query for each, or one for all.
  static let nPlusOne = Experiment(
    id: "storage/n-plus-one",
    title: "Names for a list of orders: a query per row → one query",
    slot: "performance/storage/queries",
    claim: """
      A prepared query for each row of a list takes twenty times longer than one join even where the \
      database is in the process; most of that is the lock that each query takes and releases by \
      itself, which a transaction around the loop saves. At a server each query is also a round trip, \
      which no transaction saves, so that the loop takes several times longer again.
      """,
    mechanism: """
      SQLite runs each query outside a transaction in one of its own: it locks the file, reads the \
      change counter to see whether its page cache is still valid, and unlocks: system calls all of \
      them. In a transaction this happens once. What is left of a query then is to bind, to start and \
      to reset the statement; within a join the inner table's cursor stays open, and a row costs one \
      descent. One query with `IN` and a list of all ids lies between: it sorts the ids into a \
      temporary B-tree, and the program matches names and orders by itself. The server is PostgreSQL \
      over a Unix socket: a round trip wakes its process, and wakes ours again; a query itself takes \
      less than that.
      """,
    limits: """
      Between machines a round trip takes ten times as long as here, and so does the loop. A join \
      repeats what many rows share, which a result over a network pays for. A list of ids is one \
      more statement for each length. In WAL mode locks are cheaper. Settings: \
      SQLite with pages of 4 KiB, a page cache that holds everything, a rollback journal; PostgreSQL \
      without JIT compiler and autovacuum, statements prepared, all rows in its buffers.
      """,
    diagram: """
      flowchart LR
        list["{point} orders"] --> q["a query per row: {query per row}"]
        list --> t["in one transaction: {in one transaction}"]
        list --> i["one IN: {one IN}"]
        list --> j["a join: {join}"]
        q -- "{speedup}" --> j
        list --> sq["at a server, a query per row: {server, query per row}"]
        list --> sj["at a server, a join: {server, join}"]
      """,
    sweep: .count("rows", [1, 10, 100], smoke: 10),
    needs: [.storage(bytes: OrdersFiles.needed)], tolerates: [.preempted],
    work: { Work(elements: Double($0), each: "row") },
    variants: [
      list("query per row", shows: ["queryPerRow"]) { try queryPerRow($0) },
      list("in one transaction", shows: ["inOneTransaction"]) { try inOneTransaction($0) },
      list("one IN", shows: ["oneIn"]) { try oneIn($0) },
      list("join", shows: ["join"]) { try join($0) },
      .server("server, query per row", shows: "serverQueryPerRow", serverQueryPerRow),
      .server("server, join", shows: "serverJoin", serverJoin),
    ],
    headline: DeclaredHeadline(value: 100, variant: "join"),
    model: { question throws(MissingNumber) in
      let rows = Double(question.value)
      let query = try question.time("sqlite.lookup")
      let list = (query + rows * (try question.time("sqlite.result.row"))).named("the list")
      let inside = try question.time("sqlite.lookup.transaction")
      switch question.variant {
      case "query per row": return Model(list + (rows * query).named("queries"), per: .call)
      case "in one transaction": return Model(list + (rows * inside).named("queries"), per: .call)
      case "join":
        let found = rows * (try question.time("sqlite.join"))
        return Model(list + found.named("rows found by rowid"), per: .call)
      default: return nil
      }
    })
}

/// - Returns: a digest of order and name of each row.
private func queryPerRow(_ list: OrderList) throws -> UInt64 {
  var digest = RowDigest()
  for order in try list.orders() {
    try list.name.bind(order.customer, at: 1)
    _ = try list.name.step()
    digest.addRow(order.id, list.name.withBytes(of: 0, RowDigest.hash))
    list.name.reset()
  }
  return digest.value
}

private func inOneTransaction(_ list: OrderList) throws -> UInt64 {
  try list.begin.run()
  defer { attempt { try list.commit.run() } }
  return try queryPerRow(list)
}

private func oneIn(_ list: OrderList) throws -> UInt64 {
  let orders = try list.orders()
  for (index, order) in orders.enumerated() { try list.names.bind(order.customer, at: index + 1) }
  var names = [Int: Int](minimumCapacity: orders.count)
  while try list.names.step() {
    names[list.names.integer(0)] = list.names.withBytes(of: 1, RowDigest.hash)
  }
  list.names.reset()
  var digest = RowDigest()
  for order in orders { digest.addRow(order.id, names[order.customer]!) }
  return digest.value
}

private func join(_ list: OrderList) throws -> UInt64 {
  var digest = RowDigest()
  try list.joined.bind(list.first, at: 1)
  while try list.joined.step() {
    digest.addRow(list.joined.integer(0), list.joined.withBytes(of: 1, RowDigest.hash))
  }
  list.joined.reset()
  return digest.value
}

private func serverQueryPerRow(_ list: ServerOrderList) throws -> UInt64 { try list.queryPerRow() }
private func serverJoin(_ list: ServerOrderList) throws -> UInt64 { try list.join() }

private func list(
  _ name: String, shows: [String], run: @escaping @Sendable (OrderList) throws -> UInt64
) -> Variant {
  Variant(
    name, shows: shows, prepare: { try OrderList($0) }, run: { list in attempt { try run(list) } })
}
