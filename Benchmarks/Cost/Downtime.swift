import Harness
import Results

extension Experiment {
  /// Whether it pays to practise repairs.
  static let downtime = Experiment(
    cost: "downtime", "operations/incidents",
    title: "Incidents: no drills → a drill each quarter",
    claim: """
      Drills that shorten repairs by a third pay from some tens of dollars a minute of downtime on, a \
      hundredth of the figure that is usually quoted.
      """,
    mechanism: """
      Downtime costs incidents times the minutes of a repair times dollars a minute. A drill costs \
      hours of people, whatever a minute is worth. Repairs are spread widely: the mean is far above \
      the median, and the long ones, which a drill shortens most, are most of the cost.
      """,
    limits: """
      What a drill finds is fixed before it becomes an incident, which is not counted. A minute is \
      not worth the same at night. Reputation is not linear: ten outages of a minute are not one of \
      ten. The effect of drills is an assumption, and the widest of the inputs.
      """,
    diagram: """
      flowchart LR
        subgraph before["no drills: {no drills}"]
          i0["incident"] --> r0["repair"] --> c0["{point}"]
        end
        subgraph after["drills: {drills}"]
          d1["a drill each quarter"] -.- r1["shorter repair"]
          i1["incident"] --> r1 --> c1["{point}"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "dollars for a minute of downtime", [3, 10, 30, 100, 1_000, 5_600], smoke: 30,
      label: { "$\($0) per minute" }),
    rule: RuleOfThumb(
      "a minute of downtime costs $5,600: everything pays", source: "Gartner, 2014, as quoted"),
    options: [
      option(
        "no drills", code: "down",
        bill: { dollars, _ throws(MissingNumber) in
          down(.exactly(1), dollars)
        }),
      option("drills", code: "drilled", bill: drilled),
    ])
}

/// Log-normal repairs: a mean of exp(σ² ÷ 2) medians.
private func down(_ left: Ratio, _ dollars: Double) -> Bill {
  let incidents = Ratio.assumed("incidents in a month", 1, in: 0.25...4)
  let median = Ratio.assumed("median minutes of a repair", 45, in: 20...90)
  let tail = Ratio.assumed("mean of the repairs over their median", 2, in: 1.3...4)
  let minutes = left * incidents * median * tail
  return Term<Dollars>.exactly(dollars).times(minutes).named("downtime")
}

private func drilled(_ dollars: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let people = Ratio.assumed("people in a drill", 6, in: 3...12)
  let hours = Ratio.assumed("hours of a drill with its preparation", 6, in: 3...12)
  let left = Ratio.assumed("what is left of a repair's time", 0.7, in: 0.45...0.95)
  return developers((people * hours) / .exactly(3)).named("drills") + down(left, dollars)
}
