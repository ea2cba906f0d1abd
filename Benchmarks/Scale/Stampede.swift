import Harness
import LoadBenches
import Results
import Shop
import Statistics
import Systems

extension Experiment {
  /// Entries of a cache that were computed together, and expire.
  static let stampede = Experiment(
    id: "scale/stampede",
    title: "All entries expire at once → single flight and jitter",
    slot: "scale/10k/degradation",
    claim: """
      When cached entries expire together, the database computes for every request that comes \
      until the first value is back. Single flight alone helps as long as the entries are few, \
      jitter alone as long as no entry is hot; both together keep the peak low in either case.
      """,
    mechanism: """
      4,000 requests per second ask for the recommendations of {point} in turn, which a job has \
      computed together; computing one takes 10 ms. Without protection the misses in flight are \
      the arrival rate times the time of a computation, 40, however many entries there are. Single \
      flight computes each entry once: at most as many at a time as there are entries. Jitter ends \
      each life at a random time in 60 ms; then the peak is the most expiries that fall into one \
      computation by chance (the scan statistic), times the requests per entry meanwhile. The \
      formula leaves out that a value is back just after the next request for its entry: with \
      jitter alone nearly every entry is computed twice.
      """,
    limits: """
      The time of a computation is set here, by a wait in each of its two queries, as of a \
      database on another machine. What counts is its ratio to the jitter. After a flush, when all \
      entries are gone, jitter comes too late. Serving the old value while one request computes \
      hides the wait as well.
      """,
    diagram: """
      flowchart LR
        r["4,000 requests per second"] --> c["cache of {point}"] -- "all miss" --> d0["database: {expire together}"]
        c -- "one per entry" --> d1["single flight: {single flight}"]
        c -- "spread" --> d2["jitter: {jitter}"]
        d0 -- "{speedup}" --> d3["both: {both}"]
      """,
    sweep: .count(
      "entries", [1, 40], smoke: 40, label: { $0 == 1 ? "one entry" : "\($0) entries" }),
    metric: .reported("most computations at once", unit: .count, lowerIsBetter: true),
    signals: ["computations per entry", "response (p99)"],
    needs: [.cores(2), .storage(bytes: 5 * ShopBench.needed)],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: rate * window, each: "request") },
    variants: [
      variant("expire together", "together", together),
      variant("single flight", "alone", isReference: true, alone),
      variant("jitter", "jittered", isReference: true, jittered),
      variant("both", "protected", protected),
    ],
    headline: DeclaredHeadline(value: 40, variant: "both"),
    model: { question in
      let (keys, inFlight) = (Double(question.value), rate * computation)
      let peak = ScanStatistic(events: question.value, window: computation / (life * spread)).mean
      let most =
        switch question.variant {
        case "single flight": min(keys, inFlight)
        case "jitter": min(inFlight, peak * max(1, inFlight / keys))
        case "both": peak
        default: inFlight
        }
      return Model(Ratio.exactly(most).named("misses in flight"), per: .metric)
    })
}

private let rate = 4_000.0
/// Seconds.
private let (computation, life, window) = (0.010, 0.120, 0.150)
private let spread = 0.5

@Sendable private func together(_ settings: inout ShopSettings) {
  (settings.isSingleFlight, settings.cacheSpread) = (false, 0)
}

@Sendable private func alone(_ settings: inout ShopSettings) { settings.cacheSpread = 0 }

@Sendable private func jittered(_ settings: inout ShopSettings) {
  (settings.isSingleFlight, settings.cacheSpread) = (false, spread)
}

@Sendable private func protected(_ settings: inout ShopSettings) { settings.cacheSpread = spread }

private func variant(
  _ name: String, _ shows: String, isReference: Bool = false,
  _ change: @escaping @Sendable (inout ShopSettings) -> Void
) -> Variant {
  Variant(
    name, isReference: isReference, shows: [shows],
    prepare: { point in
      let paths = (1...point.value).map { "/products/\($0)/recommendations" }
      let bench = try ShopBench(point, paths, users: 128) { settings in
        (settings.workers, settings.readers) = (64, 64)
        settings.databaseTime = .constant(computation / 2 * 1e9)
        settings.cacheLifetime = UInt64(life * 1e9)
        change(&settings)
      }
      _ = bench.serve()
      return bench
    }, report: { $0.report }, run: { expireOnce($0) })
}

/// Returns the digest of all responses.
private func expireOnce(_ bench: ShopBench) -> UInt64 {
  let rate = ShopBench.isMeasuring ? rate : rate / 20
  let before = bench.shop.counts
  bench.shop.renewCache()
  let (result, _) = bench.serve(.constant(rate: rate, seconds: window))
  let computed = (bench.shop.counts - before)[.computations]
  bench.report = [
    "most computations at once": Counter(Double(max(1, bench.shop.mostComputed)), unit: .count),
    "computations per entry": Counter(
      Double(computed) / Double(bench.paths), unit: .count),
    "response (p99)": Counter(Double(result.latency(at: 0.99) ?? 0), unit: .nanoseconds),
  ]
  return result.digest
}
