import Databases
import Harness
import Platform
import Results

extension Experiment {
  /// A customer is found by an address, which changes.
  static let lookupTable = Experiment(
    id: "migration/lookup-table",
    title: "Customers by address: the database's index → a table that the program keeps",
    slot: "migration/database/queries",
    claim: """
      A look-up table that the program keeps in commits of its own takes three of them for a \
      change, and a `kill -9` leaves it wrong for ever more often than not; in the transaction of \
      the change it is as right as an index, and hardly more expensive.
      """,
    mechanism: """
      Where data are spread over several servers by customer, no index spans them, and the program \
      keeps a table from address to customer. A change of an address has three parts: the row, the \
      old entry, the new entry. A process that ends between their commits leaves an entry that \
      names a customer who is no longer there, or a customer whom nobody finds. With {point} \
      processes change addresses and are killed; then each entry is compared with each row. \
      A commit's flush is most of a change's time.
      """,
    limits: """
      Across servers there is no common transaction: write the new entry first, the row then, and \
      remove the old entry last, so that what a crash leaves is an entry too many, which a reader \
      recognises since the row says something else; and have a job that compares both. Two changes \
      of one customer at once need a version in the row. The index of the database is always \
      right, on one server.
      """,
    diagram: """
      flowchart LR
        c["an address changes"]
        c --> a["row with an index: {index}"]
        c --> b["row, then entries, a commit each: {table, own commits}"]
        c --> d["row and entries in one commit: {table, one commit}"]
        b -- "{speedup} at {point}" --> d
      """,
    sweep: .count(
      "customers", [1_000, 20_000], smoke: 1_000, label: { "\($0) customers" }),
    signals: ["rows diverged per kill -9", "look-up"],
    needs: [.storage(bytes: CustomerAddresses.bytes)], tolerates: [.preempted],
    work: { _ in Work(elements: Double(CustomerAddresses.changes), each: "change") },
    variants: [
      variant("table, own commits", shows: "ownCommits", ownCommits),
      variant("index", shows: "indexed", hasIndex: true, indexed),
      variant("table, one commit", shows: "oneCommit", oneCommit),
    ],
    headline: DeclaredHeadline(value: 20_000, variant: "table, one commit"),
    model: { question throws(MissingNumber) in
      let commit = try question.time("sqlite.commit.wal")
      let entry = try question.time("sqlite.insert.index")
      let read = try question.time("sqlite.lookup")
      let page = try question.time("sqlite.page.log")
      guard !question.isBaseline else {
        let flush = try question.flush(of: 4_096)
        return Model(
          (3 * commit).named("three commits") + (3 * flush).named("their flushes")
            + read.named("the old address"))
      }
      let once =
        commit.named("commit") + (2 * entry).named("old and new entry")
        + (2 * page).named("their pages", because: "The customer's own page is the commit's.")
        + (try question.flush(of: 3 * 4_096)).named("flush of three pages")
      let inside = try question.time("sqlite.lookup.transaction")
      return Model(question.variant == "index" ? once : once + inside.named("the old address"))
    })
}

private let killed = OncePerProcess<Counter>()

private func variant(
  _ name: String, shows: String, hasIndex: Bool = false,
  _ change: @escaping @Sendable (CustomerAddresses, Int, Int) throws -> Void
) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { point in
      let folder = try ScratchFolder(bytes: CustomerAddresses.bytes)
      let addresses = try CustomerAddresses(
        folder.file("addresses"), customers: point.value, hasIndex: hasIndex)
      let wrong =
        hasIndex
        ? .count(0)
        : try killed("\(name) \(point.seed)") {
          try CustomerAddresses.divergedByKills(point, by: change)
        }
      let report = ["rows diverged per kill -9": wrong, "look-up": try addresses.lookUp()]
      try addresses.database.lengthenLog()
      return (addresses: addresses, folder: folder, report: report)
    },
    report: { $0.report },
    run: { trial in
      orEnd { try trial.addresses.change(CustomerAddresses.changes, by: change) }
    })
}

@Sendable private func ownCommits(
  _ addresses: CustomerAddresses, _ customer: Int, _ address: Int
) throws {
  let before = try addresses.address(of: customer)
  try addresses.setRow(customer, to: address)
  try addresses.setEntry(customer, from: before, to: address)
}

@Sendable private func indexed(
  _ addresses: CustomerAddresses, _ customer: Int, _ address: Int
) throws {
  try addresses.setRow(customer, to: address)
}

@Sendable private func oneCommit(
  _ addresses: CustomerAddresses, _ customer: Int, _ address: Int
) throws {
  try addresses.database.transaction {
    let before = try addresses.address(of: customer)
    try addresses.setRow(customer, to: address)
    try addresses.setEntry(customer, from: before, to: address)
  }
}
