import Databases
import Glibc
import Harness
import Results

extension Experiment {
  /// Connections that read a row, think, and write it.
  static let lostUpdate = Experiment(
    id: "scale/lost-update",
    title: "Read, compute, write → write only if nobody else has",
    slot: "scale/100k/consistency",
    claim: """
      Of eight connections that read a row, compute for 0.3 ms and write it, an eighth of the \
      acknowledged updates is kept; comparing the old value at the write keeps all, for several \
      tries each, and an update that computes in the statement keeps all at the first try.
      """,
    mechanism: """
      Each statement is atomic, the three steps are not: all who read before the first write \
      compute from the same value, and the last one overwrites the others. Nothing fails and \
      nothing is logged. With n connections that are always at it, one of n updates is left. A \
      write that names the old value changes no row if somebody was faster, so that the client \
      reads again. Where the new value can be computed by the database, reading and writing are \
      one step.
      """,
    limits: """
      A transaction around read and write helps only if the database detects the conflict \
      (serialisable, or repeatable read with an error) and the client tries again; SQLite refuses \
      the upgrade of an old snapshot with SQLITE_BUSY. Under contention, comparing wastes the work \
      of all but one: a lock taken before the read (`SELECT … FOR UPDATE`, `BEGIN IMMEDIATE`) \
      queues instead.
      """,
    diagram: """
      flowchart LR
        subgraph before["read, then write: {read, then write}"]
          direction LR
          r0["read 5"] --> c0["compute"] --> w0["write 6"]
          r1["read 5"] --> c1["compute"] --> w1["write 6"]
        end
        subgraph after["compare and set: {compare and set}"]
          direction LR
          r2["read 5"] --> c2["compute"] --> w2["write 6 if still 5"]
        end
        one["in one statement: {in one statement}"]
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count(
      "connections", [1, 2, 4, 8], smoke: 2,
      label: { $0 == 1 ? "1 connection" : "\($0) connections" }),
    metric: .share("increments kept", lowerIsBetter: false),
    signals: ["tries per increment"],
    needs: [.storage(bytes: 8 << 20)],
    tolerates: loadTolerates.union([.migrated]),
    isMirrored: false,
    work: { Work(elements: Double(SharedCounter.each * $0), each: "increment") },
    variants: [
      variant("read, then write", shows: "overwrite", overwrite),
      variant("compare and set", shows: "compareAndSet", compareAndSet),
      variant("in one statement", shows: "addInPlace", addInPlace),
    ],
    headline: DeclaredHeadline(value: 8, variant: "compare and set"),
    model: { question in
      let kept = question.isBaseline ? 100 / Double(question.value) : 100
      return Model(
        Term<Percent>.exactly(kept).named("one of those that read the same value"), per: .metric)
    })
}

private func overwrite(_ row: SharedCounter.Connection) throws -> Int {
  let old = try row.value()
  usleep(SharedCounter.thinking)
  try row.set(old + 1)
  return 1
}

private func compareAndSet(_ row: SharedCounter.Connection) throws -> Int {
  var tries = 0
  while true {
    let old = try row.value()
    usleep(SharedCounter.thinking)
    tries += 1
    if try row.set(old + 1, ifStill: old) { return tries }
  }
}

private func addInPlace(_ row: SharedCounter.Connection) throws -> Int {
  usleep(SharedCounter.thinking)
  try row.addOne()
  return 1
}

private func variant(
  _ name: String, shows: String, _ raise: @escaping SharedCounter.Raise
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try SharedCounter(connections: $0.value, raise) },
    report: { $0.reports },
    run: { counter in
      do { return try counter.raiseAll() } catch { fatalError("the counter: \(error)") }
    })
}
