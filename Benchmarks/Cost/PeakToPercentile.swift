import Harness
import Results
import Statistics

extension Experiment {
  /// How many cores a service is given: for its highest load, or for its usual high load.
  static let peakToPercentile = Experiment(
    cost: "peak-to-percentile", "compute/right-sizing",
    title: "Cores of a service: for the month's peak → for the 95th percentile and 15%",
    claim: """
      Sizing by the 95th percentile and a margin saves about 30% on a load that varies by a fifth \
      within minutes, and more where it varies more: the worst minute of a month is what a peak \
      pays for. Only a load that hardly varies loses. What is throttled costs little, even at \
      twenty times the price of a core-hour.
      """,
    mechanism: """
      The load of a minute is taken as lognormal. The highest of a month's 43,800 minutes lies four \
      standard deviations above the middle, the 95th percentile 1.6. The gap grows with the \
      variation, and with it what is saved. What exceeds the cores is throttled, in the busiest \
      minutes of all, where a core-hour of work is worth many times its price. Its mean is the excess \
      of the lognormal distribution over the level. Netflix's 30% by right-sizing is what this gives \
      at a variation of about 0.2, if the cores were sized by the peak before.
      """,
    limits: """
      Memory has no percentile: one excess is a kill. Percentiles of means over five minutes hide \
      peaks of seconds. Autoscalers that size by a decaying histogram (Google's Autopilot, \
      Kubernetes' VPA) add a margin and react to kills; their percentile is an input here. Work that \
      can wait till night makes throttling free.
      """,
    diagram: """
      flowchart LR
        subgraph before["peak: {peak}"]
          l0["load varies by {point}"] --> c0["cores for the worst minute"]
        end
        subgraph after["percentile: {percentile}"]
          l1["load"] --> c1["p95 and 15%"] --> t1["72 minutes a day above"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "standard deviation of the load over its mean", [5, 10, 15, 20, 30, 50, 80], smoke: 20,
      label: { "\($0) %" }),
    rule: RuleOfThumb(
      "right-sizing saves 30%", source: "Netflix, as the curriculum quotes it"),
    options: [
      option(
        "peak", code: "sized", "Load",
        bill: { percent, _ throws(MissingNumber) in try sized(percent, z: 4.08, margin: 1) }),
      option("percentile", code: "sized", "Load", bill: percentile),
    ])
}

/// The quantile of a normal distribution that one in 43,800 minutes exceeds is 4.08.
private func percentile(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try sized(percent, z: StandardNormal.quantile(0.95), margin: 1.15)
}

/// Cores in use, of mean 1, whose logarithm is normal.
private struct Load {
  let sigma: Double

  init(variation: Double) { sigma = naturalLogarithm(1 + variation * variation).squareRoot() }

  /// Cores that a share of the minutes does not exceed.
  func quantile(z: Double) -> Double { exponential(sigma * z - sigma * sigma / 2) }

  /// The mean of what exceeds a level.
  func excess(over level: Double) -> Double {
    let z = (naturalLogarithm(level) + sigma * sigma / 2) / sigma
    return StandardNormal.probability(below: sigma - z)
      - level * StandardNormal.probability(below: -z)
  }
}

private let cores = 100.0

private func sized(
  _ percent: Double, z: Double, margin: Double
) throws(MissingNumber) -> Bill {
  let load = Load(variation: percent / 100)
  let level = margin * load.quantile(z: z)
  let worth = Ratio.assumed("worth of a core-hour that is missing, over its price", 20, in: 2...200)
  let core = try Provider.machine().core.perMonth
  return ((cores * level) * core).named("cores")
    + ((cores * load.excess(over: level)) * worth * core).named("work that waits")
}
