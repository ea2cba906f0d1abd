import Databases
import Harness
import Results

extension Experiment {
  /// Readings of devices, a row each or sixty in a row.
  static let timeBuckets = Experiment(
    id: "migration/time-buckets",
    title: "Readings over time: a row each → sixty in a row",
    slot: "migration/database/data-model",
    claim: """
      With sixty readings in a row a range of a thousand is read many times faster, and a \
      reading takes a third less space; for a range shorter than a bucket the gain is small, and \
      a reading that comes late has to rewrite its bucket.
      """,
    mechanism: """
      A row per reading costs a step of the cursor, a decoded record and two columns for eight \
      bytes of value. A bucket is one row: device, hour, and the values of its minutes side by \
      side, which the program adds in a loop over memory. The times are not stored, as a \
      reading's place in the bucket says its minute. {point} are summed, for eight ranges per \
      call. A writer collects an hour in memory and inserts one row; if it is killed, what it \
      had collected is lost unless a log keeps it.
      """,
    limits: """
      Readings that do not come once per minute need their times in the bucket, or a bitmap. A \
      single reading can't be indexed, updated or deleted by SQL any more. Time-series databases \
      do the same inside and compress the values on top. Table by (device, time) without rowid, \
      64 devices with 1,440 readings each.
      """,
    diagram: """
      flowchart LR
        subgraph before["a row each: {a row each}"]
          direction LR
          q0["sum of {point}"] --> r0["a row per reading"]
        end
        subgraph after["bucketed: {bucketed}"]
          direction LR
          q1["sum of {point}"] --> r1["a row per hour"] --> v1["60 values"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "readings", [10, 100, 1_000], smoke: 100, label: { "\($0) readings" }),
    signals: ["bytes per reading", "insert of a reading"],
    needs: [.storage(bytes: SharedDatabase.needed)], tolerates: [.preempted],
    work: { _ in Work(elements: Double(Readings.ranges), each: "range") },
    variants: [
      Variant(
        "a row each", shows: ["eachRow"],
        prepare: { try Readings($0, eachRow, table: "readings") }, report: { $0.report },
        run: { readings in orEnd { try readings.sumOfRows() } }),
      Variant(
        "bucketed", shows: ["buckets"], prepare: { try Readings($0, buckets, table: "buckets") },
        report: { $0.report }, run: { readings in orEnd { try readings.sumOfBuckets() } }),
    ],
    headline: DeclaredHeadline(value: 1_000, variant: "bucketed"),
    model: { question throws(MissingNumber) in
      let readings = Double(question.value)
      let start = (try question.time("sqlite.lookup")).named("query")
      if question.isBaseline {
        let row = try question.time("sqlite.index.covered")
        return Model(start + (readings * row).named("rows"))
      }
      // A range begins anywhere in its first bucket.
      let rows = 1 + (readings - 1) / Double(Readings.perBucket)
      let add = 2 * (try question.time("add.integer.latency"))
      return Model(
        start + (rows * (try question.time("sqlite.result.row"))).named("buckets")
          + (readings * add).named("values"))
    })
}

private var eachRow: String {
  "SELECT count(*), sum(value) FROM readings WHERE device = ? AND minute BETWEEN ? AND ?"
}
private var buckets: String {
  "SELECT hour, body FROM buckets WHERE device = ? AND hour BETWEEN ? / 60 AND ? / 60"
}
