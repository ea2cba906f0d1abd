import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// Judges of canaries on releases of which the truth is known.
  static let canaryStatistics = Experiment(
    id: "migration/canary-statistics",
    title: "Judging a canary: error threshold → rank test → evidence per error",
    slot: "migration/performance/canary",
    claim: """
      With thirty requests per minute a threshold on the rate of errors stops most healthy \
      releases, and a rank test of the minutes misses a threefold rate of errors in nearly all; \
      a test that counts to which side each error falls promises its false alarms at any \
      traffic. With thousands of requests per minute all three are right.
      """,
    mechanism: """
      A thousand healthy releases (0.3% errors), five hundred with 1% and five hundred with 5% \
      run for an hour beside a fresh baseline of the same traffic. The threshold is Flagger's \
      example: a minute with more than 1% errors fails, the fifth failed one stops the release. \
      Of thirty requests one error is 3%. The rank test is Kayenta's: a series of a value per \
      minute for each side, the shift's 98% interval by Wilcoxon must lie above a quarter of the \
      shift. Where most minutes have no error the median shift is zero, whatever the others \
      have. The third conditions on errors: if both sides are alike, each error falls to the \
      canary with its share of the traffic; evidence multiplies with every error and may be \
      looked at after each.
      """,
    limits: """
      Errors are independent here. In bursts all three are wrong, the third most of all: count \
      users with an error and not errors. One host per side is one sample: if the hosts differ \
      by some percent, the rank test alarms on identical releases. A fault that hurts both \
      sides, such as a lock in a shared database, is seen by the threshold alone. *No alarm* is \
      not *healthy*: see `migration/ramp`.
      """,
    diagram: """
      flowchart LR
        e["errors of canary and baseline"] --> t["5 minutes above 1 %: {threshold}"]
        e --> r["ranks of 60 minutes: {rank test}"]
        e --> s["side of each error: {evidence}"]
        t -- "{speedup} at {point}" --> s
      """,
    sweep: .count(
      "requests", [30, 300, 3_000], smoke: 30, label: { "\($0) requests per minute and side" }),
    metric: .share("releases judged rightly", lowerIsBetter: false),
    signals: ["false alarms", "misses of 1%", "misses of 5%"],
    work: { _ in Work(elements: Double(JudgedReleases.count), each: "release") },
    variants: [
      variant("threshold", shows: "isAboveThreshold", isAboveThreshold),
      variant("rank test", shows: "isShifted", isShifted),
      variant("evidence", shows: "isEvident", isEvident),
    ],
    noUncertainty: """
      The truth is planted: healthy releases, and two kinds of bad ones. The traffic is the \
      axis.
      """,
    headline: DeclaredHeadline(value: 30, variant: "evidence"),
    model: { question in
      let requests = Double(question.value)
      let stops: (Double) -> Double =
        switch question.variant {
        case "threshold": { JudgedReleases.thresholdStops(requests, rate: $0) }
        case "rank test": { JudgedReleases.rankTestStops(requests, rate: $0) }
        default: { JudgedReleases.evidenceStops(requests, rate: $0) }
        }
      let part = { (name: String, share: Double) in
        Term<Percent>.exactly(max(0, 100 * share)).named(name)
      }
      return Model(
        part("healthy ones that pass", 0.5 * (1 - stops(JudgedReleases.healthy)))
          + part("those with 1% that are stopped", 0.25 * stops(0.01))
          + part("those with 5% that are stopped", 0.25 * stops(0.05)), per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, _ stops: @escaping @Sendable (JudgedReleases.Hour) -> Bool
) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    JudgedReleases(point).replication(stops)
  }
}

private func isAboveThreshold(_ hour: JudgedReleases.Hour) -> Bool {
  hour.canary.count { Double($0) > 0.01 * Double(hour.requests) } >= 5
}

private func isShifted(_ hour: JudgedReleases.Hour) -> Bool {
  let (shift, low) = hour.shift(critical: 2.326)
  return low > 0.25 * abs(shift)
}

private func isEvident(_ hour: JudgedReleases.Hour) -> Bool {
  var test = ErrorSplitTest()
  for (canary, baseline) in zip(hour.canary, hour.baseline) {
    test.add(canary: canary, baseline: baseline, share: 0.5)
  }
  return test.hasRefuted(at: Releases.risk)
}
