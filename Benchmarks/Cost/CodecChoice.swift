import Harness
import Results

extension Experiment {
  /// Which codec for data that are kept: processor time once, storage every month.
  static let codecChoice = Experiment(
    cost: "codec-choice", "storage/compression",
    title: "A terabyte of logs a month: zstd 3 → zstd 19",
    claim: """
      Logs that are kept for years are worth the slowest level of a codec; those that are deleted \
      within months are not, though any compression beats none at once.
      """,
    mechanism: """
      Compressing costs processor time once; what is left costs storage every month. Between no \
      codec and a fast one lie most of the bytes, so that it pays within the first days. Between a \
      fast level and a slow one lie a few per cent of the bytes at many times the processor \
      time. The break-even is the difference in processor time, at the price of a core, over the \
      bytes saved, at the price of a month of storage. On pictures, which are compressed already, no \
      codec ever pays.
      """,
    limits: """
      Ratios are those of blocks of 64 KiB, as a store with random access has them; whole files \
      compress better. Reading has its own price: zstd decompresses at all levels alike, and about \
      as often as the data are read. Real logs repeat more than seeded ones, or less. \
      Between the two levels another codec can be the cheapest: the table has them all.
      """,
    diagram: """
      flowchart LR
        subgraph before["zstd 3: {zstd 3}"]
          l0["logs"] --> c0["a little CPU"] --> s0["storage for {point}"]
        end
        subgraph after["zstd 19: {zstd 19}"]
          l1["logs"] --> c1["much CPU"] --> s1["a little less storage"]
        end
        others["none: {none}, lz4: {lz4}, zlib 6: {zlib 6}, zstd 1: {zstd 1}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "months kept", [1, 3, 6, 12, 36, 84], smoke: 3,
      label: { $0 == 1 ? "1 month" : "\($0) months" }),
    rule: RuleOfThumb(
      "use the fast level, and the slow one only for archives", source: "manual of zstd"),
    options: [
      option("zstd 3", code: "compressed", bill: codec("zstd-3")),
      option("none", code: "kept", isReference: true, bill: plain),
      option("lz4", code: "compressed", bill: codec("lz4")),
      option("zlib 6", code: "compressed", bill: codec("zlib-6")),
      option("zstd 1", code: "compressed", bill: codec("zstd-1")),
      option("zstd 19", code: "compressed", bill: codec("zstd-19")),
    ])
}

private let arriving = Size.exactly(0x1p40)

/// In the steady state a month's logs are there for each month that they are kept.
private func kept(_ bytes: Size, _ months: Double) throws(MissingNumber) -> Bill {
  (try Provider.aws.price("storage.standard") * (months * bytes).kept).named("storage")
}

private func plain(_ months: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try kept(arriving, months)
}

private func codec(
  _ name: String
) -> @Sendable (Double, Question) throws(MissingNumber) -> Bill {
  { months, question throws(MissingNumber) in try compressed(name, months, question) }
}

private func compressed(
  _ name: String, _ months: Double, _ question: Question
) throws(MissingNumber) -> Bill {
  let ratio = try question.ratio("codec.\(name).logs.ratio")
  let packing = arriving / (try question.bandwidth("codec.\(name).logs"))
  let reads = Ratio.assumed("how often logs are read", 1, in: 0.1...5)
  let reading = reads * (arriving / (try question.bandwidth("codec.\(name).decompress")))
  return try kept(arriving / ratio, months)
    + cores(packing).named("compression") + cores(reading).named("decompression")
}
