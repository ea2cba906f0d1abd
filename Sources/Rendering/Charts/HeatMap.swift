import Results

/// A grid of values, darker where they are larger (lighter in the dark), with their figures where
/// all of them fit, and with a scale of colours.
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
  /// Indices of columns with a line to the left.
  var dividers: [Int] = []
  /// Values of whole blocks of cells, written into their middles where the cells' own don't fit.
  var blocks: [(rows: Range<Int>, columns: Range<Int>, value: Double)] = []

  private static let shades = 8
  private static let scaleHeight = 34.0
  /// Of figures, as much as the cells have room for; below the last none are written.
  private static let textSizes = [Layout.smallSize, 11.8]

  /// Cells of a large grid are squares, so that it stays a picture and not a column.
  private func rowHeight(_ cell: Double) -> Double { rows.count > 10 ? min(cell, 26) : 26 }

  /// The picture.
  func drawing() -> Drawing {
    let header = Header(title: title, subtitle: subtitle, legend: [])
    let widest = rows.map { TextMetrics.width($0, size: Layout.smallSize) }.max() ?? 0
    let left = Layout.margin + widest + 8
    let room = landmarks.map { TextMetrics.width($0.label, size: Layout.smallSize) + 9 }
      .reduce(landmarks.isEmpty ? 0 : 28, max)
    let cell = (Layout.width - Layout.margin - room - left) / Double(max(columns.count, 1))
    let top = header.bottom + 40
    let height = rowHeight(cell)
    let shading = Shading(cells, unit: unit, levels: Self.shades)
    let size = textSize(shading, width: cell, height: height)
    var elements = header.elements + axes(shading, left: left, cell: cell, top: top)
    for (index, values) in cells.enumerated() {
      let y = top + Double(index) * height
      for (column, value) in values.enumerated() {
        elements += draw(
          value, shading, at: Position(left + Double(column) * cell, y), width: cell,
          height: height, size: size)
      }
    }
    if size == nil {
      elements += blocks.flatMap { block in
        let x = left + Double(block.columns.lowerBound + block.columns.upperBound) / 2 * cell
        let y = top + Double(block.rows.lowerBound + block.rows.upperBound) / 2 * height
        return figure(shading.figure(block.value), at: Position(x, y))
      }
    }
    let end = top + Double(rows.count) * height
    elements += scale(shading, top: end + 8)
    for column in dividers {
      let x = left + Double(column) * cell
      elements.append(.line(Position(x, top), Position(x, end), Stroke(.text, width: 1.6)))
    }
    for landmark in landmarks {
      let y = top + Double(landmark.row) * height
      let right = left + cell * Double(columns.count)
      elements.append(.line(Position(left, y), Position(right + 4, y), Stroke(.text, width: 1.6)))
      elements.append(
        .text(
          Label(
            landmark.label, at: Position(right + 7, y + 4), size: Layout.smallSize,
            ink: .muted)))
    }
    return Drawing(
      width: Layout.width, height: end + Self.scaleHeight + 8, title: title,
      description: description, elements: elements)
  }

  private func axes(
    _ shading: Shading, left: Double, cell: Double, top: Double
  ) -> [Element] {
    let scale = "\(rowAxis) ↓, \(columnAxis) →; in \(shading.unitName)"
    let height = rowHeight(cell)
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
    var column = LabelLine()
    for (index, row) in rows.enumerated() {
      let y = top + (Double(index) + 0.5) * height + 4
      guard column.take(from: y - 7, to: y + 5, gap: 1) else { continue }
      parts.append(
        .text(
          Label(
            row, at: Position(left - 6, y), size: Layout.smallSize, anchor: .end, ink: .muted)))
    }
    return parts
  }

  private func draw(
    _ value: Double?, _ shading: Shading, at place: Position, width: Double, height: Double,
    size: Double?
  ) -> [Element] {
    // Thin gaps, which a small cell would vanish in.
    let gap = min(1, width / 8)
    let shade = value.map(shading.level)
    let background = Element.rectangle(
      origin: Position(place.x + gap / 2, place.y + gap / 2), width: width - gap,
      height: height - gap, corner: min(2, width / 8),
      fill: Fill(shade.map { .shade($0) } ?? .surface), stroke: nil)
    guard let value, let shade, let size else { return [background] }
    let label = Label(
      shading.figure(value), at: Position(place.x + width / 2, place.y + height / 2 + size * 0.36),
      size: size, anchor: .middle, ink: ink(on: shade))
    return [background, .text(label)]
  }

  /// A figure on a surface of its own, whatever lies below it.
  private func figure(_ text: String, at middle: Position) -> [Element] {
    let width = TextMetrics.width(text, size: Layout.smallSize) + 6
    return [
      .rectangle(
        origin: Position(middle.x - width / 2, middle.y - 9), width: width, height: 18, corner: 3,
        fill: Fill(.surface), stroke: nil),
      .text(
        Label(
          text, at: Position(middle.x, middle.y + 4.5), size: Layout.smallSize, anchor: .middle)),
    ]
  }

  /// The strong half of the ramp is dark in the light and light in the dark, as the surface.
  private func ink(on shade: Int) -> Ink { shade > 4 ? .surface : .text }

  /// The largest at which the widest figure fits; nil where none does.
  private func textSize(_ shading: Shading, width: Double, height: Double) -> Double? {
    let figures = cells.joined().compactMap { $0 }.map(shading.figure)
    return Self.textSizes.first { size in
      height >= size + 2
        && figures.allSatisfy { TextMetrics.width($0, size: size) <= width - 2 }
    }
  }

  /// The shades in a row, with the values at its ends.
  private func scale(_ shading: Shading, top: Double) -> [Element] {
    guard let ends = shading.ends else { return [] }
    let (low, high) = (
      shading.figure(ends.low), "\(shading.figure(ends.high)) \(shading.unitName)"
    )
    let start = Layout.margin + TextMetrics.width(low, size: Layout.smallSize) + 6
    let width = 14.0
    let boxes = (0..<Self.shades).map { shade in
      Element.rectangle(
        origin: Position(start + Double(shade) * width, top + 4), width: width, height: 12,
        corner: 0, fill: Fill(.shade(shade)), stroke: nil)
    }
    func label(_ text: String, at x: Double) -> Element {
      .text(Label(text, at: Position(x, top + 14.5), size: Layout.smallSize, ink: .muted))
    }
    let end = start + Double(Self.shades) * width + 6
    return [label(low, at: Layout.margin)] + boxes + [label(high, at: end)]
  }
}

