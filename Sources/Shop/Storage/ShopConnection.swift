/// A connection to the Shop's database, with its statements. For one thread at a time. What it does
/// is counted in the scope.
protocol ShopConnection: AnyObject {
  /// Runs a query and hands over each row.
  func rows(
    _ query: Query, _ values: [ShopValue], _ scope: RequestScope,
    _ row: (any ShopRow) throws -> Void
  ) throws
  /// Runs a statement without rows.
  /// - Returns: rows that it changed.
  @discardableResult
  func run(_ query: Query, _ values: [ShopValue], _ scope: RequestScope) throws -> Int
  /// Inserts a row that gets its id from the database.
  /// - Returns: its id; nil where another row has what must be unique.
  func insert(_ query: Query, _ values: [ShopValue], _ scope: RequestScope) throws -> Int?
}

/// A parameter of a query.
enum ShopValue {
  case integer(Int)
  case text(String)
}

/// A row that a query returns; its first column is 0.
protocol ShopRow {
  func integer(_ column: Int) -> Int
  func text(_ column: Int) -> String
}

extension ShopConnection {
  /// Whether a query has a row.
  func hasRow(_ query: Query, _ values: [ShopValue], _ scope: RequestScope) throws -> Bool {
    var isThere = false
    try rows(query, values, scope) { _ in isThere = true }
    return isThere
  }

  /// Runs `body` in a transaction that may write from its beginning on.
  func transaction<Answer>(_ scope: RequestScope, _ body: () throws -> Answer) throws -> Answer {
    try run(.begin, [], scope)
    do {
      let answer = try body()
      try run(.commit, [], scope)
      scope.count(.commits)
      return answer
    } catch {
      // Some errors have rolled it back already.
      _ = try? run(.rollback, [], scope)
      throw error
    }
  }
}
