import Glibc
import Harness
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
      and with one retry 14%, where the rule says one in a hundred.
      """,
    mechanism: """
      A dead node refuses in no time. To a balancer that compares requests under way it is the \
      least loaded node there is: it gets each request that finds no other node idle, and its \
      share of those that do. What it fails at once leaves the others idle more often, which is \
      why it is not all. The rule of 1 ÷ n holds for random routing. Two random choices limit it: \
      a pair has the dead node with probability 2 ÷ n. A retry sees the same loads and mostly \
      makes the same choice.
      """,
    limits: """
      A node that hangs instead of refusing keeps its requests, looks busy, and is avoided. \
      Balancers that take failures out of rotation at once (outlier ejection, \
      network/outlier-ejection) or retry on another node than the first lose next to nothing. The \
      health check needs five seconds here.
      """,
    diagram: drawing(
      of: [
        "random": nodes(10, .random), "least of two": nodes(10, .leastOf(2)),
        "least loaded": nodes(10, .leastLoaded),
        "least loaded, retried": nodes(10, .leastLoaded, retries: 1),
      ], headline: "least loaded"),
    sweep: .count("nodes", [3, 5, 10, 30], smoke: 5, label: { "\($0) nodes" }),
    metric: .share("failed until noticed", lowerIsBetter: true),
    work: { Work(elements: 5 * 60 * Double($0), each: "request") },
    variants: [
      variant("random") { nodes($0, .random) },
      variant("least of two") { nodes($0, .leastOf(2)) },
      variant("least loaded") { nodes($0, .leastLoaded) },
      variant("least loaded, retried") { nodes($0, .leastLoaded, retries: 1) },
    ],
    headline: DeclaredHeadline(value: 10, variant: "least loaded"),
    model: { question in
      let share = 1 / Double(question.value)
      let again = question.variant == "least loaded, retried" ? share : 1
      return Model(
        Term<Percent>.exactly(100 * share * again).named("the node's share of the requests"),
        per: .metric)
    })
}

/// Nodes of 100 requests per second at 60% load. The first dies after ten seconds, and is noticed
/// after five more.
private func nodes(_ count: Int, _ balancer: Tier.Balancer, retries: Int = 0) -> System {
  let killed = Outage(at: .seconds(10), for: .seconds(1_000), of: 0..<1, detection: .seconds(5))
  let tier = Tier(
    "nodes", replicas: count, service: .exponential(mean: .milliseconds(10)), balancer: balancer,
    outages: [killed])
  return System {
    Source(
      "users", .poisson(perSecond: 60 * Double(count)),
      to: retries > 0 ? tier.retried(Retries(retries)) : tier.route)
  }
}

private func variant(_ name: String, _ declare: @escaping @Sendable (Int) -> System) -> Variant {
  Variant(system: name, shows: ["nodes"]) { point in
    SimulatedSystem(
      system: declare(point.value), time: .seconds(15), warmUp: .seconds(10), drains: false)
  } figures: { outcome in
    ["failed until noticed": .share(1 - outcome["users"].successShare)]
  }
}
