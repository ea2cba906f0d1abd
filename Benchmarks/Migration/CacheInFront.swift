import Harness
import Results

extension Experiment {
  /// A cache in front of a legacy service that can't be changed.
  static let cacheInFront = Experiment(
    id: "migration/cache-in-front",
    title: "A slow legacy service: asked each time → a cache in front of it",
    slot: "migration/performance/legacy",
    claim: """
      A cache that answers four fifths of the requests makes the median a hundred times faster and \
      the p99 only twice as fast: more than a hundredth still waits for the legacy service, whose \
      queue is shorter then. The p99 falls to the cache's own time as soon as fewer than a \
      hundredth miss, which invalidation reaches where the data change seldom.
      """,
    mechanism: """
      Reports take 50 ms on average (exponential) at four servers, which 60 requests per second \
      keep busy to 75%; 200 reports are asked for by Zipf. A lifetime of ten seconds that begins \
      when the answer is entered gives λT ÷ (1 + λT) hits of a report that is asked for λ times \
      per second; its hits are old with probability 1 − (1 − e^(−wT)) ÷ wT at w changes per \
      second. Deleted at each change, an entry gives λ ÷ (λ + w). The p99 of all is the quantile 1 \
      − 0.01 ÷ (share of misses) of a queue M/M/4 with these misses. Each report changes {point}.
      """,
    limits: """
      Invalidation has its own old answers, and these stay: who has missed before a change may \
      enter the old answer after it was deleted (leases prevent that: Nishtala et al., NSDI 2013). \
      Misses of one report at the same time are not joined here (`scale/stampede`). Somebody has \
      to know of every change, those past the program as well; a lifetime as an upper limit is \
      cheap insurance. A cache hides how slow the legacy is until it is emptied.
      """,
    diagram: """
      flowchart LR
        r["60 requests per second"]
        r --> a["legacy: {no cache}"]
        r --> b["cache, 10 s: {lifetime}"] --> l["legacy"]
        r --> c["cache, deleted at changes: {invalidation}"] --> l
        a -- "{speedup}, changes {point}" --> c
      """,
    sweep: .count(
      "changes", [1, 20, 500], smoke: 20,
      label: { [1: "every 17 min", 20: "every 50 s", 500: "every 2 s"][$0] ?? "\($0)" }),
    metric: .reported("response (p99)", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["response (p50)", "answered by the cache", "old answers"],
    work: { _ in Work(elements: 1, each: "run") },
    variants: [
      variant("no cache", shows: "noCache", noCache),
      variant("lifetime", shows: "tenSeconds", tenSeconds),
      variant("invalidation", shows: "untilChanged", untilChanged),
    ],
    uncertain: [SlowLegacy.exponent],
    headline: DeclaredHeadline(value: 20, variant: "invalidation"),
    model: { question in
      let changes = Double(question.value) / 1_000
      let missing = SlowLegacy.popularity.shares.reduce(0) { sum, share in
        let asked = SlowLegacy.rate * share
        let misses =
          switch question.variant {
          case "no cache": 1.0
          case "lifetime": 1 / (1 + asked * 10)
          default: changes / (asked + changes)
          }
        return sum + share * misses
      }
      return Model(
        Time.exactly(SlowLegacy.slowestHundredth(missing: missing) * 1e9).named(
          "misses in a queue of four servers"), per: .metric)
    })
}

private func noCache() -> SlowLegacy.Lifetime { .none }
private func tenSeconds() -> SlowLegacy.Lifetime { .seconds(10) }
private func untilChanged() -> SlowLegacy.Lifetime { .untilChanged }

private func variant(
  _ name: String, shows: String, _ lifetime: @escaping @Sendable () -> SlowLegacy.Lifetime
) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    var legacy = SlowLegacy(point)
    return legacy.serve(lifetime())
  }
}
