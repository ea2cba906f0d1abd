import Databases
import Harness
import Platform
import Results
import Synchronization

/// The databases of a worker process, each filled once and then shared by variants that only read, or
/// copied for those that write. They lie in the process's scratch folder.
enum SharedDatabase {
  /// Bytes of scratch space that an experiment needs.
  static let needed = 96 << 20

  private struct State: Sendable {
    var folder: ScratchFolder?
    var paths: [String: String] = [:]
    var copies = 0
  }

  private static let state = Mutex(State())

  /// A connection to one that all share.
  /// - Parameters:
  ///   - name: of its contents.
  ///   - fill: makes them, where nobody in this process has.
  static func opened(
    _ name: String, fill: (SQLiteDatabase) throws -> Void
  ) throws -> SQLiteDatabase {
    try SQLiteDatabase(.file(try path(name, fill: fill)), SQLiteSettings(cacheBytes: 32 << 20))
  }

  /// A connection to a copy of one's own, on which nothing waits for the device.
  static func copied(
    _ name: String, fill: (SQLiteDatabase) throws -> Void
  ) throws -> SQLiteDatabase {
    let source = try path(name, fill: fill)
    let target = try state.withLock { state throws -> String in
      state.copies += 1
      return try Self.folder(&state).file("copy-\(state.copies).db")
    }
    try FileTree.copy(source, to: target)
    return try SQLiteDatabase(
      .file(target), SQLiteSettings(cacheBytes: 32 << 20, journal: .memory, synchronous: .off))
  }

  private static func path(_ name: String, fill: (SQLiteDatabase) throws -> Void) throws -> String {
    try state.withLock { state throws -> String in
      if let path = state.paths[name] { return path }
      let path = try Self.folder(&state).file("shared-\(state.paths.count).db")
      let database = try SQLiteDatabase(.file(path), .building)
      try fill(database)
      try database.execute("ANALYZE")
      state.paths[name] = path
      return path
    }
  }

  private static func folder(_ state: inout State) throws -> ScratchFolder {
    let folder = try state.folder ?? ScratchFolder(bytes: needed)
    state.folder = folder
    return folder
  }
}

/// A query that is run for each of its parameters.
final class Queries {
  let database: SQLiteDatabase
  let report: [String: Counter]
  private let statement: SQLiteStatement
  private let parameters: [[Int]]
  private let columns: Int

  /// - Parameters:
  ///   - parameters: of each execution.
  ///   - columns: integers of a row, which are digested.
  init(
    _ sql: String, on database: SQLiteDatabase, _ parameters: [[Int]], columns: Int,
    report: [String: Counter] = [:]
  ) throws {
    self.database = database
    self.report = report
    self.parameters = parameters
    self.columns = columns
    statement = try database.prepare(sql)
    _ = try digest()
  }

  /// Runs all.
  /// - Returns: a digest of the rows in any order.
  @inline(never)
  func digest() throws -> UInt64 {
    var digest: UInt64 = 0
    for values in parameters {
      for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
      while try statement.step() {
        var row: UInt64 = 0
        for column in 0..<columns {
          row =
            (row ^ UInt64(truncatingIfNeeded: statement.integer(column)))
            &* 0x9e37_79b9_7f4a_7c15
        }
        digest &+= row ^ (row >> 29)
      }
      statement.reset()
    }
    return digest
  }
}
