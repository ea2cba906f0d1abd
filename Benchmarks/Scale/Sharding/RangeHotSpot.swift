import Harness
import Results
import Simulation

extension Experiment {
  /// Ten shards of events by time: ranges of time, hashes, or something between.
  static let rangeHotSpot = Experiment(
    id: "scale/range-hot-spot",
    title: "Shards by time → by hash, or by a few buckets per time",
    slot: "scale/100m/sharding",
    claim: """
      Sharding by time sends all inserts to one of ten shards; a hash carries four times as many \
      requests if nine of ten are inserts, and a fifth as many if one of ten is; three buckets per \
      range of time are better than both between 30% and 70% inserts.
      """,
    mechanism: """
      With ranges of time the newest shard gets every insert, and a query of a range touches one \
      shard. With hashes an insert goes anywhere, and a query has to ask all ten. Per request the \
      busiest shard works w + (1 − w) ÷ 10 in the one case, w ÷ 10 + (1 − w) in the other, w being \
      the share of inserts: equal at a half. With b buckets for each range of time it is w ÷ b + \
      (1 − w) b ÷ 10. The best b is the square root of 10 w ÷ (1 − w).
      """,
    limits: """
      Each shard that is asked costs a query as much as one shard alone. Where a shard's share of \
      a query is cheaper than a whole one, hashing loses less. Queries of the newest range, which \
      most are, meet the inserts on the same shard. A query that waits for ten shards also waits \
      for the slowest, so that it keeps its service level only at a lower load.
      """,
    diagram: drawing(of: [
      "by time": shards(buckets: 1, rate: 500, inserts: 0.5),
      "3 buckets": shards(buckets: 3, rate: 500, inserts: 0.5),
      "by hash": shards(buckets: 10, rate: 500, inserts: 0.5),
    ]),
    sweep: .count(
      "inserts", [10, 30, 50, 70, 90], smoke: 50, label: { "\($0) % inserts" }),
    metric: .reported("capacity", unit: .operationsPerSecond, lowerIsBetter: false),
    work: { _ in Work(elements: 6_000, each: "request") },
    variants: counts.map { name, buckets in
      ReadCapacity.variant(name, shows: "shards", requests: 6_000) { rate, point in
        shards(
          buckets: buckets, rate: rate, inserts: Double(point.value) / 100,
          variation: point[.serviceVariation])
      }
    },
    uncertain: [.serviceVariation],
    headline: DeclaredHeadline(value: 90, variant: "by hash"),
    model: { question in
      let inserts = Double(question.value) / 100
      guard let buckets = counts.first(where: { $0.name == question.variant })?.buckets else {
        return nil
      }
      return ReadCapacity.predicted(
        inserts / Double(buckets) + (1 - inserts) * Double(buckets) / 10)
    })
}

private let counts = [
  (name: "by time", buckets: 1), (name: "3 buckets", buckets: 3), (name: "by hash", buckets: 10),
]

/// Inserts go to one of the newest range's shards; a query asks all shards of some range.
private func shards(
  buckets: Int, rate: Double, inserts: Double, variation: Double = 1
) -> System {
  let tiers = (1...10).map { Tier("shard \($0)", service: ReadCapacity.service(variation)) }
  let newest = Route.choice("bucket", tiers.prefix(buckets).map { (weight: 1, to: $0) })
  // Ranges lie on consecutive shards, around the end.
  let ranges = (0..<10).map { first in
    Route.parallel((0..<buckets).map { tiers[(first + $0) % 10] })
  }
  return System {
    Source("inserts", .poisson(perSecond: rate * inserts), to: newest)
    Source(
      "reads", .poisson(perSecond: rate * (1 - inserts)),
      to: Route.choice("range", ranges.map { (weight: 1, to: $0 as any Routable) }))
  }
}
