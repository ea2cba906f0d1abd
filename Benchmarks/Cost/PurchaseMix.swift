import Harness
import Results
import Statistics

extension Experiment {
  /// For how many hours of the month a server must be needed before a commitment pays.
  static let purchaseMix = Experiment(
    cost: "purchase-mix", "compute/purchasing",
    title: "A server for part of the time: on demand → committed for three years",
    claim: """
      A commitment of three years pays from about three fifths of the hours on, if servers are needed to \
      the end; what is likely to be replaced or to become cheaper meanwhile is better committed for \
      one year or not at all.
      """,
    mechanism: """
      On paper the break-even is the ratio of the prices: two thirds of the hours for a year, less \
      than half for three. But the commitment is paid when the server is no longer needed, and its \
      price stays when list prices fall or a newer type does the same work for less. Both are \
      discounted from the benefit, and weigh three times as much on three years.
      """,
    limits: """
      Money has no interest here; payment in advance lowers the price by some per cent more. \
      Convertible commitments cost a tenth more and follow newer types. A commitment for a sum per \
      hour instead of a type carries the risk of price only.
      """,
    diagram: """
      flowchart LR
        subgraph before["on demand: {on demand}"]
          h0["needed {point} of the hours"] --> p0["list price, may fall, may end"]
        end
        subgraph after["three years: {three years}"]
          h1["needed {point} of the hours"] --> p1["all hours for three years"]
        end
        year["one year: {one year}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "hours in which the server is needed", [10, 20, 30, 40, 50, 60, 80, 100], smoke: 50,
      label: { "\($0) %" }),
    rule: RuleOfThumb(
      "commit what is busy more than 60% of the hours", breakEven: 60,
      source: "folklore of cloud cost management"),
    options: [
      option("on demand", code: "onDemand", bill: onDemand),
      option(
        "one year", code: "committed",
        bill: { _, _ throws(MissingNumber) in
          try committed("1y", years: 1)
        }),
      option(
        "three years", code: "committed",
        bill: { _, _ throws(MissingNumber) in
          try committed("3y", years: 3)
        }),
    ])
}

private let servers = 100.0

private func onDemand(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  (servers * percent / 100) * (try Provider.aws.monthly("compute.t3.medium"))
}

/// Paid to the end, for what of it is worth having: the months in which the server is still needed,
/// at what it would cost then.
private func committed(_ name: String, years: Double) throws(MissingNumber) -> Bill {
  let kept = Ratio.assumed("chance that a server is still needed a year later", 0.85, in: 0.6...1)
  let price = Ratio.assumed("price of the same work a year later", 0.95, in: 0.85...1)
  let worth = Ratio.function("mean worth over the years", of: kept * price) { yearly in
    guard yearly < 1 else { return 1 }
    let rate = naturalLogarithm(yearly)
    return (exponential(rate * years) - 1) / (rate * years)
  }
  return (servers * (try Provider.aws.monthly("compute.t3.medium.\(name)"))) / worth
}
