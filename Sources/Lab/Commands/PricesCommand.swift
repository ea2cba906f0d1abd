import ArgumentParser
import Prices
import Rendering

struct PricesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prices",
    abstract: "List the prices that cost models use, or check a file of one's own.",
    discussion: """
      The lists of Prices/ are in the executable. 'run --prices FILE' gives those of a file \
      precedence. Columns have the names of the FinOps FOCUS specification where it has them.
      """,
    subcommands: [PricesListCommand.self, PricesCheckCommand.self],
    defaultSubcommand: PricesListCommand.self)
}

struct PricesListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print all prices with their sources.")

  func run() throws {
    for price in PriceBook.current.prices {
      let figure = Figures.short(price.dollars, digits: 12)
      try Console.line(
        "\(price.provider)\t\(price.name)\t\(figure) $ per \(price.unit)\t\(price.title)\t\(price.source)"
      )
    }
  }
}

struct PricesCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what is wrong or odd in files of prices.",
    discussion: """
      Prints one line for each fault, and exits with 1 if there is any. What is only odd, such as a \
      name that no experiment asks for, is printed as well.
      """)

  @Argument(help: "Files of prices, as in Prices/.")
  var files: [String]

  func run() throws {
    var count = 0
    for path in files {
      let file = try PriceFile.read(path)
      for fault in file.faults { try Console.line("\(path):\(fault.line): \(fault.text)") }
      for odd in file.oddities { try Console.line("\(path):\(odd.line): odd: \(odd.text)") }
      count += file.faults.count
      if file.faults.isEmpty {
        let prices = file.prices.count == 1 ? "1 price" : "\(file.prices.count) prices"
        try Console.line("\(path): \(prices), no fault")
      }
    }
    if count > 0 { throw LabError.faultyPrices(count: count) }
  }
}

extension PriceFile {
  /// Compared with the lists of the executable.
  fileprivate static func read(_ path: String) throws(LabError) -> PriceFile {
    let today = String(Moment.now().prefix { $0 != "T" })
    return read(try Files.read(path), named: path, known: .embedded, today: today)
  }
}

extension PriceBook {
  /// Gives the prices of a file precedence, and says what is odd in it.
  /// - Throws: `LabError` where it can't be read or has faults.
  static func choose(path: String) throws(LabError) {
    let file = try PriceFile.read(path)
    let check = "see '\(Lab.program) prices check'"
    if let fault = file.faults.first {
      throw .badPrices("\(path):\(fault.line): \(fault.text); \(check)")
    }
    if let odd = file.oddities.first {
      let more = file.oddities.count > 1 ? " (and \(file.oddities.count - 1) more)" : ""
      Console.note("\(path):\(odd.line): \(odd.text)\(more); \(check)")
    }
    choose(PriceList(file.prices))
  }
}
