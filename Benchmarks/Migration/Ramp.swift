import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// How the share of a new version grows.
  static let ramp = Experiment(
    id: "migration/ramp",
    title: "Growing a release's share: ten minutes a step → when the evidence is there",
    slot: "migration/performance/canary",
    claim: """
      Steps of fixed length promote a release that doubles the errors to everybody where there \
      are few requests per second, and keep a healthy one waiting where there are many; steps \
      that end with evidence hit the same few users at any traffic, and take as long as the \
      evidence takes.
      """,
    mechanism: """
      The shares are 1, 5, 25, 50, 100%. Both judge each minute by evidence per error and roll \
      back when a canary is worse at a risk of 5%. The fixed ramp promotes when ten minutes are \
      over and no alarm came: no alarm is taken for health. The other one promotes only when it \
      has refuted that the canary fails at least one and a half times as often, and rolls back \
      where a day brings neither. The release doubles errors from 1 to 2%. At {point} ten \
      minutes at 1% hold too few errors to say anything; what reaches 100% has no baseline \
      beside it any more, and is found by people eight hours later.
      """,
    limits: """
      Evidence for health at 1% of the traffic takes thousands of errors, so that at ten \
      requests per second it takes half a day, and at one it never comes: begin with a larger \
      share, or accept a larger margin. A release whose errors are ten times as many is found in \
      the first step by both. Eight hours until people notice is an assumption.
      """,
    diagram: """
      flowchart LR
        subgraph before["fixed steps: {fixed steps}"]
          direction LR
          a0["1 %"] -- "10 min" --> b0["5 %"] -- "10 min" --> c0["25 … 100 %"]
        end
        subgraph after["by evidence: {by evidence}"]
          direction LR
          a1["1 %"] -- "not worse" --> b1["5 %"] -- "not worse" --> c1["25 … 100 %"]
          a1 -- "worse" --> d1["back"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count(
      "requests", [1, 10, 100, 1_000], smoke: 10,
      label: { "\($0) request\($0 == 1 ? "" : "s") per second" }),
    metric: .reported("users hit by a bad release", unit: .count, lowerIsBetter: true),
    signals: [
      "bad releases that everybody got", "healthy releases that everybody got",
      "time of a healthy release",
    ],
    work: { _ in Work(elements: Double(RampedRelease.count), each: "release") },
    variants: [
      variant("fixed steps", shows: "isTimeOver", isTimeOver),
      variant("by evidence", shows: "isHealthy", isHealthy),
    ],
    uncertain: [RampedRelease.unnoticed],
    headline: DeclaredHeadline(value: 1, variant: "by evidence"),
    model: { question in
      let rate = Double(question.value)
      let steps = question.isBaseline ? RampedRelease.shares : [RampedRelease.shares[0]]
      return Model(
        Ratio.exactly(RampedRelease.hits(rate, steps: steps)).named(
          "errors until the evidence is complete"), per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, _ goesOn: @escaping @Sendable (RampedRelease.Step) -> Bool
) -> Variant {
  Variant(simulated: name, shows: [shows]) { RampedRelease.replication($0, goesOn) }
}

private func isTimeOver(_ step: RampedRelease.Step) -> Bool { step.minutes >= 10 }

private func isHealthy(_ step: RampedRelease.Step) -> Bool {
  step.health.hasRefuted(at: Releases.risk)
}
