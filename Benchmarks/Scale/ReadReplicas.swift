import Harness
import Results
import Simulation

extension Experiment {
  /// Replicas serve reads, and each has to repeat every write.
  static let readReplicas = Experiment(
    id: "scale/read-replicas",
    title: "Reads on one server → on ten replicas",
    slot: "scale/100k/read-write",
    claim: """
      Ten replicas serve nearly ten times as many requests as one server if hardly any of them \
      write; with 20% writes they serve less than four times as many, however many replicas follow.
      """,
    mechanism: """
      Reads are spread over the replicas, but each replica applies every write. With a share of \
      writes w, n replicas serve n ÷ (1 − w + n w) times the load of one, which never exceeds 1 ÷ w. \
      The tenth replica adds 9% of what nine serve at 2% writes, 5% at 10%, and 1% at 50%.
      """,
    limits: """
      A replayed write costs as much as a read here. Where replays are cheaper, as of physical logs, \
      replicas have more left for reads; but the primary executes every write, so that 1 ÷ w stays \
      the bound. Reads from a replica may be stale, and a new replica begins with a cold cache. \
      Partitions divide the writes as well: scale/write-ceiling.
      """,
    diagram: drawing(of: [
      "one server": database(replicas: 1, rate: 500, writes: 0.1),
      "3 replicas": database(replicas: 3, rate: 500, writes: 0.1),
      "10 replicas": database(replicas: 10, rate: 500, writes: 0.1),
    ]),
    sweep: .count(
      "share of writes", [1, 2, 5, 10, 20, 50], smoke: 20, label: { "\($0) % writes" }),
    metric: .reported("capacity", unit: .operationsPerSecond, lowerIsBetter: false),
    work: { _ in ReadCapacity.work },
    variants: counts.map { name, count in
      ReadCapacity.variant(name, shows: "database") { rate, point in
        database(
          replicas: count, rate: rate, writes: Double(point.value) / 100,
          variation: point[.serviceVariation])
      }
    },
    uncertain: [.serviceVariation],
    model: { question in
      let writes = Double(question.value) / 100
      guard let count = counts.first(where: { $0.name == question.variant })?.count else {
        return nil
      }
      return ReadCapacity.predicted((1 - writes) / Double(count) + writes)
    })
}

private let counts = [
  (name: "one server", count: 1), (name: "3 replicas", count: 3), (name: "10 replicas", count: 10),
]

/// Reads go to one replica, writes to all.
private func database(
  replicas: Int, rate: Double, writes: Double, variation: Double = 1
) -> System {
  let tier = Tier("database", replicas: replicas, service: ReadCapacity.service(variation))
  return System {
    Source("reads", .poisson(perSecond: rate * (1 - writes)), to: tier)
    Source("writes", .poisson(perSecond: rate * writes), to: Route.background(tier.everyReplica))
  }
}
