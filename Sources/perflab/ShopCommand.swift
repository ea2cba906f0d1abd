import ArgumentParser

/// The Shop as a program of its own.
struct ShopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shop", abstract: "Run the shop that the experiments on scale measure.",
    discussion: """
      A small shop that serves HTTP on loopback, with a database of SQLite in the process, or with \
      a PostgreSQL server: catalogue with search, sessions, cart, checkout, orders, \
      recommendations, images.
      """,
    subcommands: [
      ShopServeCommand.self, ShopSicknessesCommand.self, ShopCheckCommand.self,
      ShopProfileCommand.self, ShopForecastCommand.self, ShopVisitCommand.self,
    ])
}
