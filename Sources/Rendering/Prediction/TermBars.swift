import Results

/// The bars of a chart of terms below its header.
struct TermBars {
  private static let rowHeight = 22.0
  private static let barHeight = 16.0
  private static let hiddenHeight = 7.0
  private static let left = Layout.margin + 82

  private let right: Double
  /// `measured`
  private let word: String
  private(set) var bottom: Double
  private(set) var elements: [Element] = []

  init(_ chart: TermChart, top: Double) {
    let pairs = chart.groups.flatMap(\.pairs)
    let texts = pairs.flatMap { [$0.totalText, $0.measuredText] + $0.parts.map(\.text) }
    let widest = texts.map { TextMetrics.width($0, size: Layout.smallSize) }.max() ?? 0
    right = Layout.width - Layout.margin - min(widest, 150) - 8
    word = chart.evidence.rawValue
    bottom = top + 4
    for group in chart.groups {
      if chart.groups.count > 1 { addTitle(group.title) }
      let most = group.pairs.map(\.extent).max() ?? 1
      for pair in group.pairs { add(pair, extent: group.isScaledApart ? pair.extent : most) }
      bottom += 4
    }
    bottom += 6
  }

  private mutating func addTitle(_ title: String) {
    let text = TextMetrics.truncated(title, size: Layout.textSize, to: Layout.inner / 1.08)
    elements.append(
      .text(
        Label(
          text, at: Position(Layout.margin, bottom + 17), size: Layout.textSize, isBold: true)))
    bottom += 22
  }

  private mutating func add(_ pair: TermChart.Pair, extent: Double) {
    let scale = extent > 0 ? (right - Self.left) / extent : 0
    addHeading(pair)
    let stack = pair.parts.filter { !$0.isHidden && $0.value >= 0 }
    var bars: [Element] = []
    var end = 0.0
    for part in stack {
      bars.append(segment(part, from: end, scale: scale))
      end += part.value
    }
    addRow("predicted", pair.totalText, height: Self.rowHeight, bars)
    for part in pair.parts where part.isHidden || part.value < 0 {
      // What is taken away reaches back from the stack's end.
      let start = part.isHidden ? 0 : end + part.value
      addRow(
        "", part.text, height: Self.rowHeight - 4, [outline(part, from: start, scale: scale)],
        isFaint: true)
    }
    if let measured = pair.measured {
      addRow(word, pair.measuredText, height: Self.rowHeight, bar(measured, scale: scale))
    }
    bottom += 8
  }

  private mutating func addHeading(_ pair: TermChart.Pair) {
    let error = TextMetrics.width(pair.error, size: Layout.smallSize)
    let name = TextMetrics.truncated(
      pair.name, size: Layout.smallSize, to: (Layout.inner - error - 10) / 1.08)
    elements.append(
      .text(
        Label(
          name, at: Position(Layout.margin, bottom + 15), size: Layout.smallSize, ink: .muted,
          isBold: true)))
    if !pair.error.isEmpty {
      elements.append(
        .text(
          Label(
            pair.error, at: Position(Layout.width - Layout.margin, bottom + 15),
            size: Layout.smallSize, anchor: .end, ink: .muted)))
    }
    bottom += 20
  }

  /// A line with its name before it and its value behind it.
  private mutating func addRow(
    _ name: String, _ text: String, height: Double, _ bar: [Element], isFaint: Bool = false
  ) {
    let line = bottom + height / 2 + 4.5
    if !name.isEmpty {
      elements.append(
        .text(Label(name, at: Position(Layout.margin, line), size: Layout.smallSize)))
    }
    elements += bar
    elements.append(
      .text(
        Label(
          TextMetrics.truncated(text, size: Layout.smallSize, to: 150),
          at: Position(Layout.width - Layout.margin, line), size: Layout.smallSize, anchor: .end,
          ink: isFaint ? .muted : .text)))
    bottom += height
  }

  /// A part of the stack, with its letter and its value where they fit.
  private func segment(_ part: TermChart.Part, from start: Double, scale: Double) -> Element {
    let (low, high) = ends(start, start + part.value, scale: scale)
    let y = bottom + (Self.rowHeight - Self.barHeight) / 2
    var elements: [Element] = [
      .rectangle(
        origin: Position(low, y), width: high - low, height: Self.barHeight, corner: 0,
        fill: Fill(.series(part.index)), stroke: Stroke(.surface))
    ]
    let letter = TermView.letter(part.index)
    let text = ["\(letter) \(part.text)", letter].first {
      TextMetrics.width($0, size: Layout.smallSize) + 5 <= high - low
    }
    if let text {
      elements.append(
        .text(
          Label(
            text, at: Position((low + high) / 2, y + 12.3), size: Layout.smallSize,
            anchor: .middle, ink: .surface)))
    }
    return .group(elements, title: "\(part.name): \(part.text)")
  }

  /// A term that does not lengthen the stack, since another overlaps it or it is taken away: a thin
  /// outline, cut where the scale ends.
  private func outline(
    _ part: TermChart.Part, from start: Double, scale: Double
  ) -> Element {
    let (low, high) = ends(start, start + abs(part.value), scale: scale)
    let y = bottom + (Self.rowHeight - 4 - Self.hiddenHeight) / 2
    let letter = Label(
      TermView.letter(part.index), at: Position(Self.left - 8, y + Self.hiddenHeight + 1),
      size: Layout.smallSize, anchor: .end, ink: .muted)
    return .group(
      [
        .text(letter),
        .rectangle(
          origin: Position(low, y), width: max(high - low, 1), height: Self.hiddenHeight,
          corner: 0, fill: nil, stroke: Stroke(.series(part.index), width: 1.2, dashes: [3, 2])),
      ], title: "\(part.name): \(part.text)\(part.isHidden ? ", overlapped" : "")")
  }

  /// Places of two values, within the scale.
  private func ends(_ a: Double, _ b: Double, scale: Double) -> (low: Double, high: Double) {
    func place(_ value: Double) -> Double { min(Self.left + max(0, value) * scale, right) }
    return (place(a), max(place(a), place(b)))
  }

  private func bar(_ value: Interval, scale: Double) -> [Element] {
    func x(_ value: Double) -> Double { ends(0, value, scale: scale).high }
    let middle = bottom + Self.rowHeight / 2
    let caps = [value.low, value.high].map { end in
      Element.line(
        Position(x(end), middle - 4), Position(x(end), middle + 4), Stroke(.text, width: 1.4))
    }
    let rectangle = Element.rectangle(
      origin: Position(Self.left, middle - Self.barHeight / 2),
      width: x(value.estimate) - Self.left, height: Self.barHeight, corner: 0,
      fill: Fill(.baseline, opacity: 0.45), stroke: nil)
    let whisker = Element.line(
      Position(x(value.low), middle), Position(x(value.high), middle), Stroke(.text, width: 1.4))
    return [rectangle, whisker] + caps
  }
}
