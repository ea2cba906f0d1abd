import Harness
import Results

extension Experiment {
  /// Reads that a database can't serve any more: another copy, or a cache before it.
  static let replicaOrCache = Experiment(
    cost: "replica-or-cache", "storage/read-replicas",
    title: "Reads beyond one database: replicas → a cache",
    claim: """
      One cache node replaces replicas as soon as its hits are worth more than one of them; on small \
      loads, which one replica serves, it only adds to the bill.
      """,
    mechanism: """
      A replica serves some thousands of reads a second and holds all the data. A cache node serves \
      a hundred thousand and holds the popular part; by Che's approximation the share of reads that \
      it answers follows from its size and the skew of the popularity. What it misses still needs \
      replicas. Servers come in whole numbers: the answer turns where the last replica falls away.
      """,
    limits: """
      A replica answers every query, a cache only those by key, and it is stale until it is \
      invalidated. A cache that is empty after a failure sends all reads to a database that was \
      sized for a tenth of them. Writes are replayed on every replica and are not counted.
      """,
    diagram: """
      flowchart LR
        subgraph before["replicas: {replicas}"]
          r0["{point}"] --> p0["replica"]
          r0 --> q0["replica"]
        end
        subgraph after["cache: {cache}"]
          r1["{point}"] --> c1["cache"] -- "misses" --> p1["replica"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "reads per second", [500, 2_000, 8_000, 32_000, 128_000], smoke: 2_000,
      label: { "\($0) reads/s" }),
    options: [
      option(
        "replicas", code: "replicas",
        bill: { reads, _ throws(MissingNumber) in
          try replicas(.exactly(reads))
        }),
      option("cache", code: "cached", bill: cached),
    ])
}

/// At least one more than the primary, for it may fail.
private func replicas(_ reads: Ratio) throws(MissingNumber) -> Bill {
  let each = Ratio.assumed("reads per second of a replica", 3_000, in: 1_000...8_000)
  let count = longest((reads / each).roundedUp, .exactly(1))
  return (count * (try Provider.aws.monthly("database.m5.large"))).named("replicas")
}

private func cached(_ reads: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let skew = Ratio.assumed("exponent of the popularity", 0.75, in: 0.64...0.83)
  let kept = Ratio.assumed("share of the rows that the cache holds", 0.4, in: 0.2...0.6)
  let hits = Ratio.function("hit ratio by Che", of: skew, kept) {
    WebPopularity.hitRatio(exponent: $0, holding: $1)
  }
  let each = Ratio.assumed("reads per second of a cache node", 80_000, in: 50_000...150_000)
  let nodes = longest((.exactly(reads) / each).roundedUp, .exactly(1))
  return (nodes * (try Provider.aws.monthly("cache.m4.large"))).named("cache")
    + (try replicas((1 - hits) * .exactly(reads)))
}
