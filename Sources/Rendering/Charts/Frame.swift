import Results

/// What an axis's numbers are.
enum AxisFormat: Equatable {
  /// `0.5×`
  case ratio
  /// `10 ns`
  case quantity(Unit)

  /// A tick's text.
  func text(_ value: Double) -> String {
    switch self {
    case .ratio: Figures.short(value, digits: 4) + "×"
    case .quantity(let unit): Figures.tick(value, unit: unit)
    }
  }

  /// Round values on a scale. Bytes are round as powers of two, or else in their unit.
  func ticks(on scale: Scale, limit: Int = 7) -> [Double] {
    guard self == .quantity(.bytes), scale.isLogarithmic else { return scale.ticks(limit: limit) }
    let powers = Ticks.powersOfTwo(low: scale.low, high: scale.high, limit: limit)
    if powers.count > 1 { return powers }
    var unit = 1.0
    while unit * 1024 <= scale.high { unit *= 1024 }
    return Ticks.logarithmic(low: scale.low / unit, high: scale.high / unit, limit: limit)
      .map { $0 * unit }
  }
}

/// Sizes that all charts share. The unit is that of the view box: on a phone of 360 pixels one
/// unit is about three quarters of a pixel, so nothing is written smaller than 12.5.
enum Layout {
  static let width = 430.0
  static let margin = 12.0
  static let titleSize = 15.5
  static let textSize = 13.5
  static let smallSize = 12.5
  static let inner = width - 2 * margin
}

/// One entry of a legend.
struct LegendItem: Equatable {
  enum Swatch: Equatable {
    case series(Ink, Mark, line: Stroke?)
    /// The hollow mark of a prediction.
    case hollow(Ink, Mark)
    case band(Ink, opacity: Double)
    case rule(Stroke)
    /// A part of a bar with the letter that it carries; hollow where it adds nothing.
    case letter(Ink, String, isHollow: Bool)
  }

  let swatch: Swatch
  let text: String
}

/// Title, subtitle and legend: the top of every chart.
struct Header {
  private(set) var elements: [Element] = []
  /// Where the chart itself may begin.
  private(set) var bottom: Double

  init(title: String, subtitle: String, legend: [LegendItem]) {
    var y = 10.0
    for line in TextMetrics.wrapped(
      title, size: Layout.titleSize, isBold: true, to: Layout.inner, lines: 2)
    {
      y += 17
      elements.append(
        .text(
          Label(line, at: Position(Layout.margin, y), size: Layout.titleSize, isBold: true)))
    }
    for line in TextMetrics.wrapped(subtitle, size: Layout.smallSize, to: Layout.inner, lines: 2) {
      y += 17
      elements.append(
        .text(
          Label(line, at: Position(Layout.margin, y), size: Layout.smallSize, ink: .muted)))
    }
    bottom = y + 8
    add(legend)
  }

  /// Sets the entries in rows that fit.
  private mutating func add(_ items: [LegendItem]) {
    guard !items.isEmpty else { return }
    var x = Layout.margin
    var y = bottom + 12
    for item in items {
      let limit = Layout.inner - 26
      let text = TextMetrics.truncated(item.text, size: Layout.smallSize, to: limit)
      let width = 26 + TextMetrics.width(text, size: Layout.smallSize)
      if x > Layout.margin && x + width > Layout.width - Layout.margin {
        x = Layout.margin
        y += 18
      }
      elements += item.swatch.elements(at: Position(x, y - 4))
      elements.append(.text(Label(text, at: Position(x + 24, y), size: Layout.smallSize)))
      x += width + 12
    }
    bottom = y + 10
  }
}

extension LegendItem.Swatch {
  /// Drawn 18 wide from the position, centred on its height.
  fileprivate func elements(at p: Position) -> [Element] {
    let middle = Position(p.x + 9, p.y)
    let ends = (Position(p.x, p.y), Position(p.x + 18, p.y))
    switch self {
    case .series(let ink, let mark, let line):
      let dot = mark.element(at: middle, radius: 4, fill: Fill(ink), stroke: nil)
      return (line.map { [.line(ends.0, ends.1, $0)] } ?? []) + [dot]
    case .hollow(let ink, let mark):
      return [
        mark.element(
          at: middle, radius: 5, fill: Fill(.surface), stroke: Stroke(ink, width: 1.6))
      ]
    case .band(let ink, let opacity):
      return [
        .rectangle(
          origin: Position(p.x, p.y - 6), width: 18, height: 12, corner: 2,
          fill: Fill(ink, opacity: opacity), stroke: nil)
      ]
    case .rule(let stroke): return [.line(ends.0, ends.1, stroke)]
    case .letter(let ink, let letter, let isHollow):
      return [
        .rectangle(
          origin: Position(p.x, p.y - 7), width: 18, height: 14, corner: 2,
          fill: isHollow ? nil : Fill(ink),
          stroke: isHollow ? Stroke(ink, width: 1.2, dashes: [3, 2]) : nil),
        .text(
          Label(
            letter, at: Position(p.x + 9, p.y + 4), size: Layout.smallSize, anchor: .middle,
            ink: isHollow ? .text : .surface)),
      ]
    }
  }
}

/// Where labels have been set along one line, so that the next does not run into them.
struct LabelLine {
  private var taken: [(Double, Double)] = []

  /// Takes the room if it is free.
  mutating func take(from start: Double, to end: Double, gap: Double = 6) -> Bool {
    let isFree = taken.allSatisfy { end + gap <= $0.0 || start >= $0.1 + gap }
    if isFree { taken.append((start, end)) }
    return isFree
  }
}
