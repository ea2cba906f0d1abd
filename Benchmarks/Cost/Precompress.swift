import Harness
import Results

extension Experiment {
  /// An object that is sent again and again: compressed each time, or once as well as can be.
  static let precompress = Experiment(
    cost: "precompress", "network/compression",
    title: "Objects that do not change: gzip each time → brotli 11 once",
    claim: """
      Compressing an object once with the slowest level pays after some tens of requests, and after \
      a few hundred the processor time no longer matters beside the bytes.
      """,
    mechanism: """
      The slow level costs a hundred times the processor time of the fast one, and is paid once for \
      each version of an object. Each request then saves the fast level's processor time and some \
      per cent of the bytes. Bytes are the larger part: the break-even follows from the difference \
      of the ratios and the price of egress.
      """,
    limits: """
      The compressed form is kept beside the plain one for clients that do not know the codec. \
      Objects that change with each release are compressed with each release: count requests per \
      version. Whole files of more than 64 KiB compress better than computed, at either level.
      """,
    diagram: """
      flowchart LR
        subgraph before["gzip each time: {gzip each time}"]
          r0["a request"] --> c0["fast level"] --> u0["user"]
        end
        subgraph after["brotli 11 once: {brotli 11 once}"]
          v1["a version"] --> c1["slowest level, once"] --> s1["stored"] --> u1["user"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count(
      "requests of a version", [1, 3, 10, 30, 100, 1_000, 10_000], smoke: 30),
    rule: RuleOfThumb(
      "compress static files when they are built", source: "documentation of web servers"),
    options: [
      option("gzip each time", code: "sent", bill: eachTime),
      option("brotli 11 once", code: "sent", bill: once),
    ])
}

/// A million versions of objects of 64 KiB in a month.
private let versions = Size.exactly(1e6 * 65_536)

private func sent(_ bytes: Size) throws(MissingNumber) -> Bill {
  (try Provider.aws.price("egress.10tb") * bytes.moved).named("egress")
}

private func packing(_ name: String, _ question: Question) throws(MissingNumber) -> Time {
  versions / (try question.bandwidth("codec.\(name).json"))
}

private func eachTime(_ requests: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let ratio = try question.ratio("codec.zlib-6.json.ratio")
  return try sent((requests * versions) / ratio)
    + cores(requests * packing("zlib-6", question)).named("compression")
}

private func once(_ requests: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let ratio = try question.ratio("codec.brotli-11.json.ratio")
  return try sent((requests * versions) / ratio)
    + cores(packing("brotli-11", question)).named("compression")
    + (Provider.aws.price("storage.standard") * (versions / ratio).kept).named("storage")
}
