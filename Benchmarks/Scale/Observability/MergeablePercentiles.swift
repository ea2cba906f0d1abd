import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// The p99 of a fleet, from the percentiles of its servers or from their histograms.
  static let mergeablePercentiles = Experiment(
    id: "scale/mergeable-percentiles",
    title: "Average the servers' p99 → merge their histograms",
    slot: "scale/1m/observability",
    claim: """
      With one slow server of twenty, the mean of the servers' p99 is less than half of the \
      fleet's p99, and their maximum nearly three times it; merged histograms are off by less than \
      their bucket's 2%.
      """,
    mechanism: """
      A percentile is a rank among all requests. One slow server has 5% of them, so that the \
      slowest hundredth of the fleet is the slowest fifth of that server alone; the other nineteen \
      percentiles say nothing about it. The mean counts them all. Counts of buckets add up: a sum \
      of histograms is the histogram of all requests, as exact as the width of a bucket.
      """,
    limits: """
      Where all servers are alike the mean is right, and nobody notices that it is not when one is \
      not. The same holds over time: the mean of sixty minutes' p99 is not the hour's. Servers \
      with different traffic make it worse. Buckets need bounds that are the same everywhere; \
      those of fixed width are exact in one place and useless in others.
      """,
    diagram: """
      flowchart LR
        s["20 servers"]
        s -- "a p99 each" --> m["mean: {mean of p99}"]
        s -- "a p99 each" --> x["maximum: {maximum of p99}"]
        s -- "histograms" --> h["merged: {merged histograms}"]
        m -- "{speedup} at {point}" --> h
      """,
    sweep: .count("slow servers", [1, 2, 5, 10, 20], smoke: 2, label: { "\($0) of 20 slow" }),
    metric: .share("error of the p99", lowerIsBetter: true),
    work: { _ in Work(elements: Double(servers * each), each: "request") },
    variants: [
      variant("mean of p99") { $0.map(p99).reduce(0, +) / Double(servers) },
      variant("maximum of p99") { $0.map(p99).max() ?? 0 },
      variant("merged histograms") { merged($0) },
    ],
    headline: DeclaredHeadline(value: 1, variant: "merged histograms"),
    model: { question in
      let slow = Double(question.value) / Double(servers)
      let true99 = Percentile.root { time in
        (1 - slow) * exp(-time) + slow * exp(-time / slowness) - 0.01
      }
      let own = log(100.0)
      let said: Double =
        switch question.variant {
        case "mean of p99": own * (1 - slow) + slow * own * slowness
        case "maximum of p99": own * slowness
        default: true99
        }
      // A bucket is 2% wide, so that its middle is off by half a per cent on average.
      let error = 100 * abs(said / true99 - 1)
      return Model(
        Term<Percent>.exactly(error).named("other rank")
          + Term<Percent>.exactly(0.5).named("width of a bucket, and chance"), per: .metric)
    })
}

private let (servers, each) = (20, 5_000)
/// Of the mean response time of a slow server.
private let slowness = 10.0

private func p99(_ times: [Double]) -> Double { times.sorted()[times.count * 99 / 100] }

/// Logarithmic buckets, each 2% wide, counted for each server and added up.
private func merged(_ fleet: [[Double]]) -> Double {
  var sum: [Int: Int] = [:]
  for times in fleet {
    for time in times { sum[Int((log(time) / log(1.02)).rounded(.down)), default: 0] += 1 }
  }
  var left = servers * each / 100
  for bucket in sum.keys.sorted(by: >) {
    left -= sum[bucket] ?? 0
    if left <= 0 { return pow(1.02, Double(bucket) + 0.5) }
  }
  return 0
}

private func variant(_ name: String, _ said: @escaping @Sendable ([[Double]]) -> Double) -> Variant
{
  Variant(simulated: name, shows: ["p99", "merged"]) { point in
    var random = RandomStream(seed: point.seed, "response times")
    let fleet = (0..<servers).map { server in
      (0..<each).map { _ in random.exponential(mean: server < point.value ? slowness : 1) }
    }
    let exact = p99(fleet.flatMap { $0 })
    return Replication(
      offered: mixedHash(exact.bitPattern),
      figures: ["error of the p99": .share(max(1e-6, abs(said(fleet) / exact - 1)))])
  }
}
