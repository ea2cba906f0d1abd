/// Sessions and what they are about to buy.
final class Carts: Sendable {
  /// A product in a cart, as the page shows it.
  struct Line {
    let summary: ProductSummary
    let quantity: Int
  }

  private let storage: any Storage
  private let catalogue: Catalogue
  private let settings: ShopSettings
  /// Where sessions are kept in place of the database.
  private let sessions: (any SessionStore)?

  init(_ storage: any Storage, _ catalogue: Catalogue, _ settings: ShopSettings) {
    self.storage = storage
    self.catalogue = catalogue
    self.settings = settings
    sessions =
      if let port = settings.sessionsPort {
        RedisSessions(.loopback(port: port))
      } else { settings.keepsSessions ? SessionMemory() : nil }
  }

  /// The number of a new session, which nobody can guess.
  static func newSession() -> Int { Int.random(in: 1...Int.max) }

  /// Opens a session; one that is open stays as it is.
  func open(_ session: Int, _ scope: RequestScope) throws {
    try scope.function("Carts.open") {
      guard let sessions else { return try storage.openSession(session, scope) }
      try sessions.open(session)
    }
  }

  func put(_ line: CartLine, inCartOf session: Int, _ scope: RequestScope) throws {
    try line.check()
    try scope.function("Carts.put") {
      guard let sessions else { return try storage.put(line, inCartOf: session, scope) }
      _ = try storage.product(line.product, scope)
      try sessions.put(line, inCartOf: session)
    }
  }

  /// Has the database hold a cart that is about to be bought.
  func store(_ session: Int, _ scope: RequestScope) throws {
    guard let sessions else { return }
    try scope.function("Carts.store") {
      let lines = try sessions.lines(of: session)
      try storage.openSession(session, scope)
      for line in lines { try storage.put(line, inCartOf: session, scope) }
    }
  }

  /// What is in the cart was bought from the database.
  func forget(_ session: Int) throws { try sessions?.empty(session) }

  /// What is in the cart was bought elsewhere.
  func empty(_ session: Int, _ scope: RequestScope) throws {
    guard let sessions else { return try storage.replaceCart(of: session, by: [], scope) }
    try sessions.empty(session)
  }

  func pieces(of session: Int, _ scope: RequestScope) throws -> [CartLine] {
    try sessions?.lines(of: session) ?? storage.cart(of: session, scope)
  }

  func lines(of session: Int, _ scope: RequestScope) throws -> [Line] {
    try scope.function("Carts.lines") {
      let lines = try pieces(of: session, scope)
      guard !lines.isEmpty else { return [] }
      if settings.has(.chattyCalls) { return try lines.map { try chatty($0, scope) } }
      let summaries = try catalogue.summaries(of: lines.map(\.product), scope)
      return zip(summaries, lines).map { Line(summary: $0, quantity: $1.quantity) }
    }
  }

  /// A call for each thing that is shown.
  private func chatty(_ line: CartLine, _ scope: RequestScope) throws -> Line {
    let name = try catalogue.details(of: line.product, scope).name
    let price = try catalogue.details(of: line.product, scope).price
    let stock = try catalogue.details(of: line.product, scope).stock
    let quantity = min(line.quantity, max(stock, line.quantity))
    return Line(
      summary: ProductSummary(id: line.product, name: name, price: price), quantity: quantity)
  }
}
