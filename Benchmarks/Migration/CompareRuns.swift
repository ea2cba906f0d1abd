import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// Whether a change is slower, on a machine whose speed drifts.
  static let compareRuns = Experiment(
    id: "migration/compare-runs",
    title: "Before and after: an hour apart → in turns, with a null",
    slot: "migration/performance/validation",
    claim: """
      On a machine whose speed drifts by 2% (standard deviation) runs before and after a change, \
      an hour apart and compared by a t-test, call many of the changes slower that are not; runs \
      in turns with a null keep their false alarms at any drift, and miss more of a real 5% \
      where it is large.
      """,
    mechanism: """
      Ten runs of each version, a minute each. Their logarithms have noise of 1% and a drift \
      that forgets half of itself in fourteen minutes (Ornstein–Uhlenbeck, time constant twenty \
      minutes). Within ten minutes all runs of one version share most of the drift, so that \
      their spread looks small, and the t-test takes ten runs for ten independent ones; in fact \
      there is little more than one. In turns, A, B and A again lie a minute apart, and the \
      drift between them is a small part of the whole. The judge is the laboratory's own: an \
      order-statistic interval of the log-ratios, which must lie beyond 2% and beyond what A \
      against A shows.
      """,
    limits: """
      A longer time between before and after does not make it worse: the drift is forgotten \
      after an hour already. Two machines side by side have the same fault in space: they differ \
      by a constant. A change that is seen only after an hour of load can't be measured in turns \
      of a minute. Half of the thousand changes do nothing, half are 5% slower.
      """,
    diagram: """
      flowchart LR
        subgraph before["an hour apart: {an hour apart}"]
          direction LR
          a0["A × 10"] -- "50 minutes" --> b0["B × 10"] --> t0["t-test"]
        end
        subgraph after["in turns: {in turns}"]
          direction LR
          a1["A B A"] --> a2["A B A"] --> t1["interval and null"]
        end
        before -- "{speedup} with a drift of {point}" --> after
      """,
    sweep: .count("drift", [5, 20, 50], smoke: 20, label: { "\((Double($0) / 10).brief) %" }),
    metric: .share("changes judged rightly", lowerIsBetter: false),
    signals: ["false alarms", "misses of 5%"],
    work: { _ in Work(elements: Double(DriftingMachine.changes), each: "change") },
    variants: [
      variant("an hour apart", shows: "isSlowerByTest", minutes: apart, isSlowerByTest),
      variant("in turns", shows: "isSlowerByTurns", minutes: inTurns, isSlowerByTurns),
    ],
    noUncertainty: """
      The truth is planted: half of the changes do nothing. The drift is the axis, and how many \
      runs there are is a choice.
      """,
    headline: DeclaredHeadline(value: 20, variant: "in turns"),
    model: { question in
      let drift = Double(question.value) / 1_000
      let found =
        question.isBaseline
        ? DriftingMachine.testFinds(drift) : DriftingMachine.turnsFind(drift)
      return Model(
        Term<Percent>.exactly(50 * (1 - found(0))).named("changes that do nothing and pass")
          + Term<Percent>.exactly(50 * found(0.05)).named("changes of 5% that are found"),
        per: .metric)
    })
}

private let runs = 10

/// When the runs of A, of B and of the second A begin, in minutes.
private let apart = [(0..<runs).map(Double.init), (0..<runs).map { 60 + Double($0) }, []]
private let inTurns = (0..<3).map { place in (0..<runs).map { Double(3 * $0 + place) } }

private func variant(
  _ name: String, shows: String, minutes: [[Double]],
  _ isSlower: @escaping @Sendable ([[Double]]) -> Bool
) -> Variant {
  Variant(simulated: name, shows: [shows]) {
    DriftingMachine.replication($0, minutes: minutes, isSlower)
  }
}

/// Student's test of two means at 5%, as most scripts have it.
private func isSlowerByTest(_ logs: [[Double]]) -> Bool {
  let (a, b) = (logs[0], logs[1])
  let difference = b.mean() - a.mean()
  let (sa, sb) = (a.standardDeviation(), b.standardDeviation())
  let error = ((sa * sa + sb * sb) / Double(runs)).squareRoot()
  // 18 degrees of freedom, 5% on two sides.
  return difference > 2.101 * error
}

/// The laboratory's rule.
private func isSlowerByTurns(_ logs: [[Double]]) -> Bool {
  func interval(_ other: [Double]) -> ConfidenceInterval {
    PairedComparison(blocks: zip(logs[0], other).map { [$0 - $1] })!.interval
  }
  return JudgementRule().judge(interval(logs[1]), null: interval(logs[2])) == .slower
}
