import Harness
import Results

extension Experiment {
  /// Whether a content delivery network pays by its prices alone.
  static let cdnBreakEven = Experiment(
    cost: "cdn-break-even", "network/cdn",
    title: "Responses to the internet: from the servers → through a CDN",
    claim: """
      Within one provider the size of the responses decides whether a CDN is cheaper, and not its \
      hit ratio: small responses pay more per request than they save on bytes.
      """,
    mechanism: """
      The provider charges nothing from its servers to its CDN, and a little less from there to the \
      internet. So even a CDN that never hits saves on bytes. It charges for requests, which the \
      servers' egress does not. A hit saves the processor time of the server and its balancer. The \
      break-even is the price of a request, less what a hit saves, over the difference of the prices \
      per gigabyte.
      """,
    limits: """
      Users see the CDN's distance, not its price: latency is the usual reason for one. The first \
      terabyte and ten million requests of a month are free. Large customers negotiate both prices. \
      From another provider the origin's egress is paid as well, and then the hit ratio decides.
      """,
    diagram: """
      flowchart LR
        subgraph before["from the servers: {from the servers}"]
          s0["servers"] -- "egress" --> u0["users"]
        end
        subgraph after["CDN: {CDN}"]
          s1["servers"] -- "misses, free" --> c1["CDN"] -- "egress and requests" --> u1["users"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes(
      "mean response", [1 << 10, 8 << 10, 64 << 10, 256 << 10, 1 << 20, 16 << 20], smoke: 64 << 10),
    rule: RuleOfThumb(
      "a CDN pays from a hit ratio of one half", source: "folklore of web operations"),
    options: [
      option("from the servers", code: "served", bill: direct),
      option("CDN", code: "delivered", bill: delivered),
    ])
}

/// Ten terabytes a month.
private let bytes = 10 * 0x1p40

private func served(
  _ requests: Ratio, at question: Question
) throws(MissingNumber) -> Bill {
  let work = Term<Requests>(requests) * Time.assumed("CPU of a response", 0.2e6, in: 0.05e6...2e6)
  return try cores(work).named("servers")
}

private func direct(_ size: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let egress = try Provider.aws.price("egress.10tb") * Size.exactly(bytes).moved
  return egress.named("egress") + (try served(.exactly(bytes / size), at: question))
}

private func delivered(_ size: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let hits = Ratio.assumed("hit ratio", 0.85, in: 0.5...0.98)
  let requests = Ratio.exactly(bytes / size)
  let egress = try Provider.aws.price("cdn.10tb") * Size.exactly(bytes).moved
  let asked = try Provider.aws.price("cdn.request") * Term<Requests>(requests)
  return egress.named("egress") + asked.named("requests")
    + (try served((1 - hits) * requests, at: question))
}
