import Harness
import Results

extension Experiment {
  /// How large a cache is worth its memory.
  static let cacheSize = Experiment(
    cost: "cache-size", "network/caching",
    title: "A cache before a table that charges for reads: none → some of the data",
    claim: """
      The first per cent of the data in a cache saves more than all the rest together; beyond a \
      certain share another gigabyte of memory costs more than the reads that it saves.
      """,
    mechanism: """
      By Che's approximation the hit ratio rises steeply with the first keys and then flattens: the \
      marginal hit falls. Memory is paid by the gibibyte and misses by the read. The best size is \
      where the last gibibyte's hits are worth its price; the whole cache pays up to the size at \
      which all its hits together are. The skew of the popularity decides both.
      """,
    limits: """
      Che's approximation takes requests as independent; bursts of the same key hit more often. A \
      cache also saves latency, which has no price here, and it needs twice the memory where it must \
      survive a node. Caches are sold in nodes, not in gibibytes.
      """,
    diagram: """
      flowchart LR
        subgraph before["no cache: {no cache}"]
          r0["reads"] -- "a fee each" --> t0["table"]
        end
        subgraph after["cache: {cache}"]
          r1["reads"] --> c1["cache of {point}"] -- "misses" --> t1["table"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "cached share of the data",
      [1, 10, 100, 1_000, 3_000, 10_000], smoke: 100, label: { "\((Double($0) / 100).brief) %" }),
    rule: RuleOfThumb(
      "cache the hottest fifth of the data", breakEven: 2_000, source: "Pareto's 80/20 as folklore"),
    options: [
      option(
        "no cache", code: "missed",
        bill: { _, _ throws(MissingNumber) in
          try missed(.exactly(1))
        }),
      option("cache", code: "cached", bill: cached),
    ])
}

/// Ten million rows of 20 KiB.
private let gibibytesOfRows = 10e6 * 20 / 1024 / 1024

/// A read with strong consistency is a unit for each 4 KB.
private func missed(_ share: Ratio) throws(MissingNumber) -> Bill {
  let rate = Ratio.assumed("reads per second", 600, in: 200...2_000)
  let reads = Term<Requests>((5 * 730 * 3600) * (share * rate))
  return (try Provider.aws.price("table.read") * reads).named("reads of the table")
}

/// Memory at the price of a cache node's gibibyte.
private func cached(_ hundredths: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let share = hundredths / 10_000
  let skew = Ratio.assumed("exponent of the popularity", 0.75, in: 0.64...0.83)
  let hits = Ratio.function("hit ratio by Che", of: skew, .exactly(share)) {
    WebPopularity.hitRatio(exponent: $0, holding: $1)
  }
  let overhead = Ratio.assumed("memory of a row over its size", 1.2, in: 1.1...1.6)
  let gibibytes = overhead * .exactly(share * gibibytesOfRows)
  let price = try Provider.aws.monthly("cache.r5.4xlarge") / 101.38
  return (gibibytes * price).named("memory of the cache") + (try missed(1 - hits))
}
