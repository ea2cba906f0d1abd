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

  @Option(help: "Requests per second, whatever becomes of earlier ones (default: visitors think).")
  var rate: Double?

  @Option(help: "Products that visitors look at: so many of the most popular ones (default: all).")
  var popular: Int?

  @Option(help: "Share of the product pages that are of products that are gone, 0 to 0.5.")
  var deadLinks = 0.0

  @Option(help: "Connections of an open load.")
  var connections = 1_200

  func run() throws {
    guard let size = DataSize(rawValue: data) else {
      throw CommandFailed("there is no size '\(data)'; use small, medium or large", exitCode: 64)
    }
    guard (1...10_000).contains(users), seconds > 0, seconds <= 86_400,
      (0...86_400).contains(think)
    else {
      throw CommandFailed(
        "--users is from 1 to 10000, --seconds above 0, --seconds and --think at most 86400",
        exitCode: 64)
    }
    guard (0...0.5).contains(deadLinks), popular ?? 1 > 0, (1...20_000).contains(connections)
    else {
      throw CommandFailed(
        "--dead-links is from 0 to 0.5, --popular above 0, --connections from 1 to 20000",
        exitCode: 64)
    }
    // Their times are drawn before the first one is sent.
    guard rate ?? 1 > 0, (rate ?? 1) * seconds <= 1e8 else {
      throw CommandFailed(
        "--rate is above 0, and at most a hundred million requests in all", exitCode: 64)
    }
    guard path?.hasPrefix("/") ?? true else {
      throw CommandFailed("--path begins with /, such as /products/1", exitCode: 64)
    }
    do {
      var load = VisitLoad(port: port, users: users, think: think, seconds: seconds)
      load.rate = rate
      load.popular = popular
      load.deadLinks = deadLinks
      load.connections = connections
      try Lab.line(try path.map { try load.get($0) } ?? load.visit(size))
    } catch { throw CommandFailed("\(error)") }
  }
}
