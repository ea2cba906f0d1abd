import Harness
import Results
import Simulation

extension Experiment {
  /// Ten servers: one group of replicas, or partitions of the data.
  static let writeCeiling = Experiment(
    id: "scale/write-ceiling",
    title: "Ten replicas of everything → partitions with fewer replicas each",
    slot: "scale/100k/read-write",
    claim: """
      Ten servers take up to ten times as many writes if the data are partitioned instead of \
      replicated ten times; with 1% writes the difference is less than 10%.
      """,
    mechanism: """
      A write is applied by every replica of its partition. Ten servers in p partitions have 10 ÷ p \
      replicas each, so that a request needs (1 − w) ÷ 10 + w ÷ p of a server's time, w being the \
      share of writes. Replicas divide only the first term, partitions divide both.
      """,
    limits: """
      Keys are spread evenly here, and a request touches one partition. A hot key stays on one \
      partition, and queries over all partitions wait for the slowest (scale/scatter-gather). Ten \
      partitions without a replica lose a tenth of the data with each disk, so that five or three \
      replicas per partition are the usual compromise.
      """,
    diagram: drawing(of: [
      "1 partition": database(partitions: 1, rate: 500, writes: 0.2),
      "2 partitions": database(partitions: 2, rate: 500, writes: 0.2),
      "10 partitions": database(partitions: 10, rate: 500, writes: 0.2),
    ]),
    sweep: .count(
      "share of writes", [1, 5, 20, 50, 90], smoke: 20, label: { "\($0) % writes" }),
    metric: .reported("capacity", unit: .operationsPerSecond, lowerIsBetter: false),
    work: { _ in ReadCapacity.work },
    variants: counts.map { name, count in
      ReadCapacity.variant(name, shows: "database") { rate, point in
        database(
          partitions: count, rate: rate, writes: Double(point.value) / 100,
          variation: point[.serviceVariation])
      }
    },
    uncertain: [.serviceVariation],
    model: { question in
      let writes = Double(question.value) / 100
      guard let count = counts.first(where: { $0.name == question.variant })?.count else {
        return nil
      }
      return ReadCapacity.predicted((1 - writes) / 10 + writes / Double(count))
    })
}

private let counts = [
  (name: "1 partition", count: 1), (name: "2 partitions", count: 2),
  (name: "10 partitions", count: 10),
]

/// Ten servers. Reads go to one replica of a partition, writes to all of them.
private func database(
  partitions: Int, rate: Double, writes: Double, variation: Double = 1
) -> System {
  let tiers = (1...partitions).map {
    Tier("partition \($0)", replicas: 10 / partitions, service: ReadCapacity.service(variation))
  }
  let reads = Route.choice("of reads", tiers.map { (1, $0) })
  let changes = Route.choice("of writes", tiers.map { (1, $0.everyReplica) })
  return System {
    Source("reads", .poisson(perSecond: rate * (1 - writes)), to: reads)
    Source("writes", .poisson(perSecond: rate * writes), to: Route.background(changes))
  }
}
