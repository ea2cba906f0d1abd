import Databases
import Harness
import Results

extension Experiment {
  /// A customer's total, added up at each look or kept up to date.
  static let precomputedView = Experiment(
    id: "migration/precomputed-view",
    title: "A customer's total: added up at each look → a view that a trigger keeps",
    slot: "migration/database/queries",
    claim: """
      A total that a trigger keeps is read in the time of one row, where adding it up takes as \
      long as the customer has orders; with a single order both take about the same, and every \
      insert pays for the view, read or not.
      """,
    mechanism: """
      The query descends the index for the customer and follows each entry to its row, which \
      lies somewhere in the table. The view is a table with a row per customer; the trigger adds \
      the new order to it in the same transaction, so that it is never stale. {point} are looked \
      up for eight customers. The insert's two times stand below: what the view costs per write \
      ÷ what it saves per read is the number of writes per read up to which it pays.
      """,
    limits: """
      Here the view can't be wrong, as the trigger runs in the transaction of the change; one \
      that the application keeps, or a job that runs each minute, can be stale and can miss \
      rows. Orders of one customer now meet in one row: in a database that locks rows these \
      writers wait for each other. A covering index (customer, total) is the cheaper half-way: \
      it saves the way to the rows. Filling the view for the old orders is a backfill of its \
      own.
      """,
    diagram: """
      flowchart LR
        subgraph before["added up: {added up}"]
          direction LR
          q0["total?"] --> i0["index"] -- "{point}" --> r0["rows"]
        end
        subgraph after["kept: {kept by a trigger}"]
          direction LR
          q1["total?"] --> v1["one row"]
          w1["insert"] -- "trigger" --> v1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "orders of a customer", SampleOrders.classes, smoke: 10,
      label: { $0 == 1 ? "1 order" : "\($0) orders" }),
    signals: ["insert", "insert with the trigger"],
    needs: [.storage(bytes: SharedDatabase.needed)], tolerates: [.preempted],
    work: { _ in Work(elements: Double(customers), each: "look") },
    variants: [
      variant("added up", shows: "adding", adding),
      variant("kept by a trigger", shows: "kept", kept),
    ],
    headline: DeclaredHeadline(value: 100, variant: "kept by a trigger"),
    model: { question throws(MissingNumber) in
      let locks = try question.time("sqlite.lookup") - question.time("sqlite.lookup.transaction")
      guard question.isBaseline else {
        return Model((try question.time("sqlite.lookup")).named("look-up of the row"))
      }
      let orders = Double(question.value)
      // Few rows are still in the processor's caches from the last call.
      let near = orders * Double(customers) <= 1_000 ? ".near" : ""
      return Model(
        locks.named("locks") + (try question.time("sqlite.query")).named("query")
          + (orders * (try question.time("sqlite.index.row\(near)"))).named("orders"))
    })
}

private let customers = 8

private var adding: String { "SELECT count(*), sum(total) FROM orders WHERE customer = ?" }
private var kept: String { "SELECT orders, total FROM totals WHERE customer = ?" }

private func variant(_ name: String, shows: String, _ sql: String) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { point in
      var random = point.generator()
      let sample = SampleOrders(orders: SampleOrders.usual, seed: point.seed)
      let all = sample.customers(having: point.value)
      let chosen = (0..<customers).map { _ in [all.randomElement(using: &random)!] }
      let fill: (SQLiteDatabase) throws -> Void = { try filled($0, sample) }
      let database = try SharedDatabase.opened("totals \(point.seed)", fill: fill)
      return try Queries(
        sql, on: database, chosen, columns: 2,
        report: [
          "insert": try orderInsertTime(try SharedDatabase.copied("orders", fill: indexed)),
          "insert with the trigger": try orderInsertTime(
            try SharedDatabase.copied("totals \(point.seed)", fill: fill)),
        ])
    },
    report: { $0.report }, run: { queries in orEnd { try queries.digest() } })
}

private func indexed(_ database: SQLiteDatabase) throws {
  try SampleOrders(orders: SampleOrders.usual, seed: 1).fill(database)
  try database.execute("CREATE INDEX orders_customer ON orders(customer)")
}

private func filled(_ database: SQLiteDatabase, _ sample: SampleOrders) throws {
  try sample.fill(database)
  try database.execute(
    """
    CREATE INDEX orders_customer ON orders(customer);
    CREATE TABLE totals(customer INTEGER PRIMARY KEY, orders INTEGER NOT NULL, total INTEGER NOT NULL);
    INSERT INTO totals SELECT customer, count(*), sum(total) FROM orders GROUP BY customer;
    CREATE TRIGGER totals_kept AFTER INSERT ON orders BEGIN
      UPDATE totals SET orders = orders + 1, total = total + NEW.total WHERE customer = NEW.customer;
    END
    """)
}
