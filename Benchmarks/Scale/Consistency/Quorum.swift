import Harness
import Results
import Simulation

extension Experiment {
  /// A read straight after a write, of three replicas.
  static let quorum = Experiment(
    id: "scale/quorum",
    title: "One of three replicas answers → quorums that intersect",
    slot: "scale/100k/consistency",
    claim: """
      If one of three replicas answers each read and each write, a read straight after the write \
      is fresh in 97% of the cases on flash and in 44% on spinning disks; two of three make it \
      100%, for twice the p99.9 on disks and nearly thirty times across a wide area.
      """,
    mechanism: """
      A write goes to all three replicas and counts as done at the first answer. By counting, a \
      read of one replica finds that one in a third of the cases. It is a lower bound: the other \
      copies of the write are under way, and the read needs time to arrive as well. How often they \
      overtake each other depends on the spread of the write latency, not on the number of \
      replicas. With R + W > N the two sets share a replica, so that the read always sees the \
      write.
      """,
    limits: """
      Both sides wait for their answers at once, and no replica is down. With one replica down, \
      two of three still answer, three of three do not. A quorum orders single keys, not \
      transactions. The latencies are those that Bailis et al. fitted to production stores (VLDB \
      2012); their paper has 97.4%, 43.9% and 89.3% for one answer, which `perflab validate` \
      reproduces.
      """,
    diagram: drawing(of: [
      "R = W = 1": clients(of: .yammer, reads: 1, writes: 1),
      "R = 1, W = 3": clients(of: .yammer, reads: 1, writes: 3),
      "R = W = 2": clients(of: .yammer, reads: 2, writes: 2),
    ]),
    sweep: .named("store", stores.map(\.name), smoke: 0),
    metric: .share("fresh reads", lowerIsBetter: false),
    signals: ["p99.9 of a write and a read"],
    work: { _ in Work(elements: pairs, each: "write and read") },
    variants: [
      variant("R = W = 1", reads: 1, writes: 1),
      variant("R = 1, W = 3", reads: 1, writes: 3),
      variant("R = W = 2", reads: 2, writes: 2),
    ],
    noUncertainty: """
      What nobody knows exactly, the latencies, is the axis: three fits to production stores. How \
      many replicas answer is a choice.
      """,
    headline: DeclaredHeadline(value: 1, variant: "R = W = 2"),
    model: { question in
      // The chance that R replicas out of three miss all W that have answered.
      let counted: Double = question.isBaseline ? 100.0 / 3 : 100
      return Model(
        Term<Percent>.exactly(counted).named(
          "replicas that have the write, counted when it is acknowledged"), per: .metric)
    })
}

private let pairs = 10_000.0
private let stores: [(name: String, latency: StoreLatency)] = [
  ("flash", .flash), ("spinning disks", .disk), ("wide area", .yammer),
]

/// One write and then one read, and a pause in which every replica gets the write.
private func clients(of latency: StoreLatency, reads: Int, writes: Int) -> System {
  let store = Store.quorum(
    "replicas", replicas: 3, reads: reads, writes: writes, latency: latency)
  return System {
    Source(
      "client", .closed(users: 1, think: .exactly(.seconds(20))),
      to: store.write.then(store.read))
  }
}

private func variant(_ name: String, reads: Int, writes: Int) -> Variant {
  Variant(system: name, shows: ["clients"]) { point in
    SimulatedSystem(
      system: clients(of: stores[point.value].latency, reads: reads, writes: writes),
      time: .seconds(20 * pairs), warmUp: .zero)
  } figures: { outcome in
    [
      "fresh reads": .share(1 - outcome.store("replicas").staleShare),
      "p99.9 of a write and a read": .seconds(outcome["client"].response.percentile(99.9)),
    ]
  }
}
