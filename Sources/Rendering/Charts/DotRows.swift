import Results

/// The rows of a dot plot below its header.
struct DotRows {
  private static let rowHeight = 22.0
  private static let lineHeight = 15.0
  private static let headingHeight = 24.0

  private let plot: DotPlot
  private let x: Scale
  private let top: Double
  private(set) var bottom: Double
  private(set) var elements: [Element] = []

  init(_ plot: DotPlot, top: Double) {
    self.plot = plot
    let rows = plot.groups.flatMap(\.rows)
    let values = Self.shown(rows) + (plot.showsUnity ? [1] : [])
    let labels = rows.map { TextMetrics.width($0.label, size: Layout.textSize) }
    let texts = rows.filter { $0.value != nil }
      .map { TextMetrics.width($0.text, size: Layout.smallSize) }
    let left = Layout.margin + min((labels.max() ?? 0) + 14, 190)
    let right = Layout.width - Layout.margin - min((texts.max() ?? 0) + 12, 120)
    x = Scale.fitting(values, from: left, to: right)
    self.top = top + 22
    bottom = self.top
    var y = self.top
    var body: [Element] = []
    for group in plot.groups {
      body += draw(group, at: &y)
      y += 6
    }
    bottom = y + 10
    addAxis(to: y - 4)
    elements += body
  }

  /// What the axis has to hold. An outlier gets no more than its share: where many others would
  /// have less than three quarters of the axis beside it, the axis ends before it.
  private static func shown(_ rows: [DotPlot.Row]) -> [Double] {
    var rows = rows.filter { $0.value != nil }
      .sorted { $0.value?.estimate ?? 0 < $1.value?.estimate ?? 0 }
    let isLogarithmic = rows.allSatisfy { $0.value?.estimate ?? 0 > 0 }
    let least = rows.first?.value?.estimate ?? 0
    func values(_ rows: some Sequence<DotPlot.Row>) -> [Double] {
      rows.flatMap { row in
        let ends = [row.value, row.range, row.predictedRange].compactMap(\.self)
          .flatMap { [$0.low, $0.high] }.filter { !isLogarithmic || $0 > least / 10 }
        return ends
          + [row.value?.estimate, row.predicted.flatMap { $0 > 0 ? $0 : nil }]
          .compactMap(\.self)
      }
    }
    func octaves(_ rows: some Sequence<DotPlot.Row>) -> Double {
      let all = values(rows)
      guard let low = all.min(), let high = all.max(), low > 0 else { return 0 }
      return log2(high / low)
    }
    let few = 12
    while isLogarithmic, rows.count > few {
      let (low, high) = (octaves(rows.dropFirst()), octaves(rows.dropLast()))
      guard min(low, high) < 0.75 * octaves(rows) else { break }
      if low < high { rows.removeFirst() } else { rows.removeLast() }
    }
    return values(rows)
  }

  private mutating func addAxis(to end: Double) {
    for tick in ticks() {
      let place = x.position(tick)
      elements.append(.line(Position(place, top - 4), Position(place, end), Stroke(.grid)))
      elements.append(
        .text(
          Label(
            plot.format.text(tick), at: Position(place, top - 8), size: Layout.smallSize,
            anchor: .middle, ink: .muted)))
    }
    if plot.showsUnity {
      let one = x.position(1)
      elements.append(
        .line(Position(one, top - 4), Position(one, end), Stroke(.axis, width: 1.4)))
    }
  }

  /// As many as have room for their labels.
  private func ticks() -> [Double] {
    let choices = (2...6).reversed().map { plot.format.ticks(on: x, limit: $0) }
    let found = choices.first(where: fit) ?? []
    if found.count > 1 { return found }
    // One tick is no axis: every second of more, those with 1 among them first.
    let halves = choices.flatMap { ticks in
      [1, 0].map { odd in ticks.indices.filter { $0 % 2 == odd }.map { ticks[$0] } }
    }.filter { $0.count > 1 && fit($0) }
    return halves.first { $0.contains(1) } ?? halves.first ?? found
  }

  private func fit(_ ticks: [Double]) -> Bool {
    var line = LabelLine()
    return ticks.allSatisfy { tick in
      let half = TextMetrics.width(plot.format.text(tick), size: Layout.smallSize) / 2
      let place = x.position(tick)
      return place + half <= Layout.width - 4 && line.take(from: place - half, to: place + half)
    }
  }

