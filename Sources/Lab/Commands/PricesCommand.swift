import ArgumentParser
import Prices

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
      let figure = "\(price.dollars)"
      try Console.line(
        "\(price.provider)\t\(price.name)\t\(figure) $ per \(price.unit)\t\(price.title)\t\(price.source)"
      )
    }
  }
}

struct PricesCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what is missing or odd in files of prices.",
    discussion: "Prints one line for each fault, and exits with 1 if there is any.")

  @Argument(help: "Files of prices, as in Prices/.")
  var files: [String]

  func run() throws {
    var count = 0
    for path in files {
      let file = PriceFile.read(try Files.read(path), named: path)
      for fault in file.faults { try Console.line("\(path):\(fault.line): \(fault.text)") }
      count += file.faults.count
      if file.faults.isEmpty { try Console.line("\(path): \(file.prices.count) prices, no fault") }
    }
    if count > 0 { throw LabError.faultyPrices(count: count) }
  }
}

extension PriceBook {
  /// Gives the prices of a file precedence.
  /// - Throws: `LabError` where it can't be read or has faults.
  static func choose(path: String) throws(LabError) {
    let file = PriceFile.read(try Files.read(path), named: path)
    if let fault = file.faults.first {
      throw .invalid("\(path):\(fault.line): \(fault.text); see '\(Lab.program) prices check'")
    }
    choose(PriceList(file.prices))
  }
}
