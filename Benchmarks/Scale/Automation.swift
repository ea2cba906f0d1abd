import Harness
import Results

extension Experiment {
  /// Failures that people repair, or a machine where it can.
  static let automation = Experiment(
    id: "scale/automation",
    title: "Failover by hand → automated",
    slot: "scale/10k/single-point-of-failure",
    claim: """
      Automated failover saves what it covers and no more: if it handles 90% of the failures, a \
      year's downtime falls to a little more than a tenth, whether a failover takes 30 seconds or 3.
      """,
    mechanism: """
      Uptime and downtime alternate, so that the downtime of a year is the number of failures times \
      the mean repair. Repairs by people are taken from 23,000 failures at Los Alamos: lognormal, \
      with a mean of 355 minutes and a median of 54 (Schroeder and Gibson, DSN 2006). Of 12 failures \
      a year automation covers a part, here {point}; the rest are repaired as before. A failover \
      takes 20 to 30 seconds until a lease of 30 seconds that is renewed every 10 has expired, and \
      10 seconds for the promotion. Two failovers a year are false alarms, which cost the same time.
      """,
    limits: """
      The mean repair is far above the median: most years are better than the mean, and a few days \
      make most of the downtime. Automation that promotes the wrong side costs data, not minutes: \
      see the split brain. Failures are independent here; a fault in the automation itself takes \
      down what it should protect.
      """,
    diagram: """
      flowchart LR
        f0["failure"] -- "page, people" --> r0["by hand: {by hand}"]
        f1["failure"] -- "{point}" --> r1["automated: {automated}, in 3 s: {ten times as fast}"]
        f1 -- "the rest: people" --> r1
        r0 -- "{speedup}" --> r1
      """,
    sweep: .count("covered", [50, 90, 99], smoke: 90, label: { "\($0) % of failures covered" }),
    metric: .reported("downtime per year", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["availability", "share of the downtime by the longest 5% of repairs"],
    work: { _ in Work(elements: Double(years) * failuresPerYear, each: "failure") },
    variants: [
      variant("by hand", "byHand", { _ in byHand }),
      variant("ten times as fast", "automated", isReference: true) {
        automated(covering: $0, faster: 10)
      },
      variant("automated", "automated") { automated(covering: $0, faster: 1) },
    ],
    uncertain: [meanRepair],
    headline: DeclaredHeadline(value: 90, variant: "automated"),
    model: { question in
      let people = (failuresPerYear * Time.exactly(355 * 60e9)).named("repairs by people")
      if question.isBaseline { return Model(people, per: .metric) }
      let covered = Double(question.value) / 100
      let failover = Time.exactly(35e9) / (question.variant == "automated" ? 1 : 10)
      return Model(
        ((1 - covered) * (failuresPerYear * Time.exactly(355 * 60e9))).named("not covered")
          + ((covered * failuresPerYear + falseAlarmsPerYear) * failover).named("failovers"),
        per: .metric)
    })
}

private let years = 5_000
/// The median moves with it: the distribution keeps its shape.
private let meanRepair = UncertainInput(
  "mean repair by people, minutes", 355, in: 60...1_440,
  source: "Schroeder and Gibson, DSN 2006: from one system to another, less than an hour to more "
    + "than a day")
private let (failuresPerYear, falseAlarmsPerYear) = (12.0, 2.0)

/// Seconds that a failure lasts, and of a false alarm.
private struct Recovery {
  let repair: @Sendable (_ people: Double, _ chance: Double, _ failover: Double) -> Double
  let falseAlarm: @Sendable (_ failover: Double) -> Double
}

private let byHand = Recovery(repair: { people, _, _ in people }, falseAlarm: { _ in 0 })

private func automated(covering percent: Int, faster: Double) -> Recovery {
  Recovery(
    repair: { people, chance, failover in
      100 * chance < Double(percent) ? failover / faster : people
    }, falseAlarm: { $0 / faster })
}

private func variant(
  _ name: String, _ shows: String, isReference: Bool = false,
  _ recovery: @escaping @Sendable (Int) -> Recovery
) -> Variant {
  Variant(simulated: name, isReference: isReference, shows: [shows]) { point in
    var (failures, people, chances, failovers) = (
      RandomTimes(seed: point.seed, stream: 1), RandomTimes(seed: point.seed, stream: 2),
      RandomTimes(seed: point.seed, stream: 3), RandomTimes(seed: point.seed, stream: 4)
    )
    let recovery = recovery(point.value)
    let longer = point[meanRepair] / meanRepair.estimate
    let total = failuresPerYear + falseAlarmsPerYear
    var (time, down, lasted) = (0.0, 0.0, [Double]())
    while true {
      time += failures.exponential() / total
      guard time < Double(years) else { break }
      let failover = 20 + 10 * failovers.share() + 10 * failovers.exponential()
      let (repair, chance) = (
        people.lognormal(median: 54 * 60, mean: 355 * 60) * longer, chances.share()
      )
      let isFalse = failures.share() * total < falseAlarmsPerYear
      let seconds =
        isFalse ? recovery.falseAlarm(failover) : recovery.repair(repair, chance, failover)
      down += seconds
      lasted.append(seconds)
    }
    let longest = lasted.sorted().suffix(lasted.count / 20).reduce(0, +)
    let year = 365.25 * 86_400.0
    return Replication(
      offered: failures.digest,
      figures: [
        "downtime per year": .seconds(down / Double(years)),
        "availability": .share(1 - down / Double(years) / year),
        "share of the downtime by the longest 5% of repairs": .share(longest / down),
      ])
  }
}
