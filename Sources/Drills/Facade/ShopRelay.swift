import Databases
import Glibc
import Platform
import Synchronization
import Systems

/// Carries what a Shop's outbox names to its followers: the rows as they are by then, so that one
/// which comes twice does no harm. It is deleted from the outbox when all followers have it.
public final class ShopRelay: Sendable {
  private final class State: Sendable {
    let isStopped = Atomic(false)
    let failure = Mutex<(any Error)?>(nil)
  }

  /// Nanoseconds for what is left in the outbox when it is to end.
  private static let patience: UInt64 = 10_000_000_000

  private let state: State
  private let thread: ServerThread

  /// Starts its thread.
  /// - Parameters:
  ///   - source: a folder with an outbox.
  ///   - targets: folders of followers.
  ///   - interval: microseconds from one look to the next.
  ///   - cpu: of its thread.
  /// - Throws: `SQLiteError`, `SystemError`.
  public init(
    from source: String, to targets: [String], every interval: UInt32 = 2_000, cpu: Int
  ) throws {
    // There they must be before anything is entered.
    _ = try RelayPass(from: source, to: targets)
    let state = State()
    self.state = state
    thread = try ServerThread(on: cpu, isJoined: true) {
      do {
        let pass = try RelayPass(from: source, to: targets)
        while !state.isStopped.load(ordering: .acquiring) {
          if try pass.run() == 0 { usleep(interval) }
        }
        let end = Clock.now() + Self.patience
        while try pass.run() > 0 { guard Clock.now() < end else { throw NeverEmpty() } }
      } catch { state.failure.withLock { $0 = error } }
    }
  }

  deinit { state.isStopped.store(true, ordering: .releasing) }

  /// More is entered all the time than is carried.
  private struct NeverEmpty: Error, CustomStringConvertible {
    var description: String { "the outbox is not empty after ten seconds" }
  }

  /// Ends it when the outbox is empty.
  /// - Throws: why it ended before; also where that takes ten seconds.
  public func stop() throws {
    state.isStopped.store(true, ordering: .releasing)
    thread.join()
    if let failure = state.failure.withLock({ $0 }) { throw failure }
  }
}

/// One look into an outbox. For one thread.
final class RelayPass {
  /// Entries that are carried together.
  private static let most = 200

  private let source: SQLiteDatabase
  private let pending, order, lines, payment, stock: SQLiteStatement
  private let followers: [Follower]

  init(from source: String, to targets: [String]) throws {
    self.source = try ShopData.opened(source)
    pending = try self.source.prepare(
      "SELECT number, kind, id FROM outbox ORDER BY number LIMIT \(Self.most)")
    order = try self.source.prepare("SELECT key, session, state, total FROM orders WHERE id = ?")
    lines = try self.source.prepare("SELECT product, quantity, price FROM lines WHERE orderid = ?")
    payment = try self.source.prepare("SELECT amount, reference FROM payments WHERE orderid = ?")
    stock = try self.source.prepare("SELECT stock FROM products WHERE id = ?")
    followers = try targets.map { try Follower($0) }
  }

  /// Carries what there is.
  /// - Returns: how many entries there were.
  func run() throws -> Int {
    var (last, count) = (0, 0)
    var (orders, products): (Set<Int>, Set<Int>) = ([], [])
    var carried: [CarriedOrder] = []
    var stocks: [[Int]] = []
    try source.transaction {
      while try pending.step() {
        (last, count) = (pending.integer(0), count + 1)
        if pending.integer(1) == 0 {
          orders.insert(pending.integer(2))
        } else {
          products.insert(pending.integer(2))
        }
      }
      pending.reset()
      for id in orders.sorted() { if let order = try read(id) { carried.append(order) } }
      for id in products.sorted() {
        try stock.bind(id, at: 1)
        if try stock.step() { stocks.append([stock.integer(0), id]) }
        stock.reset()
      }
    }
    guard count > 0 else { return 0 }
    for follower in followers { try follower.apply(carried, stocks) }
    try ShopData.writing(source) {
      try source.execute("DELETE FROM outbox WHERE number <= \(last)")
    }
    return count
  }

  private func read(_ id: Int) throws -> CarriedOrder? {
    for statement in [order, lines, payment] { try statement.bind(id, at: 1) }
    defer { for statement in [order, lines, payment] { statement.reset() } }
    guard try order.step() else { return nil }
    var carried = CarriedOrder(
      id: id, key: order.text(0), session: order.integer(1), state: order.text(2),
      total: order.integer(3))
    while try lines.step() {
      carried.lines.append([id, lines.integer(0), lines.integer(1), lines.integer(2)])
    }
    if try payment.step() { carried.payment = (payment.integer(0), payment.text(1)) }
    return carried
  }
}

/// An order with all that belongs to it.
struct CarriedOrder {
  let id: Int
  let key: String
  let session: Int
  let state: String
  let total: Int
  var lines: [[Int]] = []
  var payment: (amount: Int, reference: String)?
}

/// A database that follows another one.
private final class Follower {
  private let database: SQLiteDatabase
  private let order, noLines, line, payment, stock: SQLiteStatement

  init(_ folder: String) throws {
    database = try ShopData.opened(folder)
    order = try database.prepare("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?)")
    noLines = try database.prepare("DELETE FROM lines WHERE orderid = ?")
    line = try database.prepare("INSERT INTO lines VALUES (?, ?, ?, ?)")
    payment = try database.prepare("INSERT OR REPLACE INTO payments VALUES (?, ?, ?)")
    stock = try database.prepare("UPDATE products SET stock = ? WHERE id = ?")
  }

  func apply(_ orders: [CarriedOrder], _ stocks: [[Int]]) throws {
    try ShopData.writing(database) {
      for carried in orders {
        try order.bind(carried.id, at: 1)
        try order.bind(carried.key, at: 2)
        try order.bind(carried.session, at: 3)
        try order.bind(carried.state, at: 4)
        try order.bind(carried.total, at: 5)
        try order.run()
        try ShopData.run(noLines, [carried.id])
        for values in carried.lines { try ShopData.run(line, values) }
        guard let paid = carried.payment else { continue }
        try payment.bind(carried.id, at: 1)
        try payment.bind(paid.amount, at: 2)
        try payment.bind(paid.reference, at: 3)
        try payment.run()
      }
      for values in stocks { try ShopData.run(stock, values) }
    }
  }
}
