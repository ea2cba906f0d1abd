import ArgumentParser
import Lab
import Shop

struct ShopVisitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visit", abstract: "Load a shop with visitors who think, and report.",
    discussion: """
      Each visitor browses, searches, fills a cart and buys, by the shopping mix of TPC-W, and \
      thinks in between. Without think time the visitors saturate the shop.
      """)

  @Option(help: "Port of loopback that the shop listens at.")
  var port: UInt16 = 8_080

  @Option(help: "Size of its data: small, medium or large.")
  var data = "small"

  @Option(help: "Visitors.")
  var users = 100

  @Option(help: "Seconds that a visitor thinks, on average.")
  var think = 7.0

  @Option(help: "Seconds of the load.")
  var seconds = 10.0

  @Option(help: "Load only this address, such as /products/1.")
  var path: String?

  func run() throws {
    guard let size = DataSize(rawValue: data) else {
      throw CommandFailed("there is no size '\(data)'; use small, medium or large", exitCode: 64)
    }
    guard users > 0, users <= 10_000, seconds > 0, think >= 0 else {
      throw CommandFailed("users are from 1 to 10000, seconds more than none", exitCode: 64)
    }
    do {
      let load = VisitLoad(port: port, users: users, think: think, seconds: seconds)
      try Lab.line(try path.map { try load.get($0) } ?? load.visit(size))
    } catch { throw CommandFailed("\(error)") }
  }
}
