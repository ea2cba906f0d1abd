import Databases

/// A connection to the Shop's file of SQLite.
final class SQLiteShopConnection: ShopConnection {
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

  func rows(
    _ query: Query, _ values: [ShopValue], _ scope: RequestScope,
    _ row: (any ShopRow) throws -> Void
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

  func run(_ query: Query, _ values: [ShopValue], _ scope: RequestScope) throws -> Int {
    try scope.query(query) {
      let statement = try statement(query, scope)
      try bind(values, to: statement)
      try statement.run()
      return database.changes
    }
  }

  func insert(_ query: Query, _ values: [ShopValue], _ scope: RequestScope) throws -> Int? {
    try run(query, values, scope) == 1 ? database.lastRow : nil
  }

  private func statement(_ query: Query, _ scope: RequestScope) throws -> SQLiteStatement {
    if keepsStatements, let statement = statements[query.rawValue] { return statement }
    scope.count(.parsedStatements)
    let statement = try database.prepare(query.sql)
    if keepsStatements { statements[query.rawValue] = statement }
    return statement
  }

  private func bind(_ values: [ShopValue], to statement: SQLiteStatement) throws {
    for (index, value) in values.enumerated() {
      switch value {
      case .integer(let number): try statement.bind(number, at: index + 1)
      case .text(let text): try statement.bind(text, at: index + 1)
      }
    }
  }
}

extension SQLiteStatement: ShopRow {}
