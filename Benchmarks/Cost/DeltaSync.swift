import Harness
import Results
import Statistics

extension Experiment {
  /// A table that is copied to another region each night.
  static let deltaSync = Experiment(
    cost: "delta-sync", "network/multi-region",
    title: "A table of a terabyte, each night: full copies → changed blocks",
    claim: """
      Sending changed blocks instead of a full copy saves much only while less than one per cent of \
      the rows changes, unless the changes lie together; sending changed rows saves at any rate.
      """,
    mechanism: """
      A block of 64 KiB holds some hundred rows, and one changed row makes it a changed block. With \
      changes at random the share of changed blocks is 1 − (1 − p)ⁿ: at one per cent of the rows and \
      two hundred rows a block that is 87%. Finding them costs reading and hashing the whole table. \
      A log of changes holds the rows alone, and is written when they change.
      """,
    limits: """
      Where changes lie together, as in tables ordered by time, blocks are as good as rows. A log of \
      changes that is lost or damaged needs a full copy. Full copies can be checked and restored by \
      themselves. All three are compressed with zstd 3, at the ratio that was measured here.
      """,
    diagram: """
      flowchart LR
        subgraph before["full copies: {full copies}"]
          t0["table"] --> c0["compressed"] -- "other region" --> r0["copy"]
        end
        subgraph after["changed blocks: {changed blocks}"]
          t1["table, {point} changed"] --> h1["hashes"] -- "other region" --> r1["copy"]
        end
        rows["changed rows: {changed rows}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "rows changed in a day", [1, 3, 10, 30, 100, 300, 1_000, 5_000], smoke: 30,
      label: { "\((Double($0) / 100).brief) %" }),
    rule: RuleOfThumb(
      "send deltas while less than half has changed", breakEven: 5_000, source: "folklore"),
    options: [
      option("full copies", code: "sent", bill: full),
      option("changed rows", code: "sent", bill: rows),
      option("changed blocks", code: "blocks", bill: blocks),
    ])
}

private let table = Size.exactly(0x1p40)
private let nights = 30.4

/// Compressed, in a month.
private func sent(_ share: Ratio, _ question: Question) throws(MissingNumber) -> Bill {
  let bytes = share * (nights * table)
  let ratio = try question.ratio("codec.zstd-3.columns.ratio")
  let packing = bytes / (try question.bandwidth("codec.zstd-3.columns"))
  return try (Provider.aws.price("transfer.region") * (bytes / ratio).moved).named("transfer")
    + cores(packing).named("compression")
}

private func full(_ hundredths: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try sent(.exactly(1), question)
}

/// A row of the log has a key and a place besides.
private func rows(_ hundredths: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let larger = Ratio.assumed("a change over its row", 1.3, in: 1.1...2)
  return try sent((hundredths / 10_000) * larger, question)
}

private func blocks(_ hundredths: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let perBlock = Ratio.assumed("rows in a block", 200, in: 50...600)
  let together = Ratio.assumed("changed rows that lie together", 3, in: 1...30)
  let share = Ratio.function("changed blocks", of: perBlock, together) {
    1 - exponential(($0 / $1) * naturalLogarithm(1 - hundredths / 10_000))
  }
  let hashing = nights * (table / (try question.bandwidth("bandwidth.read.memory")))
  let slower = Ratio.assumed("hashing a table over reading it", 10, in: 3...30)
  return try sent(share, question) + cores(slower * hashing).named("hashing")
}
