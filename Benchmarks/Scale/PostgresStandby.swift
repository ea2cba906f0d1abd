import Glibc
import Harness
import Platform
import Results
import Statistics
import Systems

/// A PostgreSQL server that takes orders, and a standby that its log is streamed to. The sessions are
/// on the first of the point's processors, both servers on the second.
final class PostgresStandby: @unchecked Sendable {
  // SAFETY (@unchecked): the servers are set before the threads start, and a session is used by one
  // thread at a time.

  /// What is needed.
  static let needs: [Requirement] = [
    .program("postgres", package: PostgresServer.package),
    .storage(bytes: 3 * PostgresServer.neededBytes),
  ]
  private static let sessions = 8

  private(set) var report: [String: Counter] = [:]
  private let cpus: (sessions: Int, servers: Int)
  private let waitsForStandby: Bool
  private var random: SeededGenerator
  private var primary, standby: PostgresServer?

  /// - Parameter waitsForStandby: whether a commit is acknowledged only when the standby has it on
  ///   its disk too.
  init(_ point: Point, waitsForStandby: Bool) {
    cpus = (point.cpus[0], point.cpus.count > 1 ? point.cpus[1] : point.cpus[0])
    self.waitsForStandby = waitsForStandby
    random = point.generator()
  }

  /// Starts both, with an empty table of orders, in the place of those that there were.
  func start() throws {
    (primary, standby) = (nil, nil)
    (primary, standby) = try Placement.allowing([cpus.servers]) {
      let primary = try PostgresServer(waitsForStandby: waitsForStandby)
      // There is no standby yet that the commit could wait for.
      try primary.connect().execute(
        "SET synchronous_commit = local; CREATE TABLE orders(id int PRIMARY KEY)")
      return (primary, try PostgresServer(standbyOf: primary))
    }
  }

  /// A time in 0 ..< `seconds`, in microseconds.
  func phase(of seconds: Double) -> UInt32 {
    UInt32(seconds * 1e6 * Double.random(in: 0..<1, using: &random))
  }

  /// Ends all processes of the primary as `kill -9` does.
  func kill() throws { try primary?.kill() }

  /// Has the standby take writes.
  func promote() throws { try standby?.promote() }

  /// A check of the primary on a connection that stays open: whether it answers.
  func check() throws -> () -> Bool {
    let connection = try primary?.connect()
    return { (try? connection?.execute("SELECT 1")) != nil }
  }

  /// Has orders come at a constant rate while the threads do what they do, then looks for every order
  /// that was acknowledged at the standby.
  /// - Parameters:
  ///   - rate: orders per second.
  ///   - kill: ends the primary at some time.
  ///   - replace: returns when the standby takes writes.
  /// - Returns: orders that are lost though their commits waited for the standby.
  func serve(
    rate: Double, seconds: Double, kill: @escaping @Sendable (PostgresStandby) throws -> Void,
    replace: @escaping @Sendable (PostgresStandby) throws -> Void
  ) throws -> UInt64 {
    guard let primary, let standby else { return 1 }
    let orders = PostgresOrders(
      .constant(rate: ShopBench.isMeasuring ? rate : rate / 20, seconds: seconds))
    let sessions = try (0..<Self.sessions).map { _ in
      try PostgresOrders.Session(of: primary, thenOf: standby)
    }
    let killer = try ServerThread(on: cpus.servers, isJoined: true) { [self] in
      orEnd { try kill(self) }
    }
    let replacer = try ServerThread(on: cpus.servers, isJoined: true) { [self] in
      orEnd { try replace(self) }
      orders.goOn()
    }
    let writers = try sessions.map { session in
      // SAFETY: its thread alone uses it until it is joined.
      nonisolated(unsafe) let session = session
      return try ServerThread(on: cpus.sessions, isJoined: true) {
        orEnd { try orders.write(in: session) }
      }
    }
    for thread in [killer, replacer] + writers { thread.join() }
    let kept = try standby.connect().execute("SELECT id FROM orders")
    let found = Set((0..<kept.count).map { kept.integer($0, 0) })
    let lost: Int
    (report, lost) = orders.report(found: found)
    return waitsForStandby ? UInt64(lost) : 0
  }

  /// Nanoseconds from the decision to promote to the first commit at the standby.
  func promotionTime() throws -> Double {
    try start()
    guard let primary, let standby else { return 0 }
    let session = try PostgresOrders.Session(of: primary, thenOf: standby)
    try kill()
    // The standby notices before anybody else does.
    usleep(10_000)
    let start = Clock.now()
    try promote()
    try session.write(0, isMoved: true)
    return Double(Clock.now() - start)
  }
}
