import CostBenchmarks
import Harness
import Prices
import Results

extension Experiment {
  /// Machines of a newer generation, of the same architecture or of another.
  static let generation = Experiment(
    id: "migration/generation",
    title: "Lifted machines: as they were → a newer generation, or another architecture",
    slot: "migration/cloud/optimisation",
    claim: """
      The next generation of the same architecture costs the same per thread and saves an eighth \
      by being faster, as soon as there is a whole machine to take away; another architecture \
      saves three times as much, and pays for the work of getting there from about fifteen \
      machines on.
      """,
    mechanism: """
      A hardware thread of m5 and of m6i has the same price, and a newer one does more work, so \
      that fewer do: that saving is only there if somebody takes machines away. A thread of m7g \
      is a whole core, not half of one, and 15% cheaper. What it costs is once to build and test \
      everything for Arm, spread over 24 months, and then both architectures in the pipelines as \
      long as developers' machines differ. Once is the same for one machine and for a hundred, \
      hence the break-even.
      """,
    limits: """
      The gain in work per thread is the provider's figure for one, and depends on the program: \
      measure yours with one machine in ten, in turns (`migration/compare-runs`). Programs \
      without sources, and licences for one architecture, stay where they are. Commitments to a \
      family bind to the old generation. A fleet of three can't be made 20% smaller: whole \
      machines are counted here.
      """,
    diagram: """
      flowchart LR
        subgraph before["m5: {m5}"]
          f0["{point}"]
        end
        next["m6i, fewer of them: {m6i}"]
        subgraph after["m7g: {m7g}"]
          direction LR
          f1["{point}'s work"] --> b1["built for Arm"] --> g1["fewer, cheaper machines"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "machines", [1, 3, 10, 30, 100, 300], smoke: 10,
      label: { $0 == 1 ? "1 machine" : "\($0) machines" }),
    metric: .dollars("cost"), work: { _ in Work(elements: 1, each: "month") },
    variants: [
      option("m5", code: "fleet") { machines, _ throws(MissingNumber) in
        try fleet(machines, "compute.m5.xlarge", 1, work: .exactly(1))
      },
      option("m6i", code: "fleet") { machines, _ throws(MissingNumber) in
        let work = Ratio.assumed("work of an m6i thread over m5", 1.15, in: 1.05...1.3)
        return try fleet(machines, "compute.m6i.large", 2, work: work)
      },
      option("m7g", code: "fleet", "port", bill: port),
    ],
    rule: RuleOfThumb(
      "always take the newest generation", source: "cloud providers' advice on cost"),
    headline: DeclaredHeadline(value: 100, variant: "m7g"))
}

/// Whole machines of four threads that do the same work.
private func fleet(
  _ machines: Double, _ price: String, _ halves: Double, work: Ratio
) throws(MissingNumber) -> Bill {
  let count = (.exactly(machines) / work).roundedUp
  return (count * (halves * (try Provider.aws.monthly(price)))).named("machines")
}

private func port(_ machines: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let work = Ratio.assumed("work of an m7g core over an m5 thread", 1.4, in: 1.1...1.8)
  let hours = Ratio.assumed("hours to build and test for Arm", 120, in: 20...600)
  let upkeep = Ratio.assumed("hours a month for two architectures", 3, in: 0...12)
  return try fleet(machines, "compute.m7g.large", 2, work: work)
    + developers(hours / .exactly(24) + upkeep).named("building for Arm")
}
