import Results

/// The curriculum as a map: a square for each slot, by what came of it.
enum AtlasMap {
  /// - Parameter link: from a path in the machine's folder to what leads there; nil where nothing does.
  static func render(_ atlas: Atlas, link: (String) -> String?) -> String {
    let sections = atlas.categories.map { category in
      let groups = atlas.groups.filter { $0.category == category }
      return """
        <section class="category">
        <strong>\(XML.text(category))</strong> <small>\(coverage(category, in: atlas))</small>
        \(groups.map { group($0, link) }.joined())</section>

        """
    }
    return """
      <p class="legend">\(legend)</p>
      <div class="map">
      \(sections.joined())</div>

      """
  }

  private static func coverage(_ category: String, in atlas: Atlas) -> String {
    atlas.coverage { $0.category == category }
  }

  private static let kinds = Verdict.allCases.map(\.rawValue) + ["waiting", "open"]

  private static var legend: String {
    kinds.map { "<span><i class=\"slot \($0)\"></i> \(name($0))</span>" }.joined(separator: " ")
  }

  private static func name(_ kind: String) -> String {
    switch kind {
    case "waiting": "not run yet"
    case "open": "no experiment yet"
    default: kind
    }
  }

  private static func group(_ group: Atlas.Group, _ link: (String) -> String?) -> String {
    let slots = group.entries.map { entry in
      let kind = entry.verdict?.rawValue ?? (entry.page == nil ? "waiting" : "skipped")
      let text = XML.attribute("\(entry.title): \(entry.outcome)")
      let mark = "class=\"slot \(kind)\" title=\"\(text)\""
      guard let target = entry.page.flatMap(link) else {
        return "<i \(mark) role=\"img\" aria-label=\"\(text)\"></i>"
      }
      return "<a \(mark) aria-label=\"\(text)\" href=\"\(XML.attribute(target))\"></a>"
    }
    let open = String(repeating: "<i class=\"slot open\"></i>", count: group.open)
    let count = "\(group.filled) of \(group.slots)"
    return """
      <div class="group"><span>\(XML.text(group.name)) <small>\(count)</small></span>\
      <span class="slots">\(slots.joined())\(open)</span></div>

      """
  }
}
