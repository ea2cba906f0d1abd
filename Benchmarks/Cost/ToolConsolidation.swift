import Harness
import Results

extension Experiment {
  /// Monitoring with three products, or with one.
  static let toolConsolidation = Experiment(
    cost: "tool-consolidation", "operations/monitoring",
    title: "Monitoring: three products → one",
    claim: """
      Moving to one product pays from about a hundred hosts on: below that the dashboards and \
      alerts that have to be made again cost more than two years of what is saved, and above it a \
      sixth is all there is to save.
      """,
    mechanism: """
      Products are paid by the host; one that does everything costs more than each of the three and \
      less than all of them. The move is paid once, and most of it does not depend on the number of \
      hosts: dashboards, alerts, habits. Meanwhile both are paid. Spread over two years, the \
      break-even is the cost of the move over what a host saves.
      """,
    limits: """
      Prices are negotiated: a list's are a starting point, and a contract of years moves the \
      break-even. What only one of the three could do is lost. One product is one failure: when it \
      is down, nobody sees anything.
      """,
    diagram: """
      flowchart LR
        subgraph before["three: {three}"]
          h0["{point}"] --> m0["metrics"] & l0["logs"] & t0["traces"]
        end
        subgraph after["one: {one}"]
          h1["{point}"] --> o1["one product"]
          d1["dashboards made again"] -. "over two years" .-> o1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("hosts", [5, 10, 20, 50, 100, 300, 1_000], smoke: 50, label: { "\($0) hosts" }),
    rule: RuleOfThumb(
      "consolidate tools to save a third", source: "advertisements of monitoring products"),
    options: [
      option("three", code: "three", bill: three),
      option("one", code: "one", bill: one),
    ])
}

/// List prices of products lie between 5 and 40 dollars a host.
private let each = Term<Dollars>.assumed("one product for a host in a month", 15, in: 5...40)
private let upkeep = Ratio.assumed("hours a month for each product", 4, in: 1...12)

private func three(_ hosts: Double, _ question: Question) throws(MissingNumber) -> Bill {
  each.times(3 * hosts).named("products") + developers(3 * upkeep).named("upkeep")
}

private func one(_ hosts: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let whole = Ratio.assumed("price of the one over each of the three", 1.9, in: 1.3...2.8)
  let made = Ratio.assumed("hours for dashboards, alerts and habits", 400, in: 100...1_200)
  let host = Ratio.assumed("hours to move a host", 0.3, in: 0.05...1)
  let both = Ratio.assumed("months in which both are paid", 3, in: 1...6)
  let months = Ratio.exactly(24)
  let move = developers((made + .exactly(hosts) * host) / months)
  return each.times(hosts * whole).named("product") + developers(upkeep).named("upkeep")
    + (move + each.times((3 * hosts) * (both / months))).named("the move, over two years")
}
