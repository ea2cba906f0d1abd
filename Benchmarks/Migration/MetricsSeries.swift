import Databases
import Harness
import Platform
import Results
import Techniques

extension Experiment {
  /// Metrics, a row per point or packed by what changes.
  static let metricsSeries = Experiment(
    id: "migration/metrics-series",
    title: "Metrics: a row per point → blocks of differences",
    slot: "migration/database/polyglot",
    claim: """
      Packed as differences, a point of a metric takes two to five bytes in place of eighteen in \
      a row, and is written many times faster; how many depends on how far the value moves from \
      one point to the next, and not on how large it is.
      """,
    mechanism: """
      A row repeats in each point the series it belongs to, the time as four bytes, and the \
      record's header and key. Regular times have equal steps, so that the difference of two \
      steps is zero: one byte. A value's difference to the last takes a byte up to ±63, two up \
      to ±8,191. Blocks of 120 points are one row each, keyed by series and first time. The \
      values walk: each step is normally distributed with a deviation of {point}. All points are \
      read back and compared.
      """,
    limits: """
      A block can only be read from its beginning, and a late point does not fit in: it needs a \
      block of its own. What is in memory before its block is full is lost at a crash unless a \
      log has it. Floating-point values need Gorilla's XOR, which is good where they repeat and \
      poor where their last bits are noise. A thousand points of one series; more series change \
      nothing.
      """,
    diagram: """
      flowchart LR
        subgraph before["rows: {rows}"]
          direction LR
          p0["point, ± {point}"] --> r0["series, time, value"]
        end
        subgraph after["blocks: {blocks}"]
          direction LR
          p1["point, ± {point}"] --> b1["difference to the last"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "step of the value", [10, 1_000, 100_000], smoke: 10, label: { "\($0)" }),
    metric: .bytes("bytes per point"),
    signals: ["insert of a point"],
    tolerates: countTolerates,
    work: { _ in Work(elements: Double(count), each: "point") },
    variants: [
      Variant(
        "rows", shows: ["writeRows"], prepare: { MetricPoints($0) }, report: { $0.report },
        run: { points in orEnd { try points.measured(writeRows) } }),
      Variant(
        "blocks", shows: ["writeBlocks"], prepare: { MetricPoints($0) }, report: { $0.report },
        run: { points in orEnd { try points.measured(writeBlocks) } }),
    ],
    model: { question in
      let step = Double(question.value)
      // Shares of a normal distribution of steps within the reach of one, two, three bytes.
      let reaches = [64.0, 8_192, 1_048_576].map { 2 * normal(below: $0 / step) - 1 }
      let value = reaches.reduce(4) { $0 - $1 }
      guard question.isBaseline else {
        return Model(
          Term<Bytes>.exactly(1).named("a regular step of time")
            + Term<Bytes>.exactly(value).named("difference of the value")
            + Term<Bytes>.exactly(16.0 / Double(MetricPoints.block)).named(
              "row of a block, shared"), per: .metric)
      }
      // SQLite's file format: two for the cell's place, one for its length, four for the header of
      // three columns; then series, time and value.
      return Model(
        Term<Bytes>.exactly(7).named("place, length, header")
          + Term<Bytes>.exactly(1 + 4).named("series and time")
          + Term<Bytes>.exactly(4).named("value"), per: .metric)
    })
}

private let count = MetricPoints.count

/// One row per point.
private func writeRows(_ points: MetricPoints, to database: SQLiteDatabase) throws {
  let row = try database.prepare("INSERT INTO points VALUES (7, ?, ?)")
  for point in points.all {
    try row.bind(point.time, at: 1)
    try row.bind(point.value, at: 2)
    try row.run()
  }
}

/// One row per block.
private func writeBlocks(_ points: MetricPoints, to database: SQLiteDatabase) throws {
  let row = try database.prepare("INSERT INTO blocks VALUES (7, ?, ?)")
  for first in stride(from: 0, to: points.all.count, by: MetricPoints.block) {
    var series = DeltaSeries()
    for point in points.all[first..<min(first + MetricPoints.block, points.all.count)] {
      series.append(time: point.time, value: point.value)
    }
    try row.bind(points.all[first].time, at: 1)
    try series.bytes.withUnsafeBytes { bytes in
      try row.bind(bytes: bytes, at: 2)
      try row.run()
    }
  }
}
