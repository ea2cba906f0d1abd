import Rendering
import Results

/// The machine's numbers for the terminal.
enum NumbersTable {
  static func text(_ numbers: Numbers) -> String {
    var groups: [String] = []
    for entry in numbers.entries where !groups.contains(entry.group) { groups.append(entry.group) }
    let tables = groups.map { group in
      let rows = numbers.entries.filter { $0.group == group }.map(row)
      return TextTable.render(header: [group, "name", "here", "from", "to"], rows: rows)
    }
    return tables.joined(separator: "\n\n") + "\n"
  }

  private static func row(_ entry: NumberEntry) -> [String] {
    guard let quantity = entry.quantity else {
      return [entry.title, entry.name, "–", entry.missing ?? "", ""]
    }
    return [
      entry.title, entry.name, Figures.quantity(quantity.estimate, unit: quantity.unit),
      Figures.quantity(quantity.low, unit: quantity.unit),
      Figures.quantity(quantity.high, unit: quantity.unit),
    ]
  }
}
