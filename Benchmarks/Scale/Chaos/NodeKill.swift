import Harness
import LoadBenches
import Results
import Simulation

extension Experiment {
  /// A node that fails at once, as seen by the balancer before the health check.
  static let nodeKill = Experiment(
    id: "scale/node-kill",
    title: "Kill a node behind random routing → behind the least loaded, with a retry",
    slot: "scale/100m/chaos",
    claim: """
      A killed node of ten fails a tenth of the requests until it is noticed, if they are routed \
      at random; routing to the least loaded fails a quarter, since the dead node is always idle, \
      and with one retry more than a tenth, where the rule says one in a hundred.
      """,
    mechanism: """
      A dead node refuses in no time. To a balancer that compares requests under way it is the \
      least loaded node there is: it gets each request that finds no other node idle, and its \
      share of those that do. What it fails at once leaves the others idle more often, which is \
      why it is not all. The rule of 1 ÷ n holds for random routing. A retry sees the same loads \
      and mostly makes the same choice. The nodes are servers behind sockets, one of which refuses; \
      the prediction is the simulation of the same nodes, as the code above declares them.
      """,
    limits: """
      A node that hangs instead of refusing keeps its requests, looks busy, and is avoided. \
      Balancers that take failures out of rotation at once (outlier ejection, \
      network/outlier-ejection) or retry on another node than the first lose next to nothing. Here \
      nobody looks at the node's health within the window. A refusal takes a round trip, in which \
      the node looks busy; the faster the nodes, the more that helps.
      """,
    diagram: drawing(
      of: [
        "random": nodes(10, .random), "least loaded": nodes(10, .leastLoaded),
        "least loaded, retried": nodes(10, .leastLoaded, retries: 1),
      ], headline: "least loaded"),
    sweep: .count("nodes", [3, 10], smoke: 3, label: { "\($0) nodes" }),
    metric: .share("requests failed until noticed", lowerIsBetter: true),
    needs: [.cores(2), .descriptors(4_096)], tolerates: loadTolerates, isMirrored: false,
    isRehearsed: false,
    work: { Work(elements: KilledNode.rate * Double($0) * KilledNode.window, each: "request") },
    variants: [
      variant("random", isLeastLoaded: false, retries: 0),
      variant("least loaded", isLeastLoaded: true, retries: 0),
      variant("least loaded, retried", isLeastLoaded: true, retries: 1),
    ],
    headline: DeclaredHeadline(value: 10, variant: "least loaded"),
    model: { question in
      let system = nodes(
        question.value, question.isBaseline ? .random : .leastLoaded,
        retries: question.variant == "least loaded, retried" ? 1 : 0)
      return Model(
        Term<Percent>.simulated("simulated share") { seed in
          let outcome = system.run(
            seed: seed, for: .seconds(KilledNode.warmUp + KilledNode.window),
            warmUp: .seconds(KilledNode.warmUp), drains: true)
          return 100 * (1 - outcome["users"].successShare)
        }, per: .metric)
    })
}

/// Nodes at 60% load, the first of which is dead.
private func nodes(_ count: Int, _ balancer: Tier.Balancer, retries: Int = 0) -> System {
  let killed = Outage(
    at: .zero, for: .seconds(1_000), of: 0..<1, detection: .seconds(1_000))
  let tier = Tier(
    "nodes", replicas: count, service: .exponential(mean: .seconds(KilledNode.service)),
    balancer: balancer, outages: [killed])
  return System {
    Source(
      "users", .poisson(perSecond: KilledNode.rate * Double(count)),
      to: retries > 0 ? tier.retried(Retries(retries)) : tier.route)
  }
}

private func variant(_ name: String, isLeastLoaded: Bool, retries: Int) -> Variant {
  Variant(
    load: name, shows: ["nodes"], prepare: { try KilledNode($0) }, observe: nil,
    run: { $0.serve(isLeastLoaded: isLeastLoaded, retries: retries) })
}
