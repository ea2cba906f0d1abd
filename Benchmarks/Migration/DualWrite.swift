import Harness
import Results

extension Experiment {
  /// Two stores that are to hold the same rows: written one after the other, or the second from an
  /// outbox of the first.
  static let dualWrite = Experiment(
    id: "migration/dual-write",
    title: "Two stores kept alike: dual write → outbox",
    slot: "migration/database/synchronisation",
    claim: """
      Writing to the old store and then to the new one leaves them different after about every \
      second `kill -9`, and after every cut link and full disk; an outbox in the old store's \
      transaction never does, and is cheaper as soon as its relay moves some three rows at a time, \
      because it saves a flush per row. Row by row it is more expensive than the dual write.
      """,
    mechanism: """
      Between the two commits of a dual write there is no transaction: a process that ends there \
      has changed one store, and nobody knows. Two writers of one row can commit in one order here \
      and in the other there, and both are acknowledged (rare here, where a commit takes \
      a tenth of a millisecond). The outbox is a table of the old store. Its row is committed with the change, \
      and carries the order of commits; a relay applies rows in that order to the new store, then \
      deletes them. A relay that dies in between applies them again, which is harmless because a \
      row is set and not added. The link to the new store is cut in the middle of a write, and its \
      disk is full, for five rows each: the caller of a dual write gets an error and the old store \
      has the row. The claim counts rows and compares contents.
      """,
    limits: """
      The new store lags by the time until the relay runs: whoever reads there reads old rows. \
      The outbox doubles the rows that are written to the old store and needs code at each place \
      that writes, unless a trigger or the store's log (change data capture) does it. Both \
      stores are SQLite in write-ahead mode with a flush per commit, which is nearly all that is \
      saved here; without it a commit costs a tenth, and the outbox saves less of that. A store \
      behind a network makes the window between the commits longer.
      """,
    diagram: """
      flowchart LR
        subgraph before["dual write: {dual write}"]
          direction LR
          w0["writer"] -- "1. commit" --> a0["old store"]
          w0 -- "2. commit" --> b0["new store"]
        end
        subgraph after["outbox: {outbox}"]
          direction LR
          w1["writer"] -- "commit of both" --> a1["old store + outbox"]
          a1 -- "{point} a time" --> b1["new store"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "rows that the relay moves at once", [1, 10, 100], smoke: 10, label: { "\($0) rows" }),
    signals: [
      "rows diverged per kill -9", "rows diverged per cut link", "rows diverged per full disk",
      "rows diverged per pair of writers", "rows lost",
    ],
    needs: [.storage(bytes: TwoStores.bytes)], tolerates: [.preempted], isRehearsed: false,
    work: { _ in Work(elements: Double(TwoStores.rows), each: "row") },
    variants: [
      variant("dual write", shows: "writeTwice", .dual), variant("outbox", shows: "relay", .outbox),
    ],
    headline: DeclaredHeadline(value: TwoStores.faulted, variant: "outbox"),
    model: { question throws(MissingNumber) in
      let commit = try question.time("sqlite.commit.wal")
      let flush = try question.flush(of: 4_096)
      if question.isBaseline {
        return Model(
          (2 * commit).named("a commit in each store") + (2 * flush).named("their flushes"))
      }
      let insert = try question.time("sqlite.insert")
      let relayed = Double(min(question.value, TwoStores.rows))
      let copy = (try question.time("sqlite.result.row")) + 2 * insert
      return Model(
        commit.named("commit in the old store")
          + (insert + (try question.time("sqlite.page.log"))).named("row of the outbox")
          + (try question.flush(of: 2 * 4_096)).named("flush of both rows")
          + copy.named("read, copied, deleted")
          + (2 / relayed * (commit + flush)).named("the relay's commits and flushes"))
    })
}

private func variant(_ name: String, shows: String, _ way: TwoStores.Way) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try TwoStores.Trial($0, way) }, report: { $0.report },
    run: { trial in
      orEnd {
        switch way {
        case .dual: try writeTwice(trial.stores, trial.next())
        case .outbox: try relay(trial.stores, trial.next(), batch: trial.batch)
        }
        return try trial.digest()
      }
    })
}

/// What teams write first.
private func writeTwice(_ stores: TwoStores, _ rows: Range<Int>) throws {
  for row in rows {
    try stores.old.set(row, to: row)
    try stores.new.set(row, to: row)
  }
}

/// One commit for row and outbox; every so many rows the relay runs.
private func relay(_ stores: TwoStores, _ rows: Range<Int>, batch: Int) throws {
  for row in rows {
    try stores.setWithOutbox(row, to: row)
    if row % batch == batch - 1 { try stores.relay() }
  }
  try stores.relay()
}
