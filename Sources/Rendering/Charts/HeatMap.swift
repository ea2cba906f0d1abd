import Results

/// A grid of values, darker where they are larger (lighter in the dark), each with its figure.
struct HeatMap {
  var title: String
  var subtitle: String
  var description: String
  var rowAxis: String
  var columnAxis: String
  var unit: Unit
  var rows: [String]
  var columns: [String]
  /// By row and column; nil where nothing was measured.
  var cells: [[Double?]]
  /// A line above the row of this index, with its name.
  var landmarks: [(row: Int, label: String)]

  private static let rowHeight = 26.0
  private static let shades = 8

  /// The picture.
  func drawing() -> Drawing {
    let header = Header(title: title, subtitle: subtitle, legend: [])
    let widest = rows.map { TextMetrics.width($0, size: Layout.smallSize) }.max() ?? 0
    let left = Layout.margin + widest + 8
    let room = landmarks.isEmpty ? 0 : 28.0
    let cell = (Layout.width - Layout.margin - room - left) / Double(max(columns.count, 1))
    let top = header.bottom + 40
    var elements = header.elements + axes(left: left, cell: cell, top: top)
    for (index, values) in cells.enumerated() {
      let y = top + Double(index) * Self.rowHeight
      for (column, value) in values.enumerated() {
        elements += draw(value, at: Position(left + Double(column) * cell, y), width: cell)
      }
    }
    for landmark in landmarks {
      let y = top + Double(landmark.row) * Self.rowHeight
      let right = left + cell * Double(columns.count)
      elements.append(.line(Position(left, y), Position(right + 4, y), Stroke(.text, width: 1.6)))
      elements.append(
        .text(
          Label(
            landmark.label, at: Position(right + 7, y + 4), size: Layout.smallSize,
            ink: .muted)))
    }
    return Drawing(
      width: Layout.width, height: top + Double(rows.count) * Self.rowHeight + 14, title: title,
      description: description, elements: elements)
  }

  private func axes(left: Double, cell: Double, top: Double) -> [Element] {
    let scale = "\(rowAxis) ↓, \(columnAxis) →; figures in \(prefix.name)"
    var parts: [Element] = [
      .text(
        Label(
          TextMetrics.truncated(scale, size: Layout.smallSize, to: Layout.inner),
          at: Position(Layout.margin, top - 26), size: Layout.smallSize, ink: .muted))
    ]
    var line = LabelLine()
    for (index, column) in columns.enumerated() {
      let middle = left + (Double(index) + 0.5) * cell
      let width = TextMetrics.width(column, size: Layout.smallSize)
      guard line.take(from: middle - width / 2, to: middle + width / 2, gap: 2) else { continue }
      parts.append(
        .text(
          Label(
            column, at: Position(middle, top - 6), size: Layout.smallSize, anchor: .middle,
            ink: .muted)))
    }
    for (index, row) in rows.enumerated() {
      let y = top + (Double(index) + 0.5) * Self.rowHeight + 4
      parts.append(
        .text(
          Label(
            row, at: Position(left - 6, y), size: Layout.smallSize, anchor: .end, ink: .muted)))
    }
    return parts
  }

  /// One prefix for all cells, that of the largest value.
  private var prefix: (divisor: Double, name: String) {
    let most = cells.joined().compactMap { $0 }.max() ?? 1
    let text = Figures.quantity(most, unit: unit)
    let name = text.split(separator: " ").dropFirst().joined(separator: " ")
    let figure = Figures.quantity(most, unit: unit, digits: 15).split(separator: " ").first ?? "1"
    let shown = Double(figure) ?? 1
    return (shown > 0 ? most / shown : 1, name.isEmpty ? "numbers" : name)
  }

  private func draw(_ value: Double?, at place: Position, width: Double) -> [Element] {
    let shade = value.map(shade)
    let background = Element.rectangle(
      origin: Position(place.x + 0.5, place.y + 0.5), width: width - 1,
      height: Self.rowHeight - 1, corner: 2, fill: Fill(shade.map { .shade($0) } ?? .surface),
      stroke: nil)
    guard let value, let shade else { return [background] }
    let text = Figures.number(value / prefix.divisor, digits: 2)
    guard TextMetrics.width(text, size: Layout.smallSize) <= width - 2 else {
      return [background]
    }
    // The strong half of the ramp is dark in the light and light in the dark, as the surface.
    let label = Label(
      text, at: Position(place.x + width / 2, place.y + Self.rowHeight / 2 + 4.5),
      size: Layout.smallSize, anchor: .middle, ink: shade > 4 ? .surface : .text)
    return [background, .text(label)]
  }

  /// By the logarithm, from the smallest to the largest.
  private func shade(_ value: Double) -> Int {
    let all = cells.joined().compactMap { $0 }.filter { $0 > 0 }
    guard value > 0, let least = all.min(), let most = all.max(), most > least else { return 0 }
    let share = log2(value / least) / log2(most / least)
    return min(Self.shades - 1, Int(share * Double(Self.shades)))
  }
}
