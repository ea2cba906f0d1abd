import Harness
import Results

extension Experiment {
  /// Whether a further layer of a CDN pays for itself.
  static let shieldCost = Experiment(
    cost: "shield-cost", "network/cdn",
    title: "A CDN's misses: from the edges to the origin → through a shield",
    claim: """
      A shield is paid by the request and saves bytes, so that the size of a response decides: with \
      an origin at another provider it pays from some tens of kilobytes on, with one at the CDN's own \
      provider at no size.
      """,
    mechanism: """
      Each edge misses a key once by itself; a shield before the origin misses it once for all edges. \
      What reaches it is what the edges did not have, the unpopular keys, so that its hit ratio is \
      lower than theirs. Che's approximation gives both, for an edge that holds a fiftieth of the objects and a \
      shield that holds a fifth. Every request to the shield costs a fee; a hit saves the egress of the \
      origin and its work.
      """,
    limits: """
      Che's approximation takes requests as independent, which misses of an edge are not any more. A \
      shield protects a small origin from a burst, which is the usual reason for one. The fee is \
      that of one region; not all have a price.
      """,
    diagram: """
      flowchart LR
        subgraph before["no shield: {no shield}"]
          e0["20 edges"] -- "misses of {point}" --> o0["origin"]
        end
        subgraph after["shield: {shield}"]
          e1["20 edges"] -- "a fee each" --> s1["shield"] -- "its misses" --> o1["origin"]
        end
        others["shield, origin at the CDN's provider: {own origin, shield}; without: {own origin}"]
        before -- "{speedup}" --> after
      """,
    sweep: .bytes(
      "mean response", [1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20],
      smoke: 64 << 10),
    rule: RuleOfThumb(
      "enable the shield, it offloads the origin", source: "provider's documentation of CDNs"),
    options: [
      option("no shield", code: "direct", bill: direct(away)),
      option("own origin", code: "direct", isReference: true, bill: direct(home)),
      option("own origin, shield", code: "shielded", isReference: true, bill: shielded(home)),
      option("shield", code: "shielded", bill: shielded(away)),
    ])
}

private let requests = 1e9
/// Whether the origin's provider charges for what goes to the CDN.
private let away = true
private let home = false

private let popularity = Ratio.assumed("exponent of the popularity", 0.8, in: 0.6...0.9)

/// The share of requests that an edge lets through.
private let missed = Ratio.function("misses of the edges", of: popularity) {
  1 - WebPopularity.hitRatio(exponent: $0, holding: 0.02)
}

/// The share of all requests that neither an edge nor the shield answers: a shield holds the keys
/// that it was asked for last, and what it adds to an edge is what a larger cache adds.
private let left = Ratio.function("misses of the shield", of: popularity) {
  1 - WebPopularity.hitRatio(exponent: $0, holding: 0.2)
}

/// What the origin pays for the responses that it gives itself.
private func origin(
  _ share: Ratio, _ size: Double, _ isAway: Bool
) throws(MissingNumber) -> Bill {
  let asked = Term<Requests>(requests * share)
  let work = asked * Time.assumed("CPU of a response", 0.2e6, in: 0.05e6...2e6)
  let servers = try cores(work).named("origin's servers")
  guard isAway else { return servers }
  let bytes = asked * Size.exactly(size)
  return servers + (try Provider.aws.price("egress.10tb") * bytes.moved).named("origin's egress")
}

private func direct(
  _ isAway: Bool
) -> @Sendable (Double, Question) throws(MissingNumber) -> Bill {
  { size, _ throws(MissingNumber) in try origin(missed, size, isAway) }
}

private func shielded(
  _ isAway: Bool
) -> @Sendable (Double, Question) throws(MissingNumber) -> Bill {
  { size, _ throws(MissingNumber) in
    let fee = try Provider.aws.price("cdn.shield") * Term<Requests>(requests * missed)
    return fee.named("shield") + (try origin(left, size, isAway))
  }
}
