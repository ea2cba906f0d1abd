import Harness
import Results

extension Experiment {
  /// Two services and who may write which table.
  static let tableOwner = Experiment(
    id: "migration/table-owner",
    title: "Tables of two services: shared → an owner each",
    slot: "migration/services/boundaries",
    claim: """
      An owner for each table takes the lock waits away, and with them about half of the time on \
      two processors; each operation that needs both tables then costs a message and is no longer \
      one transaction. The gain hardly depends on how many these are, because a message is \
      applied with others in one transaction.
      """,
    mechanism: """
      Two services write at the same time: 1,000 orders by one, 1,000 prices by the other. \
      {point} also take from stock, which is the other service's table. In one file they exclude \
      each other, whether or not they touch the same table. Who finds the lock held sleeps for 1, \
      2, 5, up to 100 ms and tries again, while a transaction takes microseconds: so one service \
      stands still until the other has finished its work, and its longest operation is thousands \
      of times its usual one. With a file for each owner the order and a message are one \
      transaction; the owner of the stock applies twenty operations' messages in one of its own. \
      Stock, prices and orders are counted after each call and are the same.
      """,
    limits: """
      Between the order and its message's application the stock is too high, so that a product \
      can be sold twice: see `migration/uniqueness`. A check that the order needs before it is \
      accepted is a call and not a message. Other databases lock rows and not files, so that two \
      tables alone do not collide; there the same holds for a row that both write. SQLite in \
      write-ahead mode without a flush per commit; a flush makes each wait longer.
      """,
    diagram: """
      flowchart LR
        subgraph before["shared: {shared tables}"]
          direction LR
          a0["orders"] -- "{point} take stock" --> d0["one file, one writer at a time"]
          b0["stock"] --> d0
        end
        subgraph after["an owner each: {an owner each}"]
          direction LR
          a1["orders"] --> d1["orders and outbox"]
          a1 -- "messages" --> b1["stock"]
          b1 --> d2["stock"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "orders that take stock", [0, 10, 50, 100], smoke: 50, label: { "\($0) % of the orders" }),
    signals: [
      "lock waits per operation", "longest operation", "transactions over both tables",
      "messages not yet applied, at most",
    ],
    needs: [.cores(2), .storage(bytes: OwnedTables.bytes)], tolerates: [.preempted, .shared],
    isMirrored: false,
    work: { _ in Work(elements: Double(2 * OwnedTables.operations), each: "operation") },
    variants: [
      variant("shared tables", owns: false, shows: "takeInOneTransaction"),
      variant("an owner each", owns: true, shows: "takeByMessage"),
    ],
    demands: Demands { point in try OwnedTables.demands(point) },
    headline: DeclaredHeadline(value: 10, variant: "an owner each"),
    model: { question in
      if question.isBaseline {
        guard let orders = question.demand("orders, stock in the same file"),
          let prices = question.demand("prices in the same file")
        else { return nil }
        return Model(
          (orders + prices).named("both services, one after the other"), per: .call)
      }
      guard let orders = question.demand("orders and messages"),
        let prices = question.demand("prices, and messages applied")
      else { return nil }
      return Model(longest(orders.named("orders"), prices.named("stock")), per: .call)
    })
}

private func variant(_ name: String, owns: Bool, shows: String) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try OwnedTables($0, ownsTables: owns) },
    report: { $0.report },
    run: { tables in
      tables.sell(by: owns ? takeByMessage : takeInOneTransaction)
    })
}

/// The order and its stock, or neither.
private func takeInOneTransaction(_ tables: OwnedTables, _ product: Int, takes: Bool) throws {
  try OwnedTables.write(on: tables.orders) {
    try tables.enterOrder(product)
    if takes { try tables.takeStock(product) }
  }
}

/// The order and its message, or neither; the message is sent when both are there to stay.
private func takeByMessage(_ tables: OwnedTables, _ product: Int, takes: Bool) throws {
  try OwnedTables.write(on: tables.orders) {
    try tables.enterOrder(product)
    if takes { try tables.enterMessage(product) }
  }
  if takes { tables.send(product) }
}