  private func draw(_ group: DotPlot.Group, at y: inout Double) -> [Element] {
    var parts: [Element] = []
    if !group.title.isEmpty {
      let full = TextMetrics.truncated(
        group.title, size: Layout.smallSize, to: Layout.inner / 1.08)
      let width = TextMetrics.width(full, size: Layout.smallSize, isBold: true)
      // A heading longer than the column of labels gets a surface under it.
      if Layout.margin + width > x.start {
        parts.append(
          .rectangle(
            origin: Position(Layout.margin, y + 3), width: width + 6, height: 18, corner: 0,
            fill: Fill(.surface), stroke: nil))
      }
      parts.append(
        .text(
          Label(
            full, at: Position(Layout.margin, y + 16), size: Layout.smallSize, ink: .muted,
            isBold: true)))
      y += Self.headingHeight
    }
    if let noise = group.noise {
      let (low, high) = (x.position(noise.low), x.position(noise.high))
      parts.append(
        .rectangle(
          origin: Position(low, y), width: max(high - low, 1),
          height: group.rows.reduce(0) { $0 + height(of: $1) }, corner: 0,
          fill: Fill(.noise, opacity: 0.35), stroke: nil))
    }
    for row in group.rows {
      let height = height(of: row)
      parts.append(.group(draw(row, middle: y + height / 2), title: hint(row)))
      y += height
    }
    return parts
  }

  /// A label that is too long for its column is broken.
  private func lines(of row: DotPlot.Row) -> [String] {
    TextMetrics.wrapped(
      row.label, size: Layout.textSize, to: x.start - Layout.margin - 10, lines: 2)
  }

  private func height(of row: DotPlot.Row) -> Double {
    Self.rowHeight + Double(max(lines(of: row).count, 1) - 1) * Self.lineHeight
  }

  private func hint(_ row: DotPlot.Row) -> String {
    guard let value = row.value else { return "\(row.label): \(row.text)" }
    return "\(row.label): \(row.text) (\(plot.format.text(value.low)) to "
      + "\(plot.format.text(value.high)))"
  }

  private func draw(_ row: DotPlot.Row, middle: Double) -> [Element] {
    let lines = lines(of: row)
    let first = middle + 4 - Double(lines.count - 1) * Self.lineHeight / 2
    var parts: [Element] = lines.enumerated().map { index, line in
      let y = first + Double(index) * Self.lineHeight
      return .text(Label(line, at: Position(Layout.margin, y), size: Layout.textSize))
    }
    guard let value = row.value else {
      let room = Layout.width - Layout.margin - x.start
      let text = TextMetrics.truncated(row.text, size: Layout.smallSize, to: room - 6)
      let width = TextMetrics.width(text, size: Layout.smallSize)
      parts.append(
        .rectangle(
          origin: Position(x.start - 2, middle - 9), width: width + 6, height: 18, corner: 0,
          fill: Fill(.surface), stroke: nil))
      parts.append(
        .text(
          Label(
            text, at: Position(x.start, middle + 4), size: Layout.smallSize, ink: .muted)))
      return parts
    }
    if let range = row.range {
      parts.append(line(range, middle, Stroke(row.ink, width: 5, opacity: 0.3)))
    }
    if let range = row.predictedRange, range.low > 0 {
      parts.append(line(range, middle, .predicted(row.ink)))
    }
    if let predicted = row.predicted, predicted > 0 {
      parts.append(
        row.mark.element(
          at: Position(x.position(predicted), middle), radius: 6,
          fill: Fill(.surface, opacity: 0.8), stroke: Stroke(row.ink, width: 1.6)))
    }
    parts.append(line(value, middle, Stroke(row.ink, width: 1.6)))
    let isBeyond = value.estimate < x.low || value.estimate > x.high
    parts.append(
      isBeyond
        ? arrow(value.estimate < x.low ? -1 : 1, at: middle, ink: row.ink)
        : row.mark.element(
          at: Position(x.position(value.estimate), middle), radius: 4, fill: Fill(row.ink),
          stroke: nil))
    parts.append(
      .text(
        Label(
          TextMetrics.truncated(row.text, size: Layout.smallSize, to: 118),
          at: Position(Layout.width - Layout.margin, middle + 4), size: Layout.smallSize,
          anchor: .end)))
    return parts
  }

  /// At the end of the axis, for a value beyond it.
  private func arrow(_ direction: Double, at y: Double, ink: Ink) -> Element {
    let tip = direction < 0 ? x.start : x.end
    let base = tip - direction * 9
    return .path(
      [
        .move(Position(tip, y)), .line(Position(base, y - 5)), .line(Position(base, y + 5)),
        .close,
      ], fill: Fill(ink), stroke: nil)
  }

  private func line(_ interval: Interval, _ y: Double, _ stroke: Stroke) -> Element {
    .line(
      Position(x.position(interval.low), y), Position(x.position(interval.high), y), stroke)
  }
}
