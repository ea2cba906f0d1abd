import Databases
import Glibc

/// The two files of a split, with the mover's connection to both.
final class ShardFiles {
  private let paths: (source: String, target: String)
  private let source, target: SQLiteDatabase
  private let read, write, changed, forget, one: SQLiteStatement
  private let ofSource, ofTarget: SQLiteStatement

  private static var settings: SQLiteSettings {
    var settings = SQLiteSettings(journal: .wal, synchronous: .normal)
    settings.patience = 30
    return settings
  }

  private static let table = "CREATE TABLE rows(id INTEGER PRIMARY KEY, value INTEGER, text TEXT)"

  /// Makes a shard with keys from 0 on, whose values are 0.
  static func fill(_ path: String, rows: Int) throws {
    let database = try SQLiteDatabase(.file(path), .building)
    try database.execute(table)
    let insert = try database.prepare("INSERT INTO rows VALUES(?, 0, ?)")
    try database.transaction {
      for key in 0..<rows {
        try insert.bind(key, at: 1)
        try insert.bind("row \(key) of a shard, with some more bytes as rows have them", at: 2)
        try insert.run()
      }
    }
  }

  /// A fresh copy of a shard, and an empty one beside it.
  /// - Parameter name: of both files, which no other split in this folder has had.
  init(copyOf full: String, in folder: String, named name: String) throws {
    paths = ("\(folder)/\(name)-source.db", "\(folder)/\(name)-target.db")
    try SQLiteDatabase(.file(full)).execute("VACUUM INTO '\(paths.source)'")
    source = try SQLiteDatabase(.file(paths.source), Self.settings)
    target = try SQLiteDatabase(.file(paths.target), Self.settings)
    try target.execute(Self.table)
    try source.execute("CREATE TABLE changed(id INTEGER PRIMARY KEY)")
    read = try source.prepare(
      "SELECT id, value, text FROM rows WHERE id > ? AND id % 2 = 1 ORDER BY id LIMIT ?")
    one = try source.prepare("SELECT id, value, text FROM rows WHERE id = ?")
    changed = try source.prepare("SELECT id FROM changed ORDER BY id LIMIT ?")
    forget = try source.prepare("DELETE FROM changed WHERE id = ?")
    write = try target.prepare("INSERT OR REPLACE INTO rows VALUES(?, ?, ?)")
    ofSource = try source.prepare("SELECT value FROM rows WHERE id = ?")
    ofTarget = try target.prepare("SELECT value FROM rows WHERE id = ?")
  }

  deinit {
    for path in [paths.source, paths.target] {
      for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }
  }

  /// Copies some rows that move.
  /// - Returns: the last one's key; nil where there was none left.
  func copy(after last: Int, upTo count: Int) throws -> Int? {
    var found: Int?
    try read.bind(last, at: 1)
    try read.bind(count, at: 2)
    try target.transaction {
      while try read.step() {
        found = read.integer(0)
        try put(read)
      }
    }
    read.reset()
    return found
  }

  /// A trigger notes which rows that move are written.
  func noteChanges() throws {
    try source.execute(
      """
      CREATE TRIGGER noted AFTER UPDATE ON rows WHEN new.id % 2 = 1 BEGIN
        INSERT OR IGNORE INTO changed VALUES(new.id);
      END
      """)
  }

  /// Copies noted rows and forgets the notes.
  /// - Returns: how many there were.
  func copyChanged(upTo count: Int) throws -> Int {
    // With the lock for writing, so that no note comes between reading a row and forgetting it.
    try source.execute("BEGIN IMMEDIATE")
    var keys: [Int] = []
    try changed.bind(count, at: 1)
    while try changed.step() { keys.append(changed.integer(0)) }
    changed.reset()
    try target.transaction {
      for key in keys {
        try one.bind(key, at: 1)
        if try one.step() { try put(one) }
        one.reset()
        try forget.bind(key, at: 1)
        try forget.run()
      }
    }
    try source.execute("COMMIT")
    return keys.count
  }

  private func put(_ row: SQLiteStatement) throws {
    try write.bind(row.integer(0), at: 1)
    try write.bind(row.integer(1), at: 2)
    try write.bind(row.text(2), at: 3)
    try write.run()
  }

  /// Nil where there is no such row.
  func value(of key: Int, inTarget: Bool) throws -> Int? {
    let statement = inTarget ? ofTarget : ofSource
    defer { statement.reset() }
    try statement.bind(key, at: 1)
    return try statement.step() ? statement.integer(0) : nil
  }

  /// Connections for somebody who writes, for one thread.
  func writing() throws -> Writing { try Writing(paths.source, paths.target) }

  /// Connections to both files that raise values.
  final class Writing {
    private let statements: [SQLiteStatement]

    fileprivate init(_ source: String, _ target: String) throws {
      statements = try [source, target].map { path in
        try SQLiteDatabase(.file(path), ShardFiles.settings)
          .prepare("UPDATE rows SET value = ? WHERE id = ?")
      }
    }

    func set(_ key: Int, to value: Int, inTarget: Bool) throws {
      let statement = statements[inTarget ? 1 : 0]
      try statement.bind(value, at: 1)
      try statement.bind(key, at: 2)
      try statement.run()
    }
  }
}
