import Harness
import Results

extension Experiment {
  /// From which size on a response is worth compressing.
  static let compressThreshold = Experiment(
    cost: "compress-threshold", "network/compression",
    title: "Small responses: sent plain → compressed",
    claim: """
      By the prices of egress and of a core, compressing JSON pays from some two hundred bytes on, \
      well below the thresholds that web servers and their guides recommend.
      """,
    mechanism: """
      A compressed response has a head of its own, and a codec needs some hundred bytes before it \
      finds what repeats: that many bytes are sent as they are. Beyond them a response shrinks by \
      the codec's ratio. A call of the codec takes some microseconds, which cost less than ten bytes \
      of egress. So bytes decide, not processor time.
      """,
    limits: """
      Below one packet of about 1,400 bytes nothing arrives earlier: the gain is money only. Over a \
      path that is free, such as to the provider's own CDN, nothing is saved. A response that holds \
      a secret beside what a caller chose must not be compressed at all.
      """,
    diagram: """
      flowchart LR
        subgraph before["plain: {plain}"]
          r0["{point}"] -- "egress" --> u0["users"]
        end
        subgraph after["compressed: {compressed}"]
          r1["{point}"] --> c1["codec"] -- "less egress" --> u1["users"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes(
      "response", [32, 64, 128, 256, 512, 1 << 10, 4 << 10, 16 << 10], smoke: 256),
    rule: RuleOfThumb(
      "compress from 1 KB on", breakEven: 1_024,
      source: "defaults and guides of web servers and CDNs, 860 to 1,400 bytes"),
    options: [
      option(
        "plain", code: "sent",
        bill: { size, _ throws(MissingNumber) in
          try sent(.exactly(size))
        }),
      option("compressed", code: "compressed", bill: compressed),
    ])
}

/// A billion responses a month, with the headers that both have.
private let responses = Term<Requests>.exactly(1e9)

private func sent(_ body: Size) throws(MissingNumber) -> Bill {
  let headers = Size.assumed("headers of a response", 250, in: 100...600)
  let price = try Provider.aws.price("egress.10tb", Gigabytes.self)
  return (price * (responses * headers).moved).named("headers")
    + (price * (responses * body).moved).named("bodies")
}

/// A straight line through the two sizes that were measured: what records of 300 B have more than
/// by the ratio of blocks of 64 KiB is what a codec needs to begin with.
private func compressed(_ size: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let large = try question.ratio("codec.zstd-3.json.ratio")
  let small = try question.ratio("codec.record.ratio")
  let head = Size.assumed("header that names the codec", 24, in: 22...28)
  let body = Size.exactly(300) / small - Size.exactly(300) / large
  let call = try question.time("codec.record")
  let packing = responses * ((size / 300) * call)
  return try sent(body + head + Size.exactly(size) / large)
    + cores(packing).named("compression")
}
