import Harness
import Results

extension Experiment {
  /// How a table that is queried by the byte is written.
  static let columnarEncoding = Experiment(
    cost: "columnar-encoding", "storage/compression",
    title: "Ten terabytes of events, compressed: lines of text → columns with short values",
    claim: """
      Columns by themselves compress little better than lines of text; what saves is that a query \
      reads only the columns it names, and that values are written short before the codec sees them. \
      With few queries neither pays for the conversion.
      """,
    mechanism: """
      A codec finds what repeats within some kilobytes, and text of numbers has its digits there. Eight \
      bytes a value, column by column, have the same numbers and many zeros. Differences of times, \
      runs of states and numbers of as many bytes as they need leave little for the codec to find. \
      The ratios are this machine's for the same 4,096 rows in each form. A query names a share of \
      the columns and, in text, pays for all of them. The conversion reads and writes everything once \
      for each month's data.
      """,
    limits: """
      Real formats (Parquet, ORC) choose an encoding for each column and add dictionaries and \
      statistics. Random identifiers and encrypted values encode to nothing. Few large files are \
      assumed; a file a minute has more footer than data.
      """,
    diagram: """
      flowchart LR
        subgraph before["text: {text}"]
          q0["{point}"] --> t0["all bytes of all lines"]
        end
        subgraph after["short values: {short values}"]
          q1["{point}"] --> c1["the columns that are named"]
        end
        plain["columns: {columns}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "queries a month", [1, 3, 10, 30, 100, 1_000], smoke: 30,
      label: { $0 == 1 ? "1 query" : "\($0) queries" }),
    rule: RuleOfThumb(
      "a column format saves 87% of storage and 99% of scanned bytes",
      source: "Databricks glossary, What is Parquet?: CSV against Parquet"),
    options: [
      option(
        "text", code: "table",
        bill: { queries, question throws(MissingNumber) in try table("text", queries, question) }),
      option(
        "columns", code: "converted", "table",
        bill: { queries, question throws(MissingNumber) in
          try converted("columnar", queries, question)
        }),
      option(
        "short values", code: "converted", "table",
        bill: { queries, question throws(MissingNumber) in
          try converted("encoded", queries, question)
        }),
    ])
}

/// As lines of text, before any codec.
private let bytes = Size.exactly(10 * 0x1p40)
/// Of the table, what a query asks about.
private let asked = Ratio.assumed("share of the rows that a query is about", 0.1, in: 0.02...0.5)

private func table(
  _ form: String, _ queries: Double, _ question: Question, columns: Ratio = .exactly(1)
) throws(MissingNumber) -> Bill {
  let kept = bytes / (try question.ratio("codec.table.\(form).ratio"))
  let read = queries * (asked * (columns * kept))
  return (try Provider.aws.price("storage.standard") * kept.kept).named("storage")
    + (try Provider.aws.price("query.scanned") * Term<Terabytes>(read / .exactly(0x1p40))).named(
      "bytes scanned")
}

/// A tenth of the table is new each month.
private func converted(
  _ form: String, _ queries: Double, _ question: Question
) throws(MissingNumber) -> Bill {
  let columns = Ratio.assumed("share of the columns that a query names", 0.4, in: 0.1...0.8)
  let speed = Bandwidth.assumed(
    "bytes of text converted in a second by a core", 60e6, in: 20e6...300e6)
  let upkeep = Ratio.assumed("hours a month to run the conversion", 1, in: 0.2...4)
  let work = (.exactly(0.1) * bytes) / speed
  return try table(form, queries, question, columns: columns)
    + cores(work).named("conversion") + developers(upkeep).named("upkeep")
}
