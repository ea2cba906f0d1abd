import Results

/// A profile drawn: a row a level of the stack, the outermost function at the bottom, each as wide
/// as its share of the time. From left to right is the alphabet, not time. Source: Gregg, *The
/// flame graph*, CACM 59(6), 2016.
enum FlameGraph {
  private static let rowHeight = 19.0
  /// What is narrower is left out, with what it calls.
  private static let leastWidth = 0.8
  /// Of letters beside an edge.
  private static let padding = 3.0

  /// Nil without stacks.
  static func drawing(_ profile: Profile, of id: String, axis: String) -> Drawing? {
    let all = Double(profile.samples)
    guard all > 0 else { return nil }
    let tree = FlameTree(profile, root: "all")
    let kinds = Set(profile.stacks.flatMap(\.frames).map { FunctionKind($0) })
    let title = "\(profile.variant): where its time goes"
    let header = Header(
      title: title,
      subtitle: "\(id), \(axis) \(profile.parameter.label), \(profile.samples) stacks by "
        + "\(profile.clock); width is time",
      legend: FunctionKind.allCases.filter(kinds.contains).map {
        LegendItem(swatch: .band($0.ink, opacity: $0.opacity), text: $0.title)
      })
    let least = all * leastWidth / Layout.inner
    let rows = tree.depth(least: least)
    let bottom = header.bottom + 8 + Double(rows) * rowHeight
    var elements = header.elements
    draw(tree, left: Layout.margin, y: bottom - rowHeight, all: all, into: &elements)
    let widest = profile.functions.prefix(4).map { "\($0.name) \(Figures.percent($0.total))" }
    return Drawing(
      width: Layout.width, height: bottom + Layout.margin, title: "\(id), \(title)",
      description: "A flame graph of \(profile.samples) stacks. With what they call: "
        + widest.joined(separator: ", ") + ".",
      elements: elements)
  }

  private static func draw(
    _ node: FlameTree, left: Double, y: Double, all: Double, into elements: inout [Element]
  ) {
    let width = Double(node.count) / all * Layout.inner
    guard width >= leastWidth else { return }
    let kind = FunctionKind(node.name)
    let gap = min(1, width * 0.2)
    var parts: [Element] = [
      .rectangle(
        origin: Position(left, y), width: width - gap, height: rowHeight - 1, corner: 1.5,
        fill: Fill(kind.ink, opacity: kind.opacity), stroke: nil)
    ]
    if let text = label(node.name, within: width - gap - 2 * padding) {
      let place = Position(left + padding, y + rowHeight / 2 + 4)
      parts.append(.text(Label(text, at: place, size: Layout.smallSize)))
    }
    let share = Figures.percent(Double(node.count) / all)
    elements.append(.group(parts, title: "\(node.name): \(share), \(node.count) stacks"))
    var x = left
    for child in node.children {
      draw(child, left: x, y: y - rowHeight, all: all, into: &elements)
      x += Double(child.count) / all * Layout.inner
    }
  }

  /// The name, or the end of its path, or a beginning of that; nil where not even that has room.
  private static func label(_ name: String, within room: Double) -> String? {
    if TextMetrics.width(name, size: Layout.smallSize) <= room { return name }
    let isPath = !name.contains(" ") && !name.hasPrefix("[")
    let last = isPath ? name.split(separator: ".").last.map(String.init) ?? name : name
    let text = TextMetrics.truncated(last, size: Layout.smallSize, to: room)
    return text == last || text.count > 3 ? text : nil
  }
}
