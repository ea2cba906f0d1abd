import Systems

/// The Shop's database, filled, with its first connections.
struct OpenedDatabase {
  /// For writing.
  let writers: [any ShopConnection]
  /// Opens another one for reading.
  let reader: @Sendable () throws -> any ShopConnection

  /// - Throws: `ShopRefused`, and what the database says.
  init(_ settings: ShopSettings) throws {
    let keepsStatements = !settings.has(.unpreparedStatements)
    let isDurable = settings.isDurable
    if let target = settings.postgres {
      try Self.check(settings)
      try SeededData.fill(PostgresConnection(target), settings.data)
      writers = try (0..<max(settings.writers, settings.readers)).map { _ in
        try PostgresShopConnection(target, isDurable: isDurable)
      }
      reader = {
        try PostgresShopConnection(
          target, isDurable: isDurable, keepsStatements: keepsStatements)
      }
    } else {
      let path = "\(settings.folder)/shop.db"
      let writers = try (0..<max(1, settings.writers)).map { _ in
        try SQLiteShopConnection(path, isDurable: isDurable, keepsLog: settings.keepsLog)
      }
      try SeededData.fill(writers[0].database, settings.data)
      try writers[0].database.execute(
        settings.has(.missingIndex) ? SeededData.noIndex : SeededData.index)
      self.writers = writers
      reader = {
        try SQLiteShopConnection(path, isDurable: isDurable, keepsStatements: keepsStatements)
      }
    }
  }

  private static func check(_ settings: ShopSettings) throws(ShopRefused) {
    if settings.has(.missingIndex) {
      throw .needsSQLite(
        "the sickness \(Sickness.missingIndex.rawValue)",
        reason: "PostgreSQL does not count the rows that a query scans")
    }
    if settings.keepsLog {
      throw .needsSQLite("a log that is kept whole", reason: "PostgreSQL has its own")
    }
  }
}
