import Harness
import Results

extension Experiment {
  /// Responses compressed as they are sent: which codec at which price of egress.
  static let egressCompression = Experiment(
    cost: "egress-compression", "network/compression",
    title: "JSON compressed as it is sent: gzip → brotli 11",
    claim: """
      The slowest level of a codec hardly pays for responses that are compressed each time, even at a \
      dollar per gigabyte of egress; any fast level pays even at a tenth of a cent.
      """,
    mechanism: """
      A gigabyte of egress costs as much as hours of a core. Fast codecs compress a gigabyte of JSON \
      in seconds, so that the bytes that they save are nearly all profit. What a slow level saves \
      beyond that are a few per cent of the bytes, for dozens of times the processor time. On \
      pictures, which are compressed already, every codec costs and saves nothing.
      """,
    limits: """
      The receiver's time to decompress is not counted, nor that of a user who waits for fewer \
      bytes. Headers and small responses compress worse than blocks of 64 KiB. What is sent often \
      without change is compressed once: see cost/precompress.
      """,
    diagram: """
      flowchart LR
        subgraph before["zlib 6: {zlib 6}"]
          r0["JSON"] --> c0["seconds of a core"] -- "bytes at {point}" --> u0["users"]
        end
        subgraph after["brotli 11: {brotli 11}"]
          r1["JSON"] --> c1["minutes of a core"] -- "fewer bytes" --> u1["users"]
        end
        others["none: {none}, lz4: {lz4}, zstd 3: {zstd 3}, brotli 5: {brotli 5}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "price of egress", [1, 5, 20, 90, 300, 1_000], smoke: 90,
      label: { "$\((Double($0) / 1_000).brief)/GB" }),
    rule: RuleOfThumb("compress whatever is text", source: "folklore of web operations"),
    options: [
      option("zlib 6", code: "sent", bill: codec("zlib-6")),
      option("none", code: "plain", isReference: true, bill: plain),
      option("lz4", code: "sent", bill: codec("lz4")),
      option("zstd 3", code: "sent", bill: codec("zstd-3")),
      option("brotli 5", code: "sent", bill: codec("brotli-5")),
      option("brotli 11", code: "sent", bill: codec("brotli-11")),
    ])
}

/// Ten terabytes a month.
private let bytes = Size.exactly(10 * 0x1p40)

private func egress(_ bytes: Size, _ thousandths: Double) -> Bill {
  Term<DollarsPer<Gigabytes>>.exactly(thousandths / 1_000) * bytes.moved
}

private func plain(_ price: Double, _ question: Question) throws(MissingNumber) -> Bill {
  egress(bytes, price).named("egress")
}

private func codec(
  _ name: String
) -> @Sendable (Double, Question) throws(MissingNumber) -> Bill {
  { price, question throws(MissingNumber) in try sent(name, price, question) }
}

private func sent(
  _ name: String, _ price: Double, _ question: Question
) throws(MissingNumber) -> Bill {
  let ratio = try question.ratio("codec.\(name).json.ratio")
  let packing = bytes / (try question.bandwidth("codec.\(name).json"))
  return egress(bytes / ratio, price).named("egress")
    + (try cores(packing)).named("compression")
}
