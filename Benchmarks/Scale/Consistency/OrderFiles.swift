import Databases
import Glibc
import Platform
import Results
import Statistics

/// Orders in a database, and what a broker knows of them, in another file. A copy of this process
/// that writes both is killed, and then they are compared.
enum OrderFiles {
  /// Copies that are killed in a process.
  static let kills = 12

  /// One service's way to write an order and its event.
  typealias Write = @Sendable (Stores, _ order: Int, _ did: () -> Void) throws -> Void

  /// The two files.
  final class Stores {
    /// Names of the files.
    static let names = ["orders.db", "broker.db"]

    private let orders, broker: SQLiteDatabase
    private let insert, insertWithEvent, publish, published: SQLiteStatement

    /// - Parameter flushes: at each commit, instead of now and then.
    init(in folder: String, flushes: Bool) throws {
      var settings = SQLiteSettings(journal: .wal, synchronous: flushes ? .full : .normal)
      settings.patience = 10
      orders = try SQLiteDatabase(.file("\(folder)/\(Self.names[0])"), settings)
      broker = try SQLiteDatabase(.file("\(folder)/\(Self.names[1])"), settings)
      try orders.execute(
        """
        CREATE TABLE IF NOT EXISTS orders(id INTEGER PRIMARY KEY);
        CREATE TABLE IF NOT EXISTS outbox(id INTEGER PRIMARY KEY);
        """)
      try broker.execute("CREATE TABLE IF NOT EXISTS events(id INTEGER)")
      insert = try orders.prepare("INSERT INTO orders VALUES(?)")
      insertWithEvent = try orders.prepare("INSERT INTO outbox VALUES(?)")
      publish = try broker.prepare("INSERT INTO events VALUES(?)")
      published = try orders.prepare("DELETE FROM outbox WHERE id = ?")
    }

    func commit(_ order: Int) throws { try run(insert, order) }

    func publish(_ order: Int) throws { try run(publish, order) }

    /// The order and the event that is to be published, in one transaction.
    func commitWithEvent(_ order: Int) throws {
      try orders.transaction {
        try run(insert, order)
        try run(insertWithEvent, order)
      }
    }

    /// What is in the outbox goes to the broker, and then leaves it.
    func relay(_ did: () -> Void = {}) throws {
      for order in try rows("SELECT id FROM outbox", of: orders) {
        try publish(order)
        did()
        try run(published, order)
      }
    }

    private func run(_ statement: SQLiteStatement, _ order: Int) throws {
      try statement.bind(order, at: 1)
      try statement.run()
    }

    private func rows(_ sql: String, of database: SQLiteDatabase) throws -> [Int] {
      let statement = try database.prepare(sql)
      var found: [Int] = []
      while try statement.step() { found.append(statement.integer(0)) }
      return found
    }

    /// Orders without an event, events without an order, and events that came twice.
    func difference() throws -> (lost: Int, invented: Int, doubled: Int) {
      let known = Set(try rows("SELECT id FROM orders", of: orders))
      let events = try rows("SELECT id FROM events", of: broker)
      let said = Set(events)
      return (
        known.subtracting(said).count, said.subtracting(known).count, events.count - said.count
      )
    }
  }

  /// The share of kills after which both files agree, and what differed in all of them.
  static func survey(
    seed: UInt64, flushes: Bool, _ write: @escaping Write, after: (Stores) throws -> Void
  ) throws -> [String: Counter] {
    var random = SeededGenerator(seed: seed)
    var (agreed, lost, invented, doubled) = (0, 0, 0, 0)
    // Made once: each copy begins with files like them.
    let empty = try ScratchFolder(bytes: 8 << 20)
    _ = try Stores(in: empty.path, flushes: flushes)
    for _ in 0..<kills {
      let folder = try ScratchFolder(bytes: 8 << 20)
      for name in Stores.names { try FileTree.copy(empty.file(name), to: folder.file(name)) }
      let steps = Int.random(in: 3..<25, using: &random)
      _ = try KilledCopy.run(until: steps) { acknowledge in
        let stores = try Stores(in: folder.path, flushes: flushes)
        var done = 0
        for order in 0... {
          try write(stores, order) {
            done += 1
            acknowledge(done)
          }
        }
      }
      let stores = try Stores(in: folder.path, flushes: flushes)
      try after(stores)
      let found = try stores.difference()
      if found.lost + found.invented == 0 { agreed += 1 }
      lost += found.lost
      invented += found.invented
      doubled += found.doubled
    }
    func each(_ count: Int) -> Counter { Counter(Double(count) / Double(kills), unit: .count) }
    return [
      "kills without a difference": Counter(100 * Double(agreed) / Double(kills), unit: .share),
      "lost events per kill": each(lost), "invented events per kill": each(invented),
      "doubled events per kill": each(doubled),
    ]
  }
}
