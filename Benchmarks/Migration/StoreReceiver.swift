import Databases
import Glibc
import Harness
import Platform
import Systems

/// The other side: gets a database and then its changes.
final class StoreReceiver: @unchecked Sendable {
  // SAFETY (@unchecked): only its thread uses it.

  /// What a message holds.
  enum Kind: Int {
    /// Bytes that open the connection's window.
    case ignored
    /// A database, in place of the one that was there.
    case file
    /// Numbers, ids and values.
    case changes
    /// The first write at this side.
    case firstRow
  }

  private let file: String
  private let before, after: () throws -> Void
  private var database: SQLiteDatabase?

  /// - Parameters:
  ///   - file: of a database, which may be there from the receiver before.
  ///   - before: what happens before a message changes anything.
  ///   - after: what happens between that and its answer.
  init(
    file: String, before: @escaping () throws -> Void = {}, after: @escaping () throws -> Void = {}
  ) {
    self.file = file
    (self.before, self.after) = (before, after)
  }

  /// Answers each message with the position that it then has, until the connection ends. A message
  /// that is not whole by then changes nothing; nor does one for which there is no room, after which
  /// the connection ends.
  func serve(_ socket: Socket) {
    while true {
      var head = [0, 0]
      let isThere = (try? head.withUnsafeMutableBytes { try socket.receiveAll($0) }) ?? false
      guard isThere, let kind = Kind(rawValue: head[0]) else { return }
      var body = [UInt8](repeating: 0, count: head[1])
      if head[1] > 0 {
        let isWhole = (try? body.withUnsafeMutableBytes { try socket.receiveAll($0) }) ?? false
        guard isWhole else { return }
      }
      guard var position = orEnd({ try applied(kind, body) }) else { return }
      guard (try? withUnsafeBytes(of: &position) { try socket.send($0) }) != nil else { return }
    }
  }

  /// - Returns: nil where there is no room.
  private func applied(_ kind: Kind, _ body: [UInt8]) throws -> Int? {
    do {
      try before()
      let position = try apply(kind, body)
      try after()
      return position
    } catch let error as SQLiteError where error.isFull { return nil } catch let error
      as SystemError where error.errno == ENOSPC
    { return nil }
  }

  private func apply(_ kind: Kind, _ body: [UInt8]) throws -> Int {
    if database == nil, access(file, F_OK) == 0 { database = try MovingStore.opened(file) }
    switch kind {
    case .ignored: return 0
    case .file:
      database = nil
      let (opened, position) = try Self.opened(body, at: file)
      database = opened
      return position
    case .changes: return try apply(body)
    case .firstRow:
      try database?.execute("INSERT OR REPLACE INTO rows VALUES (0, 1, NULL)")
      return 0
    }
  }

  private func apply(_ body: [UInt8]) throws -> Int {
    guard let database else { return 0 }
    let change = try database.prepare("UPDATE rows SET value = ? WHERE id = ?")
    return try database.transaction {
      try body.withUnsafeBytes { bytes in
        let words = bytes.bindMemory(to: Int.self)
        for place in stride(from: 0, to: words.count, by: 3) {
          try change.bind(words[place + 2], at: 1)
          try change.bind(words[place + 1], at: 2)
          try change.run()
        }
        return words[words.count - 3]
      }
    }
  }

  /// Writes a database, opens it and reads its position. Killed meanwhile, it leaves none or all of
  /// it.
  static func opened(
    _ body: [UInt8], at path: String
  ) throws -> (database: SQLiteDatabase, position: Int) {
    try FileTree.write(body, to: "\(path)-new")
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    guard rename("\(path)-new", path) == 0 else {
      throw SystemError(call: "rename to \(path)", errno: errno)
    }
    let database = try MovingStore.opened(path)
    return (database, try database.integer("SELECT coalesce(max(number), 0) FROM changes") ?? 0)
  }

  static func contents(of path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw SystemError(call: "open \(path)", errno: errno) }
    defer { close(file) }
    let size = Int(lseek(file, 0, SEEK_END))
    var bytes = [UInt8](repeating: 0, count: size)
    guard pread(file, &bytes, size, 0) == size else {
      throw SystemError(call: "read \(path)", errno: errno)
    }
    return bytes
  }
}
