import CitedData
import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// A backlog in twelve partitions, and consumers that are added to it.
  static let consumerLag = Experiment(
    id: "scale/consumer-lag",
    title: "Four consumers → more, by eager and by cooperative rebalancing",
    slot: "scale/1m/events",
    claim: """
      A fifth consumer for twelve partitions makes a backlog last a third longer than four alone; \
      with an eager rebalance eight drain it no faster than six, in a minute instead of the 34 s \
      of the formula, and sixteen no faster than twelve.
      """,
    mechanism: """
      A partition has one consumer, so that consumers are in whole partitions: with c of them some \
      have ⌈12 ÷ c⌉, and a partition of these gets 1 ÷ ⌈12 ÷ c⌉ of a consumer. The slowest \
      partition decides when the lag is over. The formula backlog ÷ (capacity − load) divides by \
      consumers that have nothing to do. An eager rebalance stops all partitions until all \
      consumers have agreed; a cooperative one only those that move.
      """,
    limits: """
      Keys are spread evenly here; a hot partition is slower still (scale/ordering). More \
      partitions divide better, and make each rebalance longer. Several consumers that join one \
      after the other make one rebalance each, unless a delay collects them. Work that is not \
      bound to an order needs no partitions: one queue for all.
      """,
    diagram: """
      flowchart LR
        b["backlog in 12 partitions"]
        b --> a["four consumers: {four consumers}"]
        b -- "all stop" --> e["{point}: {eager}"]
        b -- "moved ones stop" --> c["{point}: {cooperative}"]
        a -- "{speedup} at {point}" --> c
      """,
    sweep: .count("consumers", [5, 6, 8, 12, 16], smoke: 8, label: { "\($0) consumers" }),
    metric: .reported("time until the lag is over", unit: .nanoseconds, lowerIsBetter: true),
    work: { _ in Work(elements: 60 * 6_000, each: "event") },
    variants: [
      variant("four consumers", .none), variant("eager", .eager),
      variant("cooperative", .cooperative),
    ],
    uncertain: [pause],
    headline: DeclaredHeadline(value: 8, variant: "cooperative"),
    model: { question in
      let consumers = question.isBaseline ? 4 : Double(question.value)
      // 2,000 events per second too many for a minute, drained by the capacity that is left.
      let drained = 60 * (burst - 4 * speed) / (consumers * speed - usual)
      return Model(
        Time.exactly(1e9 * drained).named("backlog ÷ free capacity")
          + Time.exactly(1e9 * (question.variant == "eager" ? pause.estimate : 0)).named(
            "rebalance"),
        per: .metric)
    })
}

private enum Rebalance { case none, eager, cooperative }
private let partitions = 12
/// Events per second: of a consumer, and of the producers in the minute of the burst and after it.
private let (speed, burst, usual) = (1_000.0, 6_000.0, 3_000.0)
private let pause = UncertainInput("rebalance.kafka", named: "seconds of a rebalance")

/// Second by second after the burst: how long until no partition is more than a second behind.
private func drain(_ rebalance: Rebalance, _ point: Point) -> Replication {
  var random = RandomStream(seed: point.seed, "events")
  let share = Double(partitions)
  var backlog = (0..<partitions).map { _ in
    Double(random.poisson(mean: 60 * burst / share)) - 60 * 4 * speed / share
  }
  let count = rebalance == .none ? 4 : point.value
  var (seconds, digest) = (0, backlog.reduce(UInt64(0)) { mixedHash($0 ^ $1.bitPattern) })
  while backlog.contains(where: { $0 > usual / share }), seconds < 600 {
    for partition in 0..<partitions {
      // Round-robin; at first there were four.
      let (owner, before) = (partition % count, partition % 4)
      let others = (0..<partitions).count { $0 % count == owner }
      let stops =
        Double(seconds) < point[pause]
        && (rebalance == .eager || rebalance == .cooperative && owner != before)
      let arrived = Double(random.poisson(mean: usual / share))
      backlog[partition] += arrived - (stops ? 0 : speed / Double(others))
      backlog[partition] = max(0, backlog[partition])
    }
    seconds += 1
  }
  digest = mixedHash(digest)
  return Replication(
    offered: digest, figures: ["time until the lag is over": .seconds(Double(seconds))])
}

private func variant(_ name: String, _ rebalance: Rebalance) -> Variant {
  Variant(simulated: name, shows: ["drain"]) { drain(rebalance, $0) }
}
