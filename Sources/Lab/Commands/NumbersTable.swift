import Rendering
import Results

/// The machine's numbers for the terminal.
enum NumbersTable {
  static func text(_ numbers: Numbers) -> String {
    var groups: [String] = []
    for entry in numbers.entries where !groups.contains(entry.group) { groups.append(entry.group) }
    let tables = groups.map { group in
      var table = TerminalTable([
        .init(group, shrinksTo: 20), .init("name"), .init("here", alignsRight: true),
        .init("from", alignsRight: true, shrinksTo: 12), .init("to", alignsRight: true),
      ])
      for entry in numbers.entries where entry.group == group {
        table.add(row(entry).map { .init($0) })
      }
      return table.render(width: Console.width(), colour: Console.colour)
    }
    return tables.joined(separator: "\n")
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
