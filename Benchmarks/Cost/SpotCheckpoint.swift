import Harness
import Results
import Statistics

extension Experiment {
  /// Batch work on servers that can be taken away.
  static let spotCheckpoint = Experiment(
    cost: "spot-checkpoint", "compute/purchasing",
    title: "Batch jobs of two hours: on demand → spot with checkpoints",
    claim: """
      On spot servers a job with checkpoints at Daly's interval keeps nearly all of the discount \
      while interruptions are hours apart, and about half of it at one an hour; a job that starts \
      again from the beginning loses it once it is interrupted about as often as it takes.
      """,
    mechanism: """
      A job without checkpoints has to survive from its beginning to its end: its expected time \
      grows exponentially with its length over the time between interruptions. With checkpoints the \
      length is that of an interval. Young's rule puts a checkpoint every √(2 × cost × time between \
      interruptions), Daly's refines it where the two are not far apart. At a minute per checkpoint \
      and a day between interruptions that is an hour, and costs 4%.
      """,
    limits: """
      The formulas assume interruptions at random. Those of one market come together: the fleet then \
      waits until there are servers again, and a deadline is missed, which no checkpoint prevents. \
      A saving of 60% is often quoted; it needs a discount of 65%, which the cited prices of one \
      provider have and those of the other have not.
      """,
    diagram: """
      flowchart LR
        subgraph before["on demand: {on demand}"]
          j0["2 hours"] --> e0["end"]
        end
        subgraph after["spot, checkpoints: {spot, checkpoints}"]
          j1["an interval"] --> c1["checkpoint"] -- "interrupted after {point}" --> j1
          c1 --> e1["end"]
        end
        again["spot, from the beginning: {spot, from the beginning}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "minutes between interruptions", [15, 60, 240, 1_440, 10_080], smoke: 240,
      label: { $0 < 120 ? "\($0) minutes" : "\($0 / 60) hours" }),
    rule: RuleOfThumb("spot saves 60%", source: "providers' customer stories"),
    options: [
      option("on demand", code: "onDemand", bill: { _, _ throws(MissingNumber) in try onDemand() }),
      option("spot, from the beginning", code: "spot", bill: fromTheBeginning),
      option("spot, checkpoints", code: "checkpointed", bill: checkpointed),
    ])
}

/// A hundred jobs a month, in minutes.
private let jobs = 100.0
private let length = 120.0

private func hours(_ slowdown: Ratio) -> Term<Hours> {
  Term<Hours>(slowdown * .exactly(jobs * length / 60))
}

private func onDemand() throws(MissingNumber) -> Bill {
  try Provider.aws.price("compute.c5.2xlarge") * hours(.exactly(1))
}

private func spot(_ slowdown: Ratio) throws(MissingNumber) -> Bill {
  try Provider.aws.price("compute.c5.2xlarge.spot") * hours(slowdown)
}

private let restart = Ratio.assumed("minutes to get a new server", 5, in: 1...20)

private func fromTheBeginning(
  _ minutes: Double, _ question: Question
) throws(MissingNumber) -> Bill {
  // The whole job is one interval without a checkpoint.
  try spot(
    .function("slowdown", of: restart) {
      Checkpoints.slowdown(
        interval: length, cost: 0, restart: $0, betweenFailures: minutes)
    })
}

private func checkpointed(
  _ minutes: Double, _ question: Question
) throws(MissingNumber) -> Bill {
  let cost = Ratio.assumed("minutes of a checkpoint", 1, in: 0.2...4)
  return try spot(
    .function("slowdown at Daly's interval", of: cost, restart) {
      let interval = min(length, Checkpoints.daly(cost: $0, betweenFailures: minutes))
      return Checkpoints.slowdown(
        interval: interval, cost: $0, restart: $1, betweenFailures: minutes)
    })
}
