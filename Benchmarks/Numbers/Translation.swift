import Harness
import Results

/// The cost of address translation: the same chain with one line in each page, and with adjacent
/// lines. Both touch as many lines; only the pages differ.
///
/// The reach is the most memory of ordinary pages that the translation buffers cover.
enum Translation {
  /// Numbers of pages, and so of lines: at most half an ordinary L2 of lines.
  static let pages = [
    128, 256, 512, 768, 1024, 1280, 1536, 2048, 2560, 3072, 3584, 4096, 5120, 6144, 8192,
  ]

  static func probes(_ levels: Levels) -> [Probe] {
    pages.flatMap { [chain($0, spacing: levels.pageBytes), chain($0, spacing: nil)] }
  }

  static func derived(_ levels: Levels) -> [DerivedNumber] {
    let names = pages.flatMap { [name($0, spread: true), name($0, spread: false)] }
    return [
      DerivedNumber(
        "tlb.reach", group: "Address translation",
        title: "TLB reach (\(sized(levels.pageBytes)) pages)",
        unit: .bytes,
        method: "most pages whose loads, one line per page, cost less than half a page walk more "
          + "than the same number of adjacent lines",
        from: names,
        compute: { values in reach(extra(values)).map { Double($0 * levels.pageBytes) } }),
      DerivedNumber(
        "tlb.walk", group: "Address translation", title: "Page walk",
        method: "dependent loads, one line in each of \(pages.last!) pages, minus the same number "
          + "of adjacent lines",
        from: [name(pages.last!, spread: true), name(pages.last!, spread: false)],
        compute: { values in values[0] - values[1] }),
    ]
  }

  /// Cost of a load beyond its line, for each number of pages.
  static func extra(_ values: [Double]) -> [Double] {
    stride(from: 0, to: values.count, by: 2).map { values[$0] - values[$0 + 1] }
  }

  /// The last number of pages before the extra cost passes half of its final value for good.
  static func reach(_ extra: [Double]) -> Int? {
    guard let walk = extra.last, walk > 0 else { return nil }
    guard let index = extra.lastIndex(where: { $0 < walk / 2 }) else { return nil }
    return pages[index]
  }

  private static func name(_ pages: Int, spread: Bool) -> String {
    "tlb.\(spread ? "spread" : "packed").\(pages)"
  }

  /// - Parameter spacing: of lines in bytes; nil for adjacent ones.
  private static func chain(_ pages: Int, spacing: Int?) -> Probe {
    let spread = spacing != nil
    return Probe(
      name(pages, spread: spread), role: .ingredient, group: "Address translation",
      title: "\(pages) lines, \(spread ? "one per page" : "adjacent")",
      method: "dependent loads along one random cycle", value: pages, smoke: 32,
      reading: { _ in .operations(1600) },
      variant: Variant(
        "chain", shows: ["Chain"],
        prepare: { point in
          try Chain(
            lines: point.value, spacing: spacing ?? 64, pages: .base, seed: point.seed)
        },
        run: { chain in chain.walk(1600) }))
  }
}
