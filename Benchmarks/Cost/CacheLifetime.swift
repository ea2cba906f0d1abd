import Harness
import Results
import Statistics

extension Experiment {
  /// For how long a cached answer counts as fresh.
  static let ttl = Experiment(
    cost: "ttl", "network/caching",
    title: "The lifetime of cached answers: a minute → an hour",
    claim: """
      An hour instead of a minute pays only for what changes less than every few weeks: what a \
      lifetime saves in fetches is bounded, and what stale answers cost is not.
      """,
    mechanism: """
      A cache fetches an object once in a lifetime if it is asked for at all, so that from some \
      requests in a lifetime on nothing more is saved. The share of stale answers is about half the \
      lifetime over the time between changes, and each has a price. The best lifetime lies where \
      both are even, and grows with the root of the time between changes, not in proportion to it.
      """,
    limits: """
      What a stale answer costs is an assumption: a wrong price costs more than a wrong picture. \
      Invalidation at each change needs no lifetime, and has its own faults. Changes are taken to \
      come at random, and all objects as equally popular.
      """,
    diagram: """
      flowchart LR
        subgraph before["a minute: {a minute}"]
          r0["requests"] --> c0["cache"] -- "each minute" --> o0["origin"]
        end
        subgraph after["an hour: {an hour}"]
          r1["requests"] --> c1["cache, sometimes stale"] -- "each hour" --> o1["origin"]
          w1["a change every {point}"] --> o1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "minutes between changes", [10, 60, 360, 1_440, 10_080, 43_800, 262_800], smoke: 1_440,
      label: { $0 < 120 ? "\($0) min" : $0 < 2_880 ? "\($0 / 60) h" : "\($0 / 1_440) days" }),
    rule: RuleOfThumb(
      "a lifetime may be as long as the time between changes", breakEven: 60,
      source: "folklore of caching"),
    options: [
      option(
        "a minute", code: "cached",
        bill: { minutes, _ throws(MissingNumber) in
          try cached(1, minutes)
        }),
      option(
        "an hour", code: "cached",
        bill: { minutes, _ throws(MissingNumber) in
          try cached(60, minutes)
        }),
    ])
}

/// Ten thousand objects. A fetch and then the lifetime: a renewal cycle.
private func cached(_ lifetime: Double, _ change: Double) throws(MissingNumber) -> Bill {
  let rate = Ratio.assumed("requests for an object in a minute", 2, in: 0.2...20)
  let fetches = rate / (1 + lifetime * rate)
  let minutes = 10_000 * 730.0 * 60
  let each = Time.assumed("CPU of a fetch", 5e6, in: 1e6...30e6)
  let age = lifetime / change
  let stale = 1 - (1 - exponential(-age)) / age
  let price = Term<Dollars>.assumed("what a stale answer costs", 0.00003, in: 0.000003...0.0003)
  return try cores(Term<Requests>(minutes * fetches) * each).named("fetches")
    + price.times((minutes * stale) * rate).named("stale answers")
}
