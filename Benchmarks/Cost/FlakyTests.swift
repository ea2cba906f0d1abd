import Harness
import Results
import Statistics

extension Experiment {
  /// Tests that fail without a reason, in a queue that merges changes together.
  static let flakyTests = Experiment(
    cost: "flaky-tests", "operations/automation",
    title: "Flaky tests before a merge queue: run again → fix",
    claim: """
      A rate of flaky failures that nobody minds for a single change stops a merge queue: with ten \
      changes together, two per cent each let one run in five fail for nothing.
      """,
    mechanism: """
      A run of the queue passes only if none of its changes fails, which for a rate f and a depth d \
      is (1 − f)ᵈ: 82% at two per cent and ten. A run that fails is repeated, and all the changes \
      behind it wait and are tested again. Machines are the small part of the bill; the large one \
      are the people who look whether the failure is theirs.
      """,
    limits: """
      A queue can test a failed run's changes in halves, which finds the bad one and costs more runs. \
      Running a failed test again at once hides flakiness from the queue, and races from the users. \
      Fixing is a steady effort, since new flaky tests are written all the time.
      """,
    diagram: """
      flowchart LR
        subgraph before["run again: {run again}"]
          q0["ten changes"] --> t0["tests, {point} flaky"] -- "fails" --> q0
          t0 -.- p0["people who look"]
        end
        subgraph after["fix: {fix}"]
          q1["ten changes"] --> t1["tests, few flaky"] --> m1["merged"]
          f1["time for fixing"] -.- t1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "flaky failures of a change", [10, 30, 100, 200, 500, 1_000],
      smoke: 200, label: { "\((Double($0) / 100).brief) %" }),
    rule: RuleOfThumb(
      "one per cent of flaky runs is tolerable", breakEven: 100, source: "folklore of test teams"),
    options: [
      option(
        "run again", code: "merged",
        bill: { rate, _ throws(MissingNumber) in
          try merged(.exactly(rate / 10_000))
        }),
      option("fix", code: "merged", bill: fixed),
    ])
}

private let depth = 10.0

private func merged(_ rate: Ratio) throws(MissingNumber) -> Bill {
  let changes = Ratio.assumed("changes in a month", 1_500, in: 300...5_000)
  let failed = Ratio.function("failed runs for one that passes", of: rate) { rate in
    exponential(-depth * naturalLogarithm(1 - rate)) - 1
  }
  let wasted = (changes / .exactly(depth)) * failed
  let machine = Ratio.assumed("core hours of a run", 20, in: 4...100)
  let looking = Ratio.assumed("hours of people for a failed run", 0.5, in: 0.1...2)
  return ((wasted * machine) * (try Provider.machine().core).perMonth / 730).named("machines")
    + developers(wasted * looking).named("people who look")
}

private func fixed(_ rate: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let effort = Ratio.assumed("hours of fixing in a month", 16, in: 4...60)
  let left = Ratio.assumed("share of the flaky failures that is left", 0.2, in: 0.05...0.5)
  return developers(effort).named("fixing") + (try merged(left * .exactly(rate / 10_000)))
}
