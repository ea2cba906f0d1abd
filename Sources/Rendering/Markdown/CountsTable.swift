import Results

/// Where the accesses were served, before and after.
enum CountsTable {
  /// Empty where nothing was counted.
  static func render(_ counts: CacheCounts?) -> String {
    guard let counts, !counts.points.isEmpty else { return "" }
    let names = levels(of: counts)
    var table = Markdown.Table()
    table.columns =
      [(counts.axis, .left), ("variant", .left), ("instructions", .right), ("accesses", .right)]
      + names.map { ("\($0) hits", .right) }
    var reasons: [String] = []
    for point in counts.points {
      for (index, variant) in point.variants.enumerated() {
        let label = index == 0 ? Markdown.text(point.parameter.label) : ""
        table.rows.append(
          [label, Markdown.text(variant.name), figure(variant.instructions)]
            + [figure(variant.levels.first?.accesses)]
            + names.map { name in cell(variant.levels.first { $0.name == name }) })
        if let reason = variant.missing {
          reasons.append(
            "- Not counted: \(Markdown.text("\(variant.name) at \(point.parameter.label)")) — "
              + Markdown.text(Answer.ended(reason)))
        }
      }
    }
    return "\(lead(counts))\n\n\(table.render())"
      + (reasons.isEmpty ? "" : "\n\(reasons.joined(separator: "\n"))\n")
  }

  private static func levels(of counts: CacheCounts) -> [String] {
    var names: [String] = []
    for level in counts.points.flatMap(\.variants).flatMap(\.levels)
    where !names.contains(level.name) { names.append(level.name) }
    return names
  }

  private static func lead(_ counts: CacheCounts) -> String {
    let per = "For each element; below each hit rate, the lines that had to come from farther away."
    switch counts.source {
    case .hardware:
      return "Hit rates as the processor counted them (\(Markdown.text(counts.tool))). \(per)"
    case .simulated:
      let caches = counts.caches.map { cache in
        "L\(cache.level) \(Figures.quantity(Double(cache.bytes), unit: .bytes))"
          + (cache.ways.map { " in \($0) ways" } ?? "")
      }
      let set = counts.run.flags.instructionSet
      return "Hit rates **simulated, not measured**: \(Markdown.text(counts.tool)) followed every "
        + "access of the kernel through \(caches.joined(separator: ", ")), in a build for "
        + "\(Markdown.text(set.isEmpty ? "the toolchain's default" : set)). It knows nothing of "
        + "prefetching, page walks and other cores. \(per)"
    }
  }

  private static func figure(_ value: Double?) -> String {
    value.map { Figures.number(max(0, $0)) } ?? Figures.none
  }

  private static func cell(_ level: CacheCounts.Level?) -> String {
    guard let level else { return Figures.none }
    let rate = level.hitRate.map { Figures.percent($0) } ?? Figures.none
    return "\(rate)<br>\(Figures.number(max(0, level.misses)))"
  }
}
