import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Content that has expired: fetched while the reader waits, or in the background.
  static let staleWhileRevalidate = Experiment(
    id: "scale/stale-while-revalidate",
    title: "Expired content is waited for → served stale and refreshed",
    slot: "scale/100m/cdn",
    claim: """
      Serving expired content while it is refreshed makes a lifetime of a minute as fast as having \
      everything cached; but readers of rare content then get copies that are a quarter of an hour \
      old. Limiting to a minute for how long stale content may be served leaves less than half of \
      the gain.
      """,
    mechanism: """
      A key with λ requests per second and a lifetime T misses once in 1 + λ T requests, and each \
      of these waits for the origin. Served stale, none waits. But the copy was fetched at the \
      last request, however long ago that is: the rarer the content, the older. A lifetime says \
      when a copy is refreshed, not how old it may be. Limited to a further minute, requests that \
      come after a longer pause wait as before, and these are most of the misses.
      """,
    limits: """
      The cache holds everything that is asked for twice. The origin gets as many requests as \
      before: only the reader's wait is saved. A refresh that fails should leave the old copy \
      (stale-if-error, RFC 5861). A request before expiry that refreshes early keeps popular \
      content fresh, not rare content.
      """,
    diagram: """
      flowchart LR
        u["readers"] --> c["cache"]
        c -- "expired: waits 200 ms" --> a["wait: {wait}"]
        c -- "expired: at once" --> b["stale for any time: {stale for any time}"]
        c -- "expired for under a minute: at once" --> d["stale for a minute: {stale for a minute}"]
        a -- "{speedup} at {point}" --> b
      """,
    sweep: .count("lifetime", [10, 60, 300, 1_200], smoke: 60, label: { "\($0) s" }),
    metric: .reported("mean response time", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["p99 age of what is served", "requests to the origin"],
    work: { _ in Work(elements: rate * (end - start), each: "request") },
    variants: [
      variant("wait", 0), variant("stale for any time", .infinity),
      variant("stale for a minute", 60),
    ],
    uncertain: [.webPopularity],
    headline: DeclaredHeadline(value: 60, variant: "stale for any time"),
    model: { question in
      // λ ÷ (1 + λ T) misses per second of each key, as of a renewal process.
      let lifetime = Double(question.value)
      let sum = popularity.reduce(0, +)
      let misses = popularity.reduce(0) { $0 + $1 / sum / (1 + rate * $1 / sum * lifetime) }
      let waits = question.isBaseline ? misses : 0
      return Model(
        Time.exactly(1e9 * hit).named("the cache answers")
          + Time.exactly(1e9 * waits * origin).named("misses wait for the origin"), per: .metric)
    })
}

private let keyCount = 5_000
private let popularity = (1...keyCount).map { pow(Double($0), -0.8) }
private let rate = 50.0
private let (hit, origin) = (0.001, 0.2)
private let (start, end) = (3_000.0, 4_500.0)

/// Readers of one cache, in the order of time. A request after its lifetime refreshes the content.
private func readers(_ point: Point, staleFor: Double) -> Replication {
  let lifetime = Double(point.value)
  let keys = KeyStream(
    .zipf(keyCount, exponent: point[.webPopularity]), seed: point.seed, "keys")
  var gaps = RandomStream(seed: point.seed, "gaps")
  var fetched = [Double](repeating: -.infinity, count: keyCount)
  var (time, digest, count, waited, fetches) = (0.0, UInt64(0), 0, 0.0, 0)
  var ages: [Double] = []
  while time < end {
    time += gaps.exponential(mean: 1 / rate)
    let key = keys.next()
    digest = mixedHash(digest ^ UInt64(key) ^ time.bitPattern)
    // Negative while the answer of the origin is under way.
    let age = max(0, time - fetched[key])
    let isExpired = age > lifetime
    let waits = isExpired && age > lifetime + staleFor || age == .infinity
    if isExpired { fetched[key] = time + origin }
    guard time > start else { continue }
    count += 1
    waited += hit + (waits ? origin : 0)
    if isExpired { fetches += 1 }
    ages.append(waits ? 0 : age)
  }
  ages.sort()
  return Replication(
    offered: digest,
    figures: [
      "mean response time": .seconds(waited / Double(count)),
      "p99 age of what is served": .seconds(ages[ages.count * 99 / 100]),
      "requests to the origin": .share(Double(fetches) / Double(count)),
    ])
}

private func variant(_ name: String, _ staleFor: Double) -> Variant {
  Variant(simulated: name, shows: ["readers"]) {
    readers($0, staleFor: staleFor)
  }
}
