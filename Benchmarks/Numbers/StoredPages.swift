import Harness
import Results

/// Stores to many pages in turn, each page's line in the first-level cache: what is left is the
/// translation of their addresses, for which stores may have fewer entries than loads.
enum StoredPages {
  static func series(_ levels: Levels) -> ProbeSeries {
    ProbeSeries(
      "pages.store", title: "Independent stores, each to a different page", unit: .nanoseconds,
      method: "8-byte words, one per \(sized(levels.pageBytes)) page, repeated; "
        + "their lines are in L1",
      x: SeriesAxis("pages", unit: .count))
  }

  /// A page and a line from word to word, so that the words fill all sets of a cache.
  static func probes(_ levels: Levels) -> [Probe] {
    let series = series(levels)
    return [8, 16, 32, 64, 96, 128, 256].map { pages in
      Probe(
        "\(series.name).\(pages)", role: .point(series: series.name, x: Double(pages), y: nil),
        group: "Address translation", title: "A word to each of \(pages) pages",
        method: series.method, value: 64, smoke: 2,
        reading: { .operations(Double($0 * pages)) },
        variant: Variant(
          series.name, shows: ["Crowd"],
          prepare: { point in
            let apart = levels.pageBytes + 64
            return (try Crowd(lines: pages, apart: apart, from: levels.memory), point.value)
          },
          run: { crowd, rounds in crowd.store(rounds) }))
    }
  }
}
