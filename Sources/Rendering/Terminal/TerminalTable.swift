/// A table for a terminal of a given width: aligned by columns as they show, in colour or without.
///
/// Where it does not fit, the columns that may shrink do so; where even that is too wide, each row
/// becomes a small list, so that nothing is lost.
public struct TerminalTable: Equatable, Sendable {
  /// What a cell's colour stands for.
  public enum Style: Equatable, Sendable {
    case plain, bold, muted, good, bad, warning

    fileprivate var code: String {
      switch self {
      case .plain: ""
      case .bold: "1"
      case .muted: "2"
      case .good: "32"
      case .bad: "31"
      case .warning: "33"
      }
    }
  }

  /// One cell: text on one line.
  public struct Cell: Equatable, Sendable {
    fileprivate let text: String
    fileprivate let style: Style

    /// Control characters in the text become spaces.
    public init(_ text: String, _ style: Style = .plain) {
      self.text = DisplayWidth.printable(text)
      self.style = style
    }

    fileprivate func rendered(_ text: String, colour: Bool) -> String {
      colour && !style.code.isEmpty ? "\u{1b}[\(style.code)m\(text)\u{1b}[0m" : text
    }
  }

  /// A column's heading and habits.
  public struct Column: Equatable, Sendable {
    fileprivate let title: String
    fileprivate let isRight: Bool
    fileprivate let least: Int?

    /// - Parameters:
    ///   - alignsRight: as figures do.
    ///   - shrinksTo: columns that it may be cut down to; nil where it must not be cut.
    public init(_ title: String, alignsRight: Bool = false, shrinksTo: Int? = nil) {
      self.title = title
      isRight = alignsRight
      least = shrinksTo
    }
  }

  private var columns: [Column]
  private var rows: [[Cell]] = []
  private static let gap = 2

  /// An empty table with these columns.
  public init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty, those too many are dropped.
  public mutating func add(_ cells: [Cell]) {
    let missing = max(0, columns.count - cells.count)
    rows.append(
      Array(cells.prefix(columns.count)) + Array(repeating: Cell(""), count: missing))
  }

  /// The table as lines, each ended by a newline, none wider than `width` columns (but for words
  /// that the narrowest list cannot break).
  public func render(width: Int, colour: Bool) -> String {
    let table = withoutEmptyColumns
    guard let widths = table.fitting(width) else {
      return table.list(width: width, colour: colour)
    }
    let heading = table.columns.map { Cell($0.title, .bold) }
    return ([heading] + table.rows).map { table.line($0, widths, colour) }.joined()
  }

  /// A column that says nothing in any row takes no room.
  private var withoutEmptyColumns: TerminalTable {
    let kept = columns.indices.filter { index in
      rows.isEmpty || rows.contains { !$0[index].text.isEmpty }
    }
    var table = TerminalTable(kept.map { columns[$0] })
    table.rows = rows.map { row in kept.map { row[$0] } }
    return table
  }

  /// Widths that fit, or nil where even the shrunk ones do not.
  private func fitting(_ width: Int) -> [Int]? {
    var widths = columns.indices.map { index in
      rows.map { DisplayWidth.of($0[index].text) }.max() ?? 0
    }
    for (index, column) in columns.enumerated() {
      widths[index] = max(widths[index], DisplayWidth.of(column.title))
    }
    let room = width - Self.gap * (columns.count - 1)
    while widths.reduce(0, +) > room {
      let candidates = columns.indices.filter { widths[$0] > columns[$0].least ?? .max }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
    }
    return widths
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ colour: Bool) -> String {
    var result = ""
    for (index, cell) in cells.enumerated() {
      let text = DisplayWidth.truncated(cell.text, to: widths[index])
      let padding = String(repeating: " ", count: widths[index] - DisplayWidth.of(text))
      let shown = cell.rendered(text, colour: colour)
      let isLast = index == cells.count - 1
      if columns[index].isRight {
        result += padding + shown
      } else {
        result += shown + (isLast ? "" : padding)
      }
      if !isLast { result += String(repeating: " ", count: Self.gap) }
    }
    while result.hasSuffix(" ") { result.removeLast() }
    return result + "\n"
  }

  /// Each row as its first cell with the others below it, in as many lines as they need.
  private func list(width: Int, colour: Bool) -> String {
    let label = columns.dropFirst().map { DisplayWidth.of($0.title) }.max() ?? 0
    return rows.map { row in
      let first = DisplayWidth.truncated(row.first?.text ?? "", to: max(width, 1))
      let head = Cell(first, .bold).rendered(first, colour: colour) + "\n"
      let rest = zip(columns, row).dropFirst().filter { !$0.1.text.isEmpty }.map { column, cell in
        let pad = String(repeating: " ", count: label - DisplayWidth.of(column.title))
        let room = max(width - label - 4, 8)
        let lines = DisplayWidth.wrapped(cell.text, to: room).map {
          cell.rendered($0, colour: colour)
        }
        let indent = "\n" + String(repeating: " ", count: label + 4)
        return "  \(column.title)\(pad)  \(lines.joined(separator: indent))\n"
      }
      return head + rest.joined()
    }.joined()
  }
}
