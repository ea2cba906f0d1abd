import Harness
import Results
import Shop
import Simulation
import Statistics

extension Experiment {
  /// Product pages from the database, or from a cache in front of it.
  static let cacheAside = Experiment(
    id: "scale/cache-aside",
    title: "All reads to the database → a cache beside it",
    slot: "scale/10k/degradation",
    claim: """
      A cache of product pages in front of a database that is in the same process saves little, \
      however often it hits: the query it saves is a small part of the request. What it saves is \
      bounded by that part, not by the hit ratio.
      """,
    mechanism: """
      Visitors without think time saturate the Shop with product pages, so that the time per request \
      is the inverse of its capacity. Popularity is Zipf with exponent 1 over 1,000 products. Che's \
      approximation gives the hit ratio of a cache of {point}. A hit saves borrowing a connection, \
      the query and the copies of three texts; a miss pays for the look-up as well. Parsing, hand-over \
      between threads and the response stay.
      """,
    limits: """
      A database behind a network costs a round trip and a serialisation per query: there the same \
      cache saves most of the request. Values here never change: invalidation is what a cache really \
      costs. Queries that compute, such as recommendations, gain more.
      """,
    diagram: """
      flowchart LR
        subgraph before["database: {database}"]
          direction LR
          r0["request"] --> d0["query"] --> p0["page"]
        end
        subgraph after["cache: {cache}"]
          direction LR
          r1["request"] --> c1["cache of {point}"] -- "hit" --> p1["page"]
          c1 -- "miss" --> d1["query"] --> p1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("cached pages", [10, 100, 1_000], smoke: 100, label: { "\($0) pages" }),
    signals: ["queries per request", "response (p99)"],
    needs: [.cores(2), .storage(bytes: 4 * ShopBench.needed)],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(ShopBench.requests), each: "request") },
    variants: [
      Variant(shop: "database", shows: "uncached", paths: { _ in popular }, uncached),
      Variant(shop: "cache", shows: "cached", paths: { _ in popular }, cached),
    ],
    demands: Demands { point in
      let database = try ShopBench(point, popular).demand()
      let hit = try ShopBench(point, ["/products/1"]) { $0.cachedPages = 1 }.demand()
      return ["page from the database": database, "page from the cache": hit]
    },
    model: { question throws(MissingNumber) in
      guard let query = question.demand("page from the database"),
        let hit = question.demand("page from the cache")
      else { return nil }
      guard !question.isBaseline else { return Model(query) }
      let share = popularity.hitRatio(slots: question.value)
      return Model((share * hit).named("hits") + ((1 - share) * query).named("misses"))
    })
}

@Sendable private func uncached(_ settings: inout ShopSettings, _: Int) {
  settings.cachedPages = 0
}

@Sendable private func cached(_ settings: inout ShopSettings, _ pages: Int) {
  settings.cachedPages = pages
}

/// Of the products, by Zipf's law.
private let popularity = CacheTheory(zipf: 1_000, exponent: 1)

/// Addresses of products, popular ones more often.
private let popular: [String] = {
  var random = SeededGenerator(seed: 11)
  var sums: [Double] = []
  for rate in popularity.rates { sums.append((sums.last ?? 0) + rate) }
  let all = sums.last ?? 0
  return (0..<20_000).map { _ in
    let place = Double.random(in: 0..<all, using: &random)
    let product = sums.firstIndex { $0 > place } ?? 999
    return "/products/\(1 + product)"
  }
}()
