import Harness
import Results
import Statistics

extension Experiment {
  /// What to provision for a forecast that can be wrong.
  static let forecastAsymmetry = Experiment(
    cost: "forecast-asymmetry", "compute/prediction",
    title: "Servers for a forecast: its mean and a fifth → the quantile of its costs",
    claim: """
      A fifth on top of the forecast is too much where a missing server costs no more than an idle \
      one, and too little where it costs twenty times as much.
      """,
    mechanism: """
      A missing server costs what its requests are worth, an idle one its price. The newsvendor's \
      quantile balances the two: at a ratio of one it is the mean, at nineteen the 95th percentile. \
      What it adds to the mean is a multiple of the forecast's error and not a share of the forecast: \
      a good forecast needs little on top, a bad one much.
      """,
    limits: """
      Errors are taken as normal and known from the past; real ones have long tails, so that high \
      quantiles should be read off the errors themselves. Where missing servers make the others \
      collapse, their cost is not proportional to their number.
      """,
    diagram: """
      flowchart LR
        subgraph before["mean and a fifth: {mean and a fifth}"]
          f0["forecast"] --> p0["× 1.2"] --> s0["servers"]
        end
        subgraph after["quantile: {quantile}"]
          f1["forecast and its error"] --> q1["quantile of {point} to 1"] --> s1["servers"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "a missing server over an idle one", [1, 2, 5, 10, 20, 50, 200], smoke: 10),
    rule: RuleOfThumb("add a fifth to the forecast", source: "folklore of capacity planning"),
    headline: DeclaredHeadline(value: 1, variant: "quantile"),
    options: [
      option(
        "mean and a fifth", code: "provisioned",
        bill: { ratio, _ throws(MissingNumber) in
          try provisioned(.exactly(1.2), ratio)
        }),
      option("quantile", code: "provisioned", bill: quantile),
    ])
}

private let forecast = 100.0
private let error = Ratio.assumed("error of the forecast, share of it", 0.15, in: 0.05...0.4)

private func quantile(_ ratio: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let z = StandardNormal.quantile(Newsvendor.coveredShare(short: ratio, over: 1))
  return try provisioned(1 + z * error, ratio)
}

/// What the error costs; the demand itself costs the same in both.
private func provisioned(_ level: Ratio, _ ratio: Double) throws(MissingNumber) -> Bill {
  let missing = Ratio.function("mean missing", of: level, error) {
    forecast * $1 * StandardNormal.excess(over: ($0 - 1) / $1)
  }
  let idle = Ratio.function("mean idle", of: level, error) {
    forecast * (($0 - 1) + $1 * StandardNormal.excess(over: ($0 - 1) / $1))
  }
  let server = try Provider.aws.monthly("compute.m6i.large")
  return (idle * server).named("idle servers")
    + ((ratio * missing) * server).named("missing servers")
}
