import Databases
import Glibc
import Platform
import Synchronization

/// The databases of a worker process: orders filled in once for each seed and size, then copied for
/// each set of indexes. They lie in the process's scratch folder.
enum OrdersFiles {
  /// What a file holds beside the orders.
  struct Contents: Hashable, Sendable {
    /// The rows.
    let sample: SampleOrders
    /// `CREATE INDEX` and other statements, run once.
    var statements: [String] = []
  }

  /// Bytes of scratch space that an experiment needs.
  static let needed = 64 << 20

  private struct State: Sendable {
    var folder: ScratchFolder?
    var files: [Contents: String] = [:]
    var copies = 0
  }

  private static let state = Mutex(State())

  /// A database with these contents, which its users only read.
  static func shared(_ contents: Contents) throws -> String {
    try state.withLock { state throws -> String in try Self.shared(contents, &state) }
  }

  /// A copy of one's own.
  static func own(_ contents: Contents) throws -> String {
    try state.withLock { state throws -> String in
      try Self.copy(of: try Self.shared(contents, &state), &state)
    }
  }

  private static func shared(_ contents: Contents, _ state: inout State) throws -> String {
    if let path = state.files[contents] { return path }
    let path: String
    if contents.statements.isEmpty {
      path = try Self.path(&state)
      let database = try SQLiteDatabase(.file(path), .building)
      try contents.sample.fill(database)
    } else {
      let bare = try Self.shared(Contents(sample: contents.sample), &state)
      path = try Self.copy(of: bare, &state)
      let database = try SQLiteDatabase(.file(path), .building)
      try database.transaction { for sql in contents.statements { try database.execute(sql) } }
    }
    state.files[contents] = path
    return path
  }

  private static func path(_ state: inout State) throws -> String {
    let folder = try state.folder ?? ScratchFolder(bytes: needed)
    state.folder = folder
    state.copies += 1
    return folder.file("orders-\(state.copies).db")
  }

  private static func copy(of source: String, _ state: inout State) throws -> String {
    let target = try path(&state)
    try FileTree.copy(source, to: target)
    return target
  }
}
