import Harness
import Results

extension Experiment {
  /// What an index costs in memory and on each write, against the scans that it saves.
  static let indexOrScan = Experiment(
    id: "cost/index-or-scan",
    title: "A rarely read table in memory: scan → index",
    slot: "cost/storage/queries",
    claim: """
      On a table of 100 million rows in memory an index pays for itself from one read per some \
      hundred writes on; where reads are rarer than that, the scan is cheaper.
      """,
    mechanism: """
      A scan reads every row; the index reads one path of a tree. Each write has to walk and change \
      that path too, and the entries take memory all month. A path is a dozen cache misses and a scan \
      is all the bytes of the table, so one read saves what hundreds of thousands of writes cost. The \
      memory of the entries costs more than the work of all writes. The usual rule, “index what is \
      read more often than it is written”, asks for far too many reads.
      """,
    limits: """
      This counts cores and memory, not the reader's time, which is the usual reason for an index. \
      A scan that many readers share, a column store or a filter that prunes pages is cheaper. An \
      index on storage also costs writes to a log. The prices are those of one provider; the \
      break-even depends on the ratio of the price of memory to that of a core, and hardly on \
      either alone.
      """,
    diagram: """
      flowchart LR
        subgraph before["scan: {scan}"]
          direction LR
          r0["reads"] --> t0["all rows"]
          w0["writes"] --> t0
        end
        subgraph after["index: {index}"]
          direction LR
          r1["reads"] --> i1["a path of the tree"] --> t1["a row"]
          w1["writes"] --> i1
          i1 -.- m1["entries: memory all month"]
        end
        before -- "{speedup} for {point}" --> after
      """,
    sweep: .count("reads per hour", [1, 10, 100, 1_000, 10_000], smoke: 100),
    metric: .dollars("cost"),
    signals: ["break-even, reads per hour", "writes per read at the break-even"],
    work: { Work(elements: Double($0), each: "read") },
    variants: [
      Variant(computed: "scan", shows: ["scan"]) { question throws(MissingNumber) in
        Computation(try scan(reads: Double(question.value), question))
      },
      Variant(computed: "index", shows: ["index"]) { question throws(MissingNumber) in
        let upkeep = try index(reads: 0, question)
        let saved = try scan(reads: 1, question) - (try index(reads: 1, question) - upkeep)
        let breakEven = upkeep / saved
        return Computation(try index(reads: Double(question.value), question))
          .showing("break-even, reads per hour", breakEven)
          .showing("writes per read at the break-even", Ratio.exactly(writesAnHour) / breakEven)
      },
    ],
    rule: RuleOfThumb(
      "index what is read more often than it is written", breakEven: writesAnHour,
      source: "folklore of database administration"),
    // On a whiteboard: a scan is the bytes of the table, an index its entries and a path per write.
    model: { question throws(MissingNumber) in
      if question.isBaseline {
        let reading = Size.exactly(rows * rowBytes) / (try question.readBandwidth(of: .memory))
        let busy = Term.perHour(Double(question.value)) * reading
        return Model(
          (busy * (try Provider.machine().core)).perMonth.named("scans at memory bandwidth"),
          per: .metric)
      }
      let path = 12 * (try question.latency(of: .memory))
      let writes = (Term.perHour(writesAnHour) * path * (try Provider.machine().core)).perMonth
      let entries = (Size.exactly(16 * rows).gibibytes * (try Provider.machine().gibibyte)).perMonth
      return Model(
        entries.named("memory of the entries") + writes.named("writes"), per: .metric)
    })
}

private let rows = 100e6
private let rowBytes = 100.0
private let writesAnHour = 360_000.0

/// Each read goes over all rows; comparing and copying takes longer than the bare reading of memory.
private func scan(
  reads: Double, _ question: Question
) throws(MissingNumber) -> Term<DollarsPerMonth> {
  let reading = Size.exactly(rows * rowBytes) / (try question.readBandwidth(of: .memory))
  let engine = Ratio.assumed("time of a scan over reading its bytes", 3, in: 1...10)
  return (Term.perHour(reads) * (engine * reading) * (try Provider.machine().core)).perMonth
}

/// Reads and writes walk the tree; a write also changes it. An entry is key and reference, and pages
/// of a B-tree are two thirds full (Yao, Acta Informatica 9, 1978: ln 2).
private func index(
  reads: Double, _ question: Question
) throws(MissingNumber) -> Term<DollarsPerMonth> {
  let path =
    Ratio.assumed("cache misses of a path", 12, in: 6...24)
    * (try question.latency(of: .memory))
  let change = Ratio.assumed("work of a write over that of a look-up", 2, in: 1.5...4)
  let work = Term.perHour(reads) * path + Term.perHour(writesAnHour) * (change * path)
  let entries = (rows / 0.69) * Size.assumed("an entry", 16, in: 12...32)
  return
    (work * (try Provider.machine().core) + entries.gibibytes * (try Provider.machine().gibibyte))
    .perMonth
}
