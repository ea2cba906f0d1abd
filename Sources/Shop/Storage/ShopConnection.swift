import Databases

/// A connection to the Shop's database, with its statements. For one thread at a time.
final class ShopConnection {
  enum Value {
    case integer(Int)
    case text(String)
  }

  let database: SQLiteDatabase
  private let keepsStatements: Bool
  private var statements = [SQLiteStatement?](repeating: nil, count: Query.allCases.count)

  /// - Parameter keepsStatements: else each query is parsed anew.
  init(
    _ path: String, isDurable: Bool, keepsStatements: Bool = true, keepsLog: Bool = false
  ) throws(SQLiteError) {
    database = try SQLiteDatabase(
      .file(path),
      SQLiteSettings(
        cacheBytes: 16 << 20, journal: .wal, synchronous: isDurable ? .full : .normal,
        checkpointPages: keepsLog ? 0 : 1_000, patience: 2))
    self.keepsStatements = keepsStatements
  }

  /// Runs a query and hands over each row.
  func rows(
    _ query: Query, _ values: [Value], _ scope: RequestScope,
    _ row: (SQLiteStatement) throws -> Void
  ) throws {
    try scope.query(query) {
      let statement = try statement(query, scope)
      defer {
        statement.reset()
        scope.count(.scannedRows, statement.count(.scannedRows, reset: true))
      }
      try bind(values, to: statement)
      while try statement.step() {
        scope.count(.rows)
        try row(statement)
      }
    }
  }

  /// Whether a query has a row.
  func hasRow(_ query: Query, _ values: [Value], _ scope: RequestScope) throws -> Bool {
    var isThere = false
    try rows(query, values, scope) { _ in isThere = true }
    return isThere
  }

  /// Runs a statement without rows.
  /// - Returns: rows that it changed.
  @discardableResult
  func run(_ query: Query, _ values: [Value] = [], _ scope: RequestScope) throws -> Int {
    try scope.query(query) {
      let statement = try statement(query, scope)
      try bind(values, to: statement)
      try statement.run()
      return database.changes
    }
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

  private func statement(_ query: Query, _ scope: RequestScope) throws -> SQLiteStatement {
    if keepsStatements, let statement = statements[query.rawValue] { return statement }
    scope.count(.parsedStatements)
    let statement = try database.prepare(query.sql)
    if keepsStatements { statements[query.rawValue] = statement }
    return statement
  }

  private func bind(_ values: [Value], to statement: SQLiteStatement) throws {
    for (index, value) in values.enumerated() {
      switch value {
      case .integer(let number): try statement.bind(number, at: index + 1)
      case .text(let text): try statement.bind(text, at: index + 1)
      }
    }
  }
}
