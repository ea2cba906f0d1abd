import Harness
import Platform
import Results

extension Experiment {
  /// A shard that is split in two while somebody writes to it.
  static let onlineResharding = Experiment(
    id: "scale/online-resharding",
    title: "Stop the world and split the shard → copy, catch up, cut over",
    slot: "scale/100m/sharding",
    claim: """
      Splitting a shard of 40,000 rows while writes are stopped keeps a writer waiting as long as the \
      copy takes; copying in pieces, catching up with what was written meanwhile and stopping only for \
      the rest keeps it waiting for a millisecond or two at any size, which is one sleep at a lock. \
      Without catching up the wait is shorter still, and acknowledged writes are lost.
      """,
    mechanism: """
      A file of SQLite is a shard; half of its keys move to another file. A writer in a thread of its \
      own writes one row after the other, and its longest wait is the downtime. The copy reads pieces \
      of 500 rows by key, and the writer's new values wait for one piece at most. A trigger notes the \
      keys that were written (the log of changes); each pass of catching up copies those, and has \
      fewer left than the one before. Only the last pass is made with the writer stopped. The \
      formula counts the rows of that pass. It leaves out SQLite's own lock: a writer that meets a \
      pass sleeps for a millisecond before it looks again, however soon the lock is free. Afterwards \
      each acknowledged write is looked for in the shard that its key belongs to.
      """,
    limits: """
      The trigger makes each write more expensive until the end. Catching up ends only if rows are \
      copied faster than they are written. What was moved is deleted later, in pieces. Between \
      machines the cut-over must reach all clients: one with the old map writes to the old shard, \
      which has to refuse. Transactions over both halves are not possible any more.
      """,
    diagram: """
      flowchart LR
        subgraph before["stop the world: {stop the world}"]
          w0["writer"] -- "waits" --> c0["copy of {point}"] --> n0["two shards"]
        end
        lossy["copy, cut over: {copy, cut over}"]
        subgraph after["catch up: {catch up}"]
          w1["writer"] -- "goes on" --> c1["pieces"] --> l1["changed keys"] --> n1["two shards"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("rows", [2_000, 10_000, 40_000], smoke: 2_000, label: { "\($0) rows" }),
    metric: .reported("longest wait of the writer", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["acknowledged writes that are missing", "writes meanwhile", "time of the split"],
    needs: [.cores(2), .storage(bytes: 64 << 20)],
    tolerates: [.preempted, .migrated], isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "split") },
    variants: [
      variant("stop the world", "stopped", stopped),
      variant("copy, cut over", "copied", isReference: true, copied),
      variant("catch up", "caughtUp", caughtUp),
    ],
    demands: Demands { point in
      let split = try ShardSplit(point)
      let row = try split.time { try split.copyAll() } / Double(split.moving)
      return ["a row of the copy": row, "a write": try split.timedWrites(200)]
    },
    headline: DeclaredHeadline(value: 40_000, variant: "catch up"),
    model: { question throws(MissingNumber) in
      guard let row = question.demand("a row of the copy"), let write = question.demand("a write")
      else { return nil }
      let moving = Double(question.value) / 2
      // Half of the writes while the rows are copied are to rows that move.
      let changed =
        moving * row / (2 * (write + .exactly(1e3 * Double(ShardSplit.pause) + wakeUp)))
      let rows =
        question.isBaseline
        ? moving * row : question.variant == "catch up" ? changed * row : .exactly(0)
      return Model(
        rows.named("rows copied while it waits") + write.named("the write"), per: .metric)
    })
}

/// What a sleep takes longer than it should: the kernel's timer slack, in nanoseconds.
private let wakeUp = 55e3

/// Nobody writes while the rows move.
private func stopped(_ split: ShardSplit) throws {
  try split.whileWriterWaits {
    try split.copyAll()
    split.cutOver()
  }
}

/// The rows move while somebody writes, and the map changes: what was written to rows that had moved
/// already is left behind.
private func copied(_ split: ShardSplit) throws {
  try split.copyAll()
  try split.whileWriterWaits { split.cutOver() }
}

/// As `copied`, and what was written meanwhile is copied again, at last with the writer stopped.
private func caughtUp(_ split: ShardSplit) throws {
  try split.noteChanges()
  try split.copyAll()
  while try split.copyChanged() > ShardSplit.few {}
  try split.whileWriterWaits {
    while try split.copyChanged() > 0 {}
    split.cutOver()
  }
}

private func variant(
  _ name: String, _ shows: String, isReference: Bool = false,
  _ move: @escaping @Sendable (ShardSplit) throws -> Void
) -> Variant {
  Variant(
    name, isReference: isReference, shows: [shows], prepare: { try ShardSplit($0) },
    report: { $0.report },
    run: { split in orEnd { try split.run(losesWrites: isReference, move) } })
}
