import Harness
import Platform
import Results
import Simulation
import Techniques

extension Experiment {
  /// Three caches of one size under four patterns of use.
  static let eviction = Experiment(
    id: "scale/eviction",
    title: "Evict what was used last → S3-FIFO, W-TinyLFU",
    slot: "scale/1m/caching",
    claim: """
      With a tenth of the keys in the cache, by Zipf's law, LRU misses 56% of the requests, \
      S3-FIFO and W-TinyLFU 48%; in a loop that is a fifth too large LRU misses all, the others a \
      third and a fifth. When popularity shifts every 10,000 requests, both miss more than LRU.
      """,
    mechanism: """
      LRU keeps a key that was asked for once as long as a popular one, so that half of its places \
      hold keys that do not come back, and a scan fills all of them. S3-FIFO lets new keys through \
      a queue of a tenth of the places and keeps those that come back meanwhile. W-TinyLFU counts \
      uses in a sketch and admits a key only if it was used more often than the one that would \
      leave. What was popular before keeps its count until the counters are halved.
      """,
    limits: """
      Entries have one size, and a miss costs the same for all keys. With the whole of the popular \
      keys in the cache all policies are alike. LRU's order has to change at each hit, which \
      threads contend for; S3-FIFO's hits only count. W-TinyLFU pays four counters for each use. \
      The window of this W-TinyLFU is fixed at 1%; adapting it shortens the loss after a shift.
      """,
    diagram: """
      flowchart LR
        r["requests"]
        r --> a["by last use: {LRU}"]
        r -- "a small queue first" --> b["S3-FIFO: {S3-FIFO}"]
        r -- "admission by frequency" --> c["W-TinyLFU: {W-TinyLFU}"]
        a -- "{speedup} at {point}" --> b
      """,
    sweep: .named("pattern", AccessPattern.allCases.map(\.name), smoke: 0),
    metric: .share("misses", lowerIsBetter: true),
    signals: ["ns per request"],
    tolerates: countTolerates,
    work: { _ in Work(elements: Double(AccessPattern.count), each: "request") },
    variants: [
      variant("LRU") { requestAll(LRUCache(capacity: AccessPattern.capacity), $0) },
      variant("S3-FIFO") { requestAll(S3FIFOCache(capacity: AccessPattern.capacity), $0) },
      variant("W-TinyLFU") { requestAll(TinyLFUCache(capacity: AccessPattern.capacity), $0) },
    ],
    headline: DeclaredHeadline(value: 0, variant: "S3-FIFO"),
    model: { question in
      // The others keep at most the most popular keys, and are predicted to keep just these.
      let keys = CacheTheory(zipf: AccessPattern.keyCount, exponent: 0.8)
      let zipf =
        question.isBaseline
        ? keys.hitRatio(slots: AccessPattern.capacity)
        : keys.bestHitRatio(slots: AccessPattern.capacity)
      let misses: Double =
        switch AccessPattern(rawValue: question.value) {
        case .scans: 0.7 * (1 - zipf) + 0.3
        case .loop: question.isBaseline ? 1 : 1 - 1 / 1.2
        default: 1 - zipf
        }
      return Model(
        Term<Percent>.exactly(100 * misses).named(
          question.isBaseline ? "keys not used lately (Che)" : "keys that are not popular"),
        per: .metric)
    })
}

/// The keys of a process, how many of them missed, and how long a request took.
private final class Requests {
  let keys: [UInt64]
  var missed = 0
  private var nanoseconds = 0.0

  init(_ point: Point, _ run: (Requests) -> UInt64) {
    keys = AccessPattern.allCases[point.value].keys(seed: point.seed)
    let start = Clock.now()
    _ = run(self)
    nanoseconds = Double(Clock.now() - start) / Double(keys.count)
  }

  var reports: [String: Counter] {
    [
      "misses": Counter(100 * Double(missed) / Double(keys.count), unit: .share),
      "ns per request": Counter(nanoseconds, unit: .nanoseconds),
    ]
  }
}

private func variant(_ name: String, _ run: @escaping @Sendable (Requests) -> UInt64) -> Variant {
  Variant(
    name, shows: ["requestAll"], prepare: { Requests($0, run) }, report: { $0.reports }, run: run)
}

/// Each key from the cache, and into it where it is not there. The cache is empty at first.
@inline(never)
private func requestAll<Cache: EvictingCache & ~Copyable>(
  _ empty: consuming Cache, _ requests: Requests
) -> UInt64 {
  var cache = empty
  var (sum, missed): (UInt64, Int) = (0, 0)
  for key in requests.keys {
    if let value = cache.value(of: key) {
      sum &+= value
    } else {
      missed += 1
      let value = mixedHash(key)
      cache.insert(value, for: key)
      sum &+= value
    }
  }
  requests.missed = missed
  return sum
}
