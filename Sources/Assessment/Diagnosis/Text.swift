import Rendering

/// Figures for people: three digits and a unit.
enum Text {
  static func figure(_ value: Double) -> String {
    guard value.isFinite else { return "∞" }
    let size = abs(value)
    if size >= 1_000 { return grouped(value) }
    if size == 0 { return "0" }
    let digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5
    var text = fixed(value, digits)
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text
  }

  static func fixed(_ value: Double, _ digits: Int) -> String {
    Figures.fixed(value, places: digits)
  }

  /// Thousands with commas.
  static func grouped(_ value: Double) -> String { Figures.grouped(fixed(value, 0)) }

  static func percent(_ share: Double) -> String {
    share > 0 && share < 0.1 ? "\(fixed(share * 100, 1))%" : "\(fixed(share * 100, 0))%"
  }

  static func seconds(_ value: Double) -> String {
    if value < 1e-3 { return "\(figure(value * 1e6)) µs" }
    return value < 1 ? "\(figure(value * 1e3)) ms" : "\(figure(value)) s"
  }

  static func bytes(_ value: Double) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var (rest, unit) = (value, 0)
    while rest >= 1_024, unit < units.count - 1 { (rest, unit) = (rest / 1_024, unit + 1) }
    return "\(figure(rest)) \(units[unit])"
  }

  static func dollars(_ value: Double) -> String {
    let size = abs(value)
    return (value < 0 ? "-$" : "$") + (size < 10 && size > 0 ? fixed(size, 2) : grouped(size))
  }

  /// `1 month`, `2 months`.
  static func counted(_ count: Double, _ noun: String) -> String {
    let figure = figure(count)
    return "\(figure) \(noun)\(figure == "1" ? "" : "s")"
  }

  /// A cell of a table in Markdown.
  static func cell(_ text: String) -> String {
    text.filter { $0 != "\n" && $0 != "\r" }.split(separator: "|", omittingEmptySubsequences: false)
      .joined(separator: "\\|")
  }

  /// A row of a table in Markdown.
  static func row(_ cells: [String]) -> String {
    "| " + cells.map(cell).joined(separator: " | ") + " |\n"
  }

  static func table(_ head: [String], _ rows: [[String]]) -> String {
    row(head) + "|" + String(repeating: "---|", count: head.count) + "\n"
      + rows.map(row).joined()
  }
}
