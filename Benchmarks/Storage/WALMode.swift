import Databases
import Harness
import Results

extension Experiment {
  /// Commits beside readers: with a rollback journal, with a write-ahead log.
  static let walMode = Experiment(
    id: "storage/wal-mode",
    title: "Commits beside readers: rollback journal → write-ahead log",
    slot: "performance/storage/engines",
    claim: """
      With a write-ahead log a commit flushes one file instead of four times two files and their \
      folder, and neither waits for readers nor makes them wait. With a rollback journal a commit \
      that meets a reader sleeps for a millisecond or more, and readers that meet it sleep too: \
      where commits follow one another, it is mostly the readers that wait.
      """,
    mechanism: """
      With a rollback journal SQLite saves the old pages in a second file, flushes that file, its \
      folder and its header, overwrites the database in place, flushes it, and deletes the journal. \
      Nobody may read meanwhile: the writer waits for all readers to end, and new ones wait for the \
      writer. Waiting is sleep of 1 ms, 2 ms, 5 ms and so on (`sqlite3_busy_timeout`), however soon \
      the lock is free. With a write-ahead log the new pages go to the end of one file, and one \
      flush makes them durable; readers go on with the old pages. `synchronous=NORMAL` leaves that \
      flush to the next checkpoint: a power cut may then undo the last commits (storage/durability).
      """,
    limits: """
      Every 1,000 pages a commit also copies the log into the database (a checkpoint), and a reader \
      that never ends keeps the log growing. There is still one writer at a time. The log needs \
      shared memory: all processes must be on one machine. Each reader adds up 4,000 accounts, then \
      pauses for 2 ms; readers share one processor, the writer has another. Settings: pages of 4 \
      KiB, `synchronous=FULL` unless the name says otherwise, in both modes.
      """,
    diagram: """
      flowchart LR
        subgraph before["rollback journal: {rollback journal}"]
          direction LR
          l["wait for {point} readers"] --> j["old pages to the journal: flush 3 times"] --> d["new pages in place: flush"]
        end
        subgraph after["write-ahead log: {WAL}"]
          direction LR
          w["new pages to the log: flush"]
        end
        n["flushed with the checkpoint: {WAL, NORMAL}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count("readers", [0, 1, 4], smoke: 1),
    metric: .reported("time per commit", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["flushes per commit", "readers' time waiting"],
    needs: [.cores(2), .storage(bytes: Transfers.neededBytes)],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(Transfers.commits), each: "commit") },
    variants: [
      transfers("rollback journal", shows: "rollback", rollback),
      transfers("WAL", shows: "wal", wal),
      transfers("WAL, NORMAL", shows: "walNormal", walNormal),
    ],
    headline: DeclaredHeadline(value: 1, variant: "WAL"),
    model: { question throws(MissingNumber) in
      // With readers, how long both sides sleep depends on how they meet.
      guard question.value == 0 || !question.isBaseline else { return nil }
      let updates = (try question.time("sqlite.update.dense") * 2).named("two updates")
      let commit = (try question.time("sqlite.commit.wal")).named("begin and commit")
      let page = (try question.time("sqlite.page.log")).named("second page")
      let flush = (try question.flush(of: 2 * 4_096)).named("flush of the new pages")
      switch question.variant {
      case "WAL": return Model(updates + commit + page + flush, per: .metric)
      case "WAL, NORMAL": return Model(updates + commit + page, per: .metric)
      default:
        let journal = (try question.time("journal.cycle")).named("journal")
        let own = (try question.time("sqlite.commit")).named("begin and commit")
        return Model(updates + own + journal + flush, per: .metric)
      }
    })
}

private var rollback: SQLiteSettings { SQLiteSettings(journal: .delete, synchronous: .full) }
private var wal: SQLiteSettings { SQLiteSettings(journal: .wal, synchronous: .full) }
private var walNormal: SQLiteSettings { SQLiteSettings(journal: .wal, synchronous: .normal) }

private func transfers(_ name: String, shows: String, _ settings: SQLiteSettings) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try Transfers($0, settings) }, report: { $0.report() },
    run: { transfers in attempt { try transfers.transferAll() } })
}
