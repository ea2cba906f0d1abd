import Harness
import Results

extension Experiment {
  /// A report that is read from its source, or from a table made in advance.
  static let materialise = Experiment(
    cost: "materialise", "storage/queries",
    title: "A report over 100 GB: computed at each read → a table kept up to date",
    claim: """
      A table that is made anew each hour pays only if the report is read more often than that; \
      one that takes in what is new pays from some four reads a day on, and what decides is the \
      work of keeping it right.
      """,
    mechanism: """
      Each read of the report scans its source, 100 GB. A table that is made anew scans it once an \
      hour, whoever reads. One that is kept up to date scans what came in that hour, which is a \
      thousandth of it, and somebody has to write and run the difference. The break-even of the \
      first is one read an hour; that of the second is its upkeep over the price of a scan.
      """,
    limits: """
      Not every report can take in what is new alone: distinct counts and medians need sketches or \
      the whole. Late and changed rows have to be made good. A report that is read from a table is as \
      old as its last hour.
      """,
    diagram: """
      flowchart LR
        subgraph before["at each read: {at each read}"]
          r0["{point}"] --> s0["scan of 100 GB"]
        end
        subgraph after["what is new: {what is new}"]
          h1["each hour"] --> n1["scan of the new rows"] --> t1["table"]
          r1["{point}"] --> t1
        end
        anew["made anew each hour: {made anew}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "reads a month", [3, 10, 30, 100, 730, 3_000, 30_000], smoke: 100,
      label: { "\($0) reads" }),
    rule: RuleOfThumb(
      "materialise what is read more often than it is refreshed", breakEven: 730,
      source: "folklore of data warehouses"),
    options: [
      option("at each read", code: "computed", bill: computed),
      option("made anew", code: "anew", bill: anew),
      option("what is new", code: "incremental", bill: incremental),
    ])
}

private let source = 100.0 / 1_024
private let refreshes = 730.0

private func scans(_ count: Ratio) throws(MissingNumber) -> Bill {
  try Provider.aws.price("query.scanned") * Term<Terabytes>(count * .exactly(source))
}

/// The least that a query is charged for.
private func small(_ count: Double) throws(MissingNumber) -> Bill {
  try Provider.aws.price("query.scanned") * Term<Terabytes>.exactly(count * 10 / 0x1p20)
}

private func computed(_ reads: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try scans(.exactly(reads)).named("scans by readers")
}

private func anew(_ reads: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try scans(.exactly(refreshes)).named("scans each hour") + small(reads).named("reads of the table")
}

private func incremental(_ reads: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let new = Ratio.assumed("share of the source that is new in an hour", 0.001, in: 0.0002...0.01)
  let upkeep = Ratio.assumed("hours a month to keep it right", 0.5, in: 0.1...4)
  return try scans(refreshes * new).named("scans of what is new")
    + small(reads + refreshes).named("reads of the table")
    + developers(upkeep).named("upkeep")
}
