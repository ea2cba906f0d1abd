import CostBenchmarks
import Harness
import Results

extension Experiment {
  /// Steps of a migration that can be taken back, or not.
  static let reversible = Experiment(
    id: "migration/reversible",
    title: "Steps of a migration: one-way → each with a way back",
    slot: "migration/services/impact",
    claim: """
      A way back, built and rehearsed for each step, pays as soon as about one step in ten goes \
      wrong, at $10,000 per hour of a broken shop; below that it costs more than the failures \
      that it shortens. By published change failure rates most teams are above that.
      """,
    mechanism: """
      Four steps a month. A way back costs work at each step, whether it is needed or not: data \
      kept in step in both directions, both versions running, a rehearsal. It saves only where a \
      step fails: in place of a repair forward, which takes hours, the step is undone in minutes. \
      The bill is steps × work + failures × hours × damage per hour. A rehearsal that is left out \
      shows here too: a way back that does not work when it is needed costs both. The break-even \
      share of failing steps is work ÷ (hours saved × damage × chance that the way back works).
      """,
    limits: """
      Some steps have no way back at any price: a letter that is sent, a column that is dropped, \
      a writer that only the new side has had for days. Put these last and make them small. A way \
      back also lets people try what they would not dare, which is not counted. Failures that \
      nobody notices are not undone. The damage per hour decides most; take your own.
      """,
    diagram: """
      flowchart LR
        subgraph before["one-way: {one-way}"]
          direction LR
          s0["step"] -- "{point}" --> f0["repair forward: hours"]
        end
        subgraph after["with a way back: {with a way back}"]
          direction LR
          s1["step, kept in both"] -- "{point}" --> b1["back: minutes"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "failing steps", [1, 2, 5, 10, 20, 40], smoke: 10, label: { "\($0) % failing steps" }),
    metric: .dollars("cost"), signals: ["break-even, % of the steps"],
    work: { _ in Work(elements: 1, each: "month") },
    variants: [
      option("one-way", code: "oneWay", "damage", bill: oneWay),
      Variant(computed: "with a way back", shows: ["withWayBack", "damage"]) {
        question throws(MissingNumber) in
        let bill = try withWayBack(Double(question.value), question)
        let saved = try oneWay(1, question) - (try withWayBack(1, question) - upkeep())
        return Computation(bill).showing("break-even, % of the steps", upkeep() / saved)
      },
    ],
    rule: RuleOfThumb(
      "make it a two-way door", source: "Bezos, letter to shareholders of Amazon, 2015"),
    headline: DeclaredHeadline(value: 20, variant: "with a way back"))
}

private let steps = 4.0

/// Hours of a broken shop in a month.
private func damage(_ percent: Double, hours: Ratio) -> Bill {
  let hour = Term<Dollars>.assumed("an hour of a broken shop", 10_000, in: 1_000...100_000)
  return hour.times((steps * percent / 100) * hours)
}

/// Recovery by elite and by low performers differs from under an hour to a day and more (DORA,
/// Accelerate State of DevOps, 2023).
private func oneWay(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let repair = Ratio.assumed("hours of a repair forward", 4, in: 1...24)
  return damage(percent, hours: repair).named("repairs forward")
}

private func upkeep() -> Bill {
  developers(steps * Ratio.assumed("developers' hours of a way back", 40, in: 10...120))
}

private func withWayBack(_ percent: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let undoing = Ratio.assumed("hours until a step is undone", 0.25, in: 0.05...1)
  let works = Ratio.assumed("share of ways back that work", 0.9, in: 0.6...0.99)
  return try upkeep().named("ways back") + damage(percent, hours: works * undoing).named("undone")
    + ((1 - works) * oneWay(percent, question)).named("ways back that do not work")
}
