import Harness
import Results
import Statistics

extension Experiment {
  /// How much of an uncertain demand to commit to.
  static let reservedCoverage = Experiment(
    cost: "reserved-coverage", "compute/purchasing",
    title: "A hundred servers, more or less: on demand → committed for a year",
    claim: """
      Committing to the mean of a demand saves a third while the demand is steady, and nothing once \
      it varies as much as its mean; the newsvendor's quantile commits to less, and loses less where \
      the demand varies much.
      """,
    mechanism: """
      A committed server that is not needed costs its whole price; one that is missing costs only \
      the difference to the price on demand. With a discount of a third, an idle commitment costs \
      more than a missing one, so that less than the mean should be committed: the demand is to be \
      covered in 37% of the hours. The saving falls with the deviation of the demand, not with its \
      mean.
      """,
    limits: """
      Demand is taken as normal; where it grows, a commitment that fits today is too small tomorrow, \
      which does no harm. Commitments can be sold or exchanged at a loss. The discount is that of a \
      year without payment in advance; more is given for three years: see cost/purchase-mix.
      """,
    diagram: """
      flowchart LR
        subgraph before["on demand: {on demand}"]
          d0["demand, deviation {point}"] --> o0["each hour at list price"]
        end
        subgraph after["commit to the mean: {commit to the mean}"]
          d1["demand"] --> c1["committed, used or not"]
          d1 -- "excess" --> o1["list price"]
        end
        quantile["commit to the quantile: {commit to the quantile}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "deviation of the demand", [5, 20, 40, 70, 100], smoke: 40,
      label: { "\($0) %" }),
    rule: RuleOfThumb(
      "commit to the average use", source: "first advice of most cost tools"),
    options: [
      option("on demand", code: "onDemand", bill: { _, _ throws(MissingNumber) in try onDemand() }),
      option("commit to the quantile", code: "committed", bill: quantile),
      option("commit to the mean", code: "committed", bill: mean),
    ])
}

private let expected = 100.0

/// What the year brings, of what was expected of it.
private let outcome = Ratio.assumed("mean demand over its forecast", 1, in: 0.7...1.3)

private func onDemand() throws(MissingNumber) -> Bill {
  (expected * outcome) * (try Provider.aws.monthly("compute.t3.medium"))
}

private func quantile(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let list = try Provider.aws.monthly("compute.t3.medium").value
  let paid = try Provider.aws.monthly("compute.t3.medium.1y").value
  let share = Newsvendor.coveredShare(short: list - paid, over: paid)
  return try committed(
    max(0, expected * (1 + percent / 100 * StandardNormal.quantile(share))), percent)
}

private func mean(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  try committed(expected, percent)
}

/// What is committed, and the mean of what exceeds it.
private func committed(_ count: Double, _ percent: Double) throws(MissingNumber) -> Bill {
  let deviation = expected * percent / 100
  let excess = Ratio.function("mean excess", of: outcome) { outcome in
    let mean = expected * outcome
    return deviation * outcome * StandardNormal.excess(over: (count - mean) / (deviation * outcome))
  }
  return (count * (try Provider.aws.monthly("compute.t3.medium.1y"))).named("committed")
    + (excess * (try Provider.aws.monthly("compute.t3.medium"))).named("on demand")
}
