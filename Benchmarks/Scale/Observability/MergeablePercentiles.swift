import Harness
import LoadBenches
import Results
import Simulation

extension Experiment {
  /// The p99 of a fleet, from the percentiles of its servers or from their histograms.
  static let mergeablePercentiles = Experiment(
    id: "scale/mergeable-percentiles",
    title: "Average the servers' p99 → merge their histograms",
    slot: "scale/1m/observability",
    claim: """
      With one slow server of ten, the mean of the servers' p99 is less than half of the fleet's \
      p99, and their maximum twice it; merged histograms are off by no more than the width of \
      their buckets, 0.1%.
      """,
    mechanism: """
      A percentile is a rank among all requests. One slow server has 10% of them, so that the \
      slowest hundredth of the fleet is the slowest tenth of that server alone; the other nine \
      percentiles say nothing about it. The mean counts them all. Counts of buckets add up: a sum \
      of histograms is the histogram of all requests, as exact as the width of a bucket. Here ten \
      servers behind sockets respond within exponential times, each is recorded in an HdrHistogram \
      of three digits, and what is said is compared with the p99 of all response times. Less than \
      the 0.1% that three digits promise is luck, and counts as 0.1%: the answer's ratio is the \
      mean's error ÷ this width. The prediction is the same with times that are drawn.
      """,
    limits: """
      Where all servers are alike the mean is right, and nobody notices that it is not when one is \
      not. The same holds over time: the mean of sixty minutes' p99 is not the hour's. Servers \
      with different traffic make it worse. Buckets need bounds that are the same everywhere; \
      those of fixed width are exact in one place and useless in others. A server's p99 of 250 \
      requests is uncertain by itself.
      """,
    diagram: """
      flowchart LR
        s["10 servers"]
        s -- "a p99 each" --> m["mean: {mean of p99}"]
        s -- "a p99 each" --> x["maximum: {maximum of p99}"]
        s -- "histograms" --> h["merged: {merged histograms}"]
        m -- "{speedup} at {point}" --> h
      """,
    sweep: .count("slow servers", [1, 5], smoke: 1, label: { "\($0) of 10 servers slow" }),
    metric: .share("error of the p99", lowerIsBetter: true),
    needs: [.cores(2), .descriptors(4_096)], tolerates: loadTolerates, isMirrored: false,
    isRehearsed: false,
    work: { _ in Work(elements: FleetServers.rate * FleetServers.window, each: "request") },
    variants: [
      variant("mean of p99", mean), variant("maximum of p99", maximum),
      variant("merged histograms", merged),
    ],
    headline: DeclaredHeadline(value: 1, variant: "merged histograms"),
    model: { question in
      if question.variant == "merged histograms" {
        return Model(
          Term<Percent>.exactly(bucketWidth).named("width of a bucket"), per: .metric)
      }
      return Model(
        Term<Percent>.simulated("simulated error") { seed in
          let fleet = drawn(slow: question.value, seed)
          let each = fleet.map(exactP99)
          let said = question.isBaseline ? each.reduce(0, +) / Double(each.count) : each.max() ?? 0
          return error(of: said, in: fleet)
        }, per: .metric)
    })
}

/// A p99 of a fleet, from what each of its servers has recorded.
private typealias Summary = @Sendable ([Distribution]) -> Double

private let mean: Summary = { fleet in
  fleet.map(p99).reduce(0, +) / Double(fleet.count)
}
private let maximum: Summary = { fleet in fleet.map(p99).max() ?? 0 }
private let merged: Summary = { fleet in
  p99(fleet.reduce(Distribution()) { $0.merged(with: $1) })
}

private func p99(_ recorded: Distribution) -> Double { recorded.quantile(0.99) ?? 0 }

/// Without buckets; 0 of no times.
private func exactP99(_ times: [Int]) -> Double {
  let sorted = times.sorted()
  return sorted.isEmpty ? 0 : Double(sorted[(99 * sorted.count + 99) / 100 - 1])
}

/// Percent of the value, of a bucket of three digits. A smaller error is luck.
private let bucketWidth = 0.1

/// In percent of the p99 of all response times, which are nanoseconds for each server.
private func error(of said: Summary, in fleet: [[Int]]) -> Double {
  let recorder = Recorder()
  let recorded = fleet.map { times in
    for time in times { recorder.record(time) }
    return recorder.taken()
  }
  return error(of: said(recorded), in: fleet)
}

private func error(of said: Double, in fleet: [[Int]]) -> Double {
  let exact = exactP99(fleet.flatMap { $0 })
  return exact > 0 ? max(bucketWidth, 100 * abs(said / exact - 1)) : 100
}

/// The response times of as many requests.
private func drawn(slow: Int, _ seed: UInt64) -> [[Int]] {
  var random = RandomStream(seed: seed, "response times")
  let each = Int(FleetServers.rate * FleetServers.window) / FleetServers.servers
  return (0..<FleetServers.servers).map { server in
    let mean = FleetServers.mean * (server < slow ? FleetServers.slowness : 1)
    return (0..<each).map { _ in Int(random.exponential(mean: mean)) }
  }
}

private func variant(_ name: String, _ said: @escaping Summary) -> Variant {
  Variant(
    load: name, shows: ["error"], prepare: { try FleetServers($0) }, observe: nil,
    run: { $0.serve { error(of: said, in: $0) } })
}
