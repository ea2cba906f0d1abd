import Harness
import Results

extension Experiment {
  /// Queries that are paid by the bytes that they scan.
  static let partitionPruning = Experiment(
    cost: "partition-pruning", "storage/queries",
    title: "Queries on a year of data: all bytes scanned → partitions by day",
    claim: """
      Partitions of a terabyte pay from some twenty queries a month on, if somebody has to set \
      them up. By the minute or by the day makes hardly a difference at these prices, though a \
      year has half a million minutes.
      """,
    mechanism: """
      A service that is paid by the terabyte charges for what a query reads, not for what it returns. \
      A question about a week reads a fifty-second of a year if the data lie in a folder for each \
      day. Writing them there is paid in requests and work once a month. Partitions by the minute \
      make files of 2 MB, whose requests and footers add some per cent. The break-even is that work over the \
      price of the bytes that one query no longer reads.
      """,
    limits: """
      Only queries that filter by the partition's column gain, and they must say so: a function of \
      the column reads everything. A column format with statistics of its blocks prunes too. The \
      least that a query is charged for is 10 MB.
      """,
    diagram: """
      flowchart LR
        subgraph before["all bytes: {all bytes}"]
          q0["{point}"] --> t0["a year: 1 TB"]
        end
        subgraph after["by day: {by day}"]
          q1["{point}"] --> d1["7 of 365 days"]
        end
        minute["by minute: {by minute}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "queries a month", [1, 5, 20, 100, 1_000, 10_000], smoke: 100,
      label: { $0 == 1 ? "1 query" : "\($0) queries" }),
    rule: RuleOfThumb(
      "partition by what is filtered most", source: "Amazon Athena documentation, Partition data"),
    options: [
      option("all bytes", code: "scanned", bill: whole),
      option(
        "by minute", code: "partitioned", isReference: true,
        bill: { queries, _ throws(MissingNumber) in try partitioned(queries, daily: 1_440) }),
      option(
        "by day", code: "partitioned",
        bill: { queries, _ throws(MissingNumber) in try partitioned(queries, daily: 1) }),
    ])
}

private let year = 0x1p40
/// Of the queries, those that ask about some days; the others need the year.
private let filtered = Ratio.assumed("share of queries that filter by day", 0.8, in: 0.4...0.98)
private let days = Ratio.assumed("days that such a query is about", 7, in: 1...60)

private func scanned(_ bytes: Size) throws(MissingNumber) -> Bill {
  try Provider.aws.price("query.scanned") * Term<Terabytes>(bytes / .exactly(0x1p40))
}

private func whole(_ queries: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try scanned(queries * .exactly(year)).named("bytes scanned")
}

/// - Parameter daily: partitions of a day, a file each.
private func partitioned(_ queries: Double, daily: Double) throws(MissingNumber) -> Bill {
  let share = filtered * (days / .exactly(365)) + (1 - filtered)
  let footer = Size.assumed("bytes read of a file to find its columns", 16e3, in: 4e3...64e3)
  let opened = (queries * 365 * daily) * share
  let written = Term<Requests>.exactly(30.4 * daily)
  let work = Ratio.assumed("hours to set it up, over a year", 8, in: 2...40) / .exactly(12)
  return try scanned(queries * (share * .exactly(year))).named("bytes scanned")
    + scanned(opened * footer).named("footers of files")
    + (Provider.aws.price("storage.standard.get") * Term<Requests>(opened)).named("files opened")
    + (Provider.aws.price("storage.standard.put") * written).named("files written")
    + developers(work).named("work")
}
