import Systems

/// A connection to the Shop's PostgreSQL server. One that is lost costs the request that finds it so
/// the status 503; the next one connects anew.
final class PostgresShopConnection: ShopConnection {
  private let target: String
  private let isDurable: Bool
  private let keepsStatements: Bool
  private var connection: PostgresConnection?
  /// At the server, of this connection.
  private var prepared: Set<Query> = []

  /// - Parameters:
  ///   - target: as libpq takes it.
  ///   - isDurable: whether a commit waits for the device.
  ///   - keepsStatements: else each query is parsed anew.
  init(_ target: String, isDurable: Bool, keepsStatements: Bool = true) throws(PostgresError) {
    (self.target, self.isDurable, self.keepsStatements) = (target, isDurable, keepsStatements)
    connection = try opened()
  }

  func rows(
    _ query: Query, _ values: [ShopValue], _ scope: RequestScope,
    _ row: (any ShopRow) throws -> Void
  ) throws {
    try scope.query(query) {
      let rows = try answer(query, values, scope)
      for index in 0..<rows.count {
        scope.count(.rows)
        try row(Row(rows: rows, index: index))
      }
    }
  }

  func run(_ query: Query, _ values: [ShopValue], _ scope: RequestScope) throws -> Int {
    try scope.query(query) { try answer(query, values, scope).changes }
  }

  func insert(_ query: Query, _ values: [ShopValue], _ scope: RequestScope) throws -> Int? {
    try scope.query(query) {
      let rows = try answer(query, values, scope)
      return rows.count == 1 ? rows.integer(0, 0) : nil
    }
  }

  private func answer(
    _ query: Query, _ values: [ShopValue], _ scope: RequestScope
  ) throws -> PostgresRows {
    let connection = try current(for: query)
    do {
      return try answer(query, values.map(\.text), connection, scope)
    } catch {
      guard connection.isLost else { throw error }
      self.connection = nil
      prepared = []
      throw Self.noAnswer
    }
  }

  private func answer(
    _ query: Query, _ values: [String], _ connection: PostgresConnection, _ scope: RequestScope
  ) throws(PostgresError) -> PostgresRows {
    guard keepsStatements else {
      scope.count(.parsedStatements)
      return try connection.execute(query.postgres, texts: values)
    }
    let name = String(query.rawValue)
    if !prepared.contains(query) {
      scope.count(.parsedStatements)
      try connection.prepare(name, query.postgres)
      prepared.insert(query)
    }
    return try connection.run(name, texts: values)
  }

  private func current(for query: Query) throws -> PostgresConnection {
    if let connection { return connection }
    // The transaction went with the connection.
    guard query != .rollback, let another = try? opened() else { throw Self.noAnswer }
    connection = another
    return another
  }

  private func opened() throws(PostgresError) -> PostgresConnection {
    let connection = try PostgresConnection(target)
    if !isDurable { try connection.execute("SET synchronous_commit = off") }
    return connection
  }

  private static let noAnswer = RequestError.unavailable("the database does not answer")

  private struct Row: ShopRow {
    let rows: PostgresRows
    let index: Int

    func integer(_ column: Int) -> Int { rows.integer(index, column) }
    func text(_ column: Int) -> String { rows.text(index, column) }
  }
}

extension ShopValue {
  fileprivate var text: String {
    switch self {
    case .integer(let number): String(number)
    case .text(let text): text
    }
  }
}