/// From a value to a shade, by the logarithm from the smallest to the largest, and to a figure,
/// with one prefix for all.
private struct Shading {
  let levels: Int
  /// Nil where there is nothing or only one value to tell apart.
  let ends: (low: Double, high: Double)?
  let unitName: String
  private let divisor: Double

  init(_ cells: [[Double?]], unit: Unit, levels: Int) {
    self.levels = levels
    let all = cells.joined().compactMap { $0 }
    let positive = all.filter { $0 > 0 }
    ends =
      if let low = positive.min(), let high = positive.max(), high > low { (low, high) } else {
        nil
      }
    let most = all.max() ?? 1
    let name = Figures.quantity(most, unit: unit).split(separator: " ").dropFirst()
      .joined(separator: " ")
    let figure = Figures.quantity(most, unit: unit, digits: 15).split(separator: " ").first ?? "1"
    let shown = Double(figure) ?? 1
    divisor = shown > 0 ? most / shown : 1
    unitName = name.isEmpty ? "numbers" : name
  }

  func level(_ value: Double) -> Int {
    guard let ends, value > 0 else { return 0 }
    let share = log2(value / ends.low) / log2(ends.high / ends.low)
    return min(levels - 1, Int(share * Double(levels)))
  }

  func figure(_ value: Double) -> String { Figures.number(value / divisor, digits: 2) }
}
