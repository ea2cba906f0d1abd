import Databases
import Harness
import Results

extension Experiment {
  /// What a commit costs, and what a crash then takes.
  static let durability = Experiment(
    id: "storage/durability",
    title: "A commit, and what a crash takes: synchronous FULL → NORMAL → OFF, append-only log",
    slot: "performance/storage/engines",
    claim: """
      Nearly all of a small durable commit is the wait for the device, so that a store which does \
      not wait is many times faster and loses acknowledged records at a power cut; records in \
      larger transactions buy most of that speed and lose nothing.
      """,
    mechanism: """
      `write` hands bytes to the kernel, which keeps them when the process is killed: `kill -9` \
      loses nothing that was acknowledged, in any variant. Only a flush (`fdatasync`) carries them \
      to the device. `FULL` flushes the write-ahead log at each commit, `NORMAL` at checkpoints, \
      `OFF` never. The power cut is a replay: all writes and flushes of 32 commits are logged, and \
      up to 24 moments in each process are rebuilt in a fresh folder: what was flushed, and of later \
      writes none, all or random sectors of 512 bytes. The same engine opens the files, checks \
      them, and looks for each acknowledged record.
      """,
    limits: """
      A drive that acknowledges a flush before it is done loses more than is shown here. 32 commits \
      last some milliseconds: the log that is flushed once a second has not been flushed yet, so \
      that all of them are lost; in a busy second that is a second's worth. A checkpoint ends each \
      call and is charged to it. Without any flush (`OFF`) SQLite's file can also be damaged, if the \
      power fails while a checkpoint writes pages in place; few or none of the moments here lie \
      there. With a rollback journal in place of the write-ahead log, `FULL` \
      does not flush the folder after it has deleted the journal, so that the last commit may be \
      undone; `EXTRA` does.
      """,
    diagram: """
      flowchart LR
        c["records, {point} a transaction"] --> f["log, flush: {SQLite FULL}"]
        c --> n["log, flushed at checkpoints: {SQLite NORMAL}"]
        c --> o["log, never flushed: {SQLite OFF}"]
        c --> a["in memory; log, flush: {log, each commit}"]
        c --> e["in memory; log, flushed each second: {log, each second}"]
        f -- "{speedup}" --> n
      """,
    sweep: .count("records of a transaction", [1, 10, 100], smoke: 10),
    metric: .reported("time per record", unit: .nanoseconds, lowerIsBetter: true),
    signals: [
      "flushes per commit", "lost by kill -9", "lost by a power cut", "power cuts that damage",
    ],
    needs: [.storage(bytes: durabilityBytes)],
    tolerates: [.preempted],
    work: { Work(elements: Double(DurabilityTrial.commits * $0), each: "record") },
    variants: [
      commits("SQLite FULL", shows: "sqlite", sqlite(.full)),
      commits("SQLite NORMAL", shows: "sqlite", sqlite(.normal)),
      commits("SQLite OFF", shows: "sqlite", sqlite(.off)),
      commits("log, each commit", shows: "dictionary", dictionary("always", flushed: .always)),
      commits("log, each second", shows: "dictionary", dictionary("second", flushed: .everySecond)),
    ],
    headline: DeclaredHeadline(value: 1, variant: "SQLite NORMAL"),
    model: { question throws(MissingNumber) in
      let records = Double(question.value)
      switch question.variant {
      case "SQLite FULL":
        return Model(try question.sqliteCommit(of: records, flushes: true), per: .metric)
      case "SQLite NORMAL":
        return Model(try question.sqliteCommit(of: records, flushes: false), per: .metric)
      case "SQLite OFF":
        return Model(
          try question.sqliteCommit(of: records, flushes: false, checkpoints: false), per: .metric)
      case "log, each commit":
        let bytes = records * Double(LoggedRecords.entryBytes)
        let flush = (try question.appended(bytes) / records).named("write and flush")
        return Model(try question.loggedRecord() + flush, per: .metric)
      default:
        let write = (try question.time("file.append") / records).named("write")
        return Model(try question.loggedRecord() + write, per: .metric)
      }
    })
}

/// SQLite with a write-ahead log.
private func sqlite(_ synchronous: SQLiteSettings.Synchronous) -> DurabilityTrial.Engine {
  let settings = SQLiteSettings(
    cacheBytes: 8 << 20, journal: .wal, synchronous: synchronous, checkpointPages: 0)
  return DurabilityTrial.Engine(
    name: "SQLite \(synchronous.rawValue)",
    open: { path, log in
      try SQLiteRecords(path, settings, files: ObservedFiles(log: log))
    },
    settle: { try ($0 as! SQLiteRecords).checkpoint() },
    flushes: { ($0 as! SQLiteRecords).counts.flushes })
}

/// A dictionary in memory and a log.
private func dictionary(
  _ name: String, flushed flush: AppendedLog.Flush
) -> DurabilityTrial.Engine {
  DurabilityTrial.Engine(
    name: name, open: { try LoggedRecords($0, flush: flush, files: $1) },
    flushes: { ($0 as! LoggedRecords).log.flushes })
}

private func commits(
  _ name: String, shows: String, _ engine: DurabilityTrial.Engine
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try DurabilityTrial($0, engine) }, report: { $0.report() },
    run: { trial in attempt { try trial.commitAll() } })
}
