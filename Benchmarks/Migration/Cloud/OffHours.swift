import CostBenchmarks
import Harness
import Prices
import Results

extension Experiment {
  /// Machines that are not needed all week.
  static let offHours = Experiment(
    id: "migration/off-hours",
    title: "A lifted machine that is not needed all week: always on → switched off, or committed",
    slot: "migration/cloud/optimisation",
    claim: """
      Switching off and committing exclude each other: who does both pays for hours that the \
      machine is off, and saves nothing by switching. Below about 100 hours a week switching off \
      is cheaper than a commitment of one year, and above it the commitment is.
      """,
    mechanism: """
      On demand is paid by the hour, so that the bill is hours ÷ 168. A commitment is paid for \
      all hours at a lower price, here 63% of the list for a year and 43% for three: its \
      break-even is that share of the week, 105 and 73 hours, less what is forgotten and runs on. \
      Both are on every list of what to do after a lift and shift, and each is proposed with the \
      saving that it has alone; done both, the second one's saving is zero, unless another \
      machine uses the hours. What stays on when the machine is off is its volume.
      """,
    limits: """
      A commitment belongs to the account, so that another machine of the kind can use the hours: \
      commit what runs at the lowest hour of the week, and switch off above that (see \
      `cost/reserved-coverage`). Working hours of one place are 50; people who work late, builds \
      at night and time zones make them 80. What a start in the morning costs is left out here: \
      see `cost/scheduled-off`.
      """,
    diagram: """
      flowchart LR
        subgraph before["always on: {always on}"]
          m0["168 hours at list price"]
        end
        year["committed for a year: {committed}"]
        both["committed, and off: {committed and off}"]
        subgraph after["switched off: {switched off}"]
          m1["{point} at list price"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "hours needed in a week", [40, 60, 80, 100, 120, 168], smoke: 60, label: { "\($0) hours" }),
    metric: .dollars("cost"), work: { _ in Work(elements: 1, each: "month") },
    variants: [
      option("always on", code: "onDemand") { _, _ throws(MissingNumber) in try onDemand(168) },
      option("committed", code: "committed") { _, _ throws(MissingNumber) in try committed() },
      option("committed and off", code: "committed", "volume") { _, _ throws(MissingNumber) in
        // The commitment is paid whether the machine runs or not.
        try committed()
      },
      option("switched off", code: "onDemand") { hours, _ throws(MissingNumber) in
        try onDemand(hours)
      },
    ],
    rule: RuleOfThumb(
      "commit above 60% utilisation", breakEven: 101, source: "FinOps Foundation's advice"),
    headline: DeclaredHeadline(value: 60, variant: "switched off"))
}

private let machines = 20.0

/// Paid whether the machine is on or off.
private func volume() throws(MissingNumber) -> Bill {
  (machines * (try Provider.aws.price("block.gp3") * Term<GigabyteMonths>.exactly(50)))
    .named("volumes")
}

private func onDemand(_ hours: Double) throws(MissingNumber) -> Bill {
  let forgotten = Ratio.assumed("share of the other hours that they run on", 0.05, in: 0...0.3)
  let share = .exactly(hours / 168) + (1 - hours / 168) * forgotten
  return (share * (machines * (try Provider.aws.monthly("compute.t3.medium")))).named("machines")
    + (try volume())
}

private func committed() throws(MissingNumber) -> Bill {
  (machines * (try Provider.aws.monthly("compute.t3.medium.1y"))).named("commitment")
    + (try volume())
}
