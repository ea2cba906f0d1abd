import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// One thing under many addresses.
  static let cacheKey = Experiment(
    id: "scale/cache-key",
    title: "Cache by the address as it comes → by its normal form",
    slot: "scale/100m/cdn",
    claim: """
      Four spellings of each address cost an edge with room for a tenth of the content 44% of its \
      hits, as much as three quarters of its memory would; a normal form gives them back. With \
      sixteen spellings it hits 12% of the requests instead of 44%.
      """,
    mechanism: """
      Parameters in another order, campaign tags and letter case make many keys of one thing, each \
      with a part of its requests. With v spellings alike, a cache of C places is one of C ÷ v: v \
      times as many keys, each asked for a v-th as often, have by Che's approximation the hit \
      ratio of C ÷ v places for whole things. The hits don't fall by v, since the first places are \
      worth more than the last: memory would have to grow by v to make up for it.
      """,
    limits: """
      A parameter that is left out and does matter (a language, a size, a session) gives readers \
      what belongs to others: that is worse than a miss. Spellings are equally frequent here; \
      where one of them dominates, less is lost. `Vary` headers split keys the same way.
      """,
    diagram: """
      flowchart LR
        r["requests, {point}"]
        r -- "as they come" --> a["edge: {raw address}"]
        r -- "in normal form" --> b["edge: {normal form}"]
        a -- "{speedup}" --> b
      """,
    sweep: .count(
      "spellings", [1, 2, 4, 16], smoke: 4, label: { $0 == 1 ? "1 spelling" : "\($0) spellings" }),
    metric: .share("hits", lowerIsBetter: false),
    work: { _ in Work(elements: Double(requests), each: "request") },
    variants: [
      Variant(simulated: "raw address", shows: ["hits"]) { hits($0, isNormal: false) },
      Variant(simulated: "normal form", shows: ["hits"]) { hits($0, isNormal: true) },
    ],
    uncertain: [.webPopularity],
    headline: DeclaredHeadline(value: 4, variant: "normal form"),
    model: { question in
      // As planned: each spelling takes its part of the places.
      let places = question.isBaseline ? slots / question.value : slots
      let keys = CacheTheory(zipf: keyCount, exponent: 0.8)
      return Model(
        Term<Percent>.exactly(100 * keys.hitRatio(slots: places))
          .named("things that have a place (Che)"), per: .metric)
    })
}

private let (keyCount, slots, requests) = (10_000, 1_000, 30_000)

private func hits(_ point: Point, isNormal: Bool) -> Replication {
  let keys = KeyStream(
    .zipf(keyCount, exponent: point[.webPopularity]), seed: point.seed, "things")
  var spellings = RandomStream(seed: point.seed, "spellings")
  var cache = LRUCache(capacity: slots)
  var (hits, digest) = (0, UInt64(0))
  for request in 0..<2 * requests {
    let (thing, spelling) = (keys.next(), spellings.index(below: point.value))
    let key = UInt64(thing) * 1_024 + UInt64(isNormal ? 0 : spelling)
    digest = mixedHash(digest ^ UInt64(thing))
    if cache.value(of: key) == nil {
      cache.insert(1, for: key)
    } else if request >= requests {
      hits += 1
    }
  }
  return Replication(
    offered: digest, figures: ["hits": .share(Double(hits) / Double(requests))])
}
