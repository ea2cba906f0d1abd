import CitedData
import Harness
import Results

extension Experiment {
  /// Requests that still go to the old address after a change of DNS.
  static let dnsCut = Experiment(
    id: "migration/dns-cut",
    title: "A new address in DNS: TTL as it is → lowered before",
    slot: "migration/cloud/execution",
    claim: """
      Lowering the TTL from an hour to a minute, a day before the cut, takes away some three \
      quarters of the requests at the old address and not 98%: what is left are clients that \
      never look again, which no TTL reaches. From a TTL of five minutes on it hardly matters, \
      and the old side has to forward for days either way.
      """,
    mechanism: """
      A client that honours the TTL asks again at a random moment of it, so that it is wrong for \
      half of it in the mean. A resolver that clamps short TTLs is wrong for half of its own \
      least time. Programs that resolve once at their start, and connections that stay open, are \
      wrong until they start again. The old side must serve or forward all of these; each \
      requires a hundred requests per second in the mean. Counted are the requests at the old \
      address from the cut on, with {point} before.
      """,
    limits: """
      The shares are assumptions with their ranges, as no distribution of all clients is \
      published; of the resolvers 9% lengthen lifetimes (PAM 2023). The old side's own access log \
      gives yours. The TTL must be lowered one old TTL \
      before the cut, and raised again. Resolvers also serve stale answers when the name server \
      is away (RFC 8767). Forwarding costs a round trip between the sides and hides who still \
      comes: log it.
      """,
    diagram: """
      flowchart LR
        subgraph before["TTL as it is: {TTL as it is}"]
          direction LR
          c0["clients"] -- "{point}" --> o0["old address"]
        end
        subgraph after["lowered: {lowered}"]
          direction LR
          c1["clients"] -- "1 min" --> n1["new address"]
          c2["who never ask again"] --> o1["old address"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "TTL", [300, 3_600, 86_400], smoke: 3_600,
      label: { "a TTL of \($0 < 3_600 ? "5 min" : $0 < 86_400 ? "1 h" : "24 h")" }),
    metric: .reported("requests at the old address", unit: .count, lowerIsBetter: true),
    signals: ["of clients that never look again"],
    work: { _ in Work(elements: 1, each: "cut-over") },
    variants: [
      Variant(computed: "TTL as it is", shows: ["requests"]) { question in
        requests(lifetime: Double(question.value))
      },
      Variant(computed: "lowered", shows: ["requests"]) { _ in requests(lifetime: 60) },
    ])
}

/// - Parameter lifetime: seconds of the TTL.
private func requests(lifetime: Double) -> Computation {
  let rate = Ratio.assumed("requests per second", 100, in: 90...110)
  let never = Ratio.assumed("share of clients that never look again", 0.02, in: 0.005...0.05)
  let resolvers = CitedFigure.named("resolvers.longer")
  let clamped = Ratio.input(
    "share behind resolvers that clamp", resolvers.value, low: resolvers.low,
    high: resolvers.high, source: resolvers.source)
  let least = Ratio.assumed("their least TTL, in seconds", 300, in: 60...900)
  let restart = Ratio.assumed("hours until a program starts again", 6, in: 2...24)
  let honouring = 1 - (never + clamped)
  let forgotten = rate * never * (3_600 * restart)
  let total =
    (rate * honouring * .exactly(lifetime / 2)).named("who honour the TTL")
    + (rate * clamped * (longest(least, .exactly(lifetime)) / 2)).named("whose resolver clamps")
    + forgotten.named("who never look again")
  return Computation(total).showing("of clients that never look again", forgotten)
}
