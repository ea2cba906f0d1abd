import Drills
import Harness
import Platform
import Results
import Shop
import Systems

extension Experiment {
  /// The first phase of a strangler fig: a facade that changes nothing.
  static let proxyTax = Experiment(
    id: "migration/proxy-tax",
    title: "Strangler fig, phase 1: the monolith's own port → a facade in front of it",
    slot: "migration/services/boundaries",
    claim: """
      A facade in front of the monolith costs the median request that reads about one more exchange \
      on the loopback interface, and much less than the slowest twentieth takes anyway; nobody \
      notices the step, and nobody notices the way back.
      """,
    mechanism: """
      The facade reads a whole message, decides who serves it and passes it on, over a connection \
      that each client's connection has of its own. That is two more system calls and two more \
      wake-ups in each direction. Four requests of seven only read, and their median is compared; \
      one is a checkout, and the slowest twentieth are checkouts. Customers are sent to the facade \
      by a drill under {point}, whose rollback sends them back; every order that was acknowledged \
      is looked for afterwards.
      """,
    limits: """
      On a network the exchange costs a round trip, and TLS that ends in the facade costs a \
      handshake. A facade that is alone is a new single point of failure. Clients that keep their \
      connections stay at the old address until these end: a step that counts on a DNS entry has \
      to wait for its lifetime and longer.
      """,
    diagram: """
      flowchart LR
        subgraph before["direct: {direct}"]
          direction LR
          c0["customers, {point}"] --> m0["monolith"]
        end
        subgraph after["facade: {facade}"]
          direction LR
          c1["customers, {point}"] --> f1["facade"] --> m1["monolith"]
        end
        h["HAProxy: {HAProxy}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count("requests", [1_000], smoke: 500, label: { "\($0) requests per second" }),
    metric: .reported(
      "response of a request that reads (p50)", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["response (p95)"] + StranglerTrial.signals,
    needs: [.cores(2), .storage(bytes: Strangler.bytes)],
    tolerates: loadTolerates,
    isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "phase") },
    variants: [
      variant("direct", shows: "direct", StranglerWay(drill: direct, restore: home)),
      variant(
        "facade", shows: "throughFacade",
        StranglerWay(
          drill: throughFacade, rehearsed: "customers to the facade",
          victims: [.monolith], restore: home)),
      variant(
        "HAProxy", isReference: true, shows: "throughHAProxy",
        needs: [.program("haproxy", package: "haproxy")],
        StranglerWay(drill: throughHAProxy, restore: home)),
    ],
    demands: Demands { try StranglerDemands($0).ofFacade(rate: Double($0.value)) },
    headline: DeclaredHeadline(value: 1_000, variant: "facade"),
    model: { question in
      guard let request = question.demand("a product page (p50)"),
        let facade = question.demand("the facade's part of an exchange")
      else { return nil }
      guard question.isBaseline else { return Model(request + facade, per: .metric) }
      return Model(request, per: .metric)
    })
}

private func variant(
  _ name: String, isReference: Bool = false, shows: String, needs: [Requirement] = [],
  _ way: StranglerWay
) -> Variant {
  Variant(strangler: name, isReference: isReference, shows: shows, needs: needs, way, seconds: 0.2)
  { point in
    try Strangler.shared(point, after: .monolith, rate: Double(point.value))
  }
}

/// Nothing changes.
@Sendable private func direct(_ strangler: Strangler) -> Drill? {
  strangler.send(to: .monolith)
  return nil
}

@Sendable private func throughFacade(_ strangler: Strangler) -> Drill? {
  strangler.send(to: .monolith)
  return Drill(
    "phase 1",
    [
      Step(
        "customers to the facade", within: 1, action: { _ in strangler.send(to: .facade) },
        check: { strangler.fault(at: strangler.facade.endpoint) },
        rollback: { strangler.send(to: .monolith) })
    ])
}

@Sendable private func throughHAProxy(_ strangler: Strangler) -> Drill? {
  strangler.send(to: .otherProxy)
  return nil
}

@Sendable private func home(_ strangler: Strangler) { strangler.send(to: .monolith) }
