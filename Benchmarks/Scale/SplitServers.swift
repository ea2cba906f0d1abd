import Glibc
import Harness
import Platform
import Statistics
import Systems
import Techniques

/// An application on one processor, which is its host, and a PostgreSQL server on the same one or on
/// the other. Each user is a thread of the application with a connection of its own.
final class SplitServers: @unchecked Sendable {
  // SAFETY (@unchecked): a connection is used by one thread at a time, the rest does not change.

  /// Queries of a request, and requests of each user in a call.
  static let (queries, each) = (4, 16)
  /// Microseconds of the way to another host and back.
  static let roundTrip: UInt32 = 500
  /// What the variants need.
  static let needs: [Requirement] = [
    .cores(2), .program("postgres", package: PostgresServer.package),
    .storage(bytes: PostgresServer.neededBytes),
  ]

  // A process starts one server, each of whose connections has a processor.
  // Only the thread that prepares uses it.
  nonisolated(unsafe) private static var server: PostgresServer?

  private let connections: [PostgresConnection]
  private let cpu: Int
  private let isApart: Bool

  /// - Parameter isApart: whether the server has a host of its own.
  init(_ point: Point, users: Int, isApart: Bool) throws {
    self.isApart = isApart
    cpu = point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]
    let server = try Self.started()
    let place = isApart ? point.cpus[0] : cpu
    connections = try (0..<users).map { _ in
      let connection = try server.connect()
      try connection.serve(on: place)
      try connection.prepare("sum", "SELECT sum(value) FROM goods WHERE id > $1")
      return connection
    }
  }

  private static func started() throws -> PostgresServer {
    if let server { return server }
    let started = try PostgresServer()
    try started.connect().execute(
      """
      CREATE TABLE goods AS
        SELECT id, id * 7919 % 1000 AS value FROM generate_series(1, 1000) AS id;
      ANALYZE goods
      """)
    server = started
    return started
  }

  /// All users send their requests, one after the other.
  /// - Returns: the sum of what was read.
  func serve() throws -> UInt64 {
    let sums = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: connections.count)
    defer { sums.deallocate() }
    // SAFETY: each thread has an element of its own, and has ended before it is read.
    nonisolated(unsafe) let found = sums
    let users = try connections.indices.map { user in
      try ServerThread(on: cpu, isJoined: true) { [self] in
        ServerThread.sleepExactly()
        found[user] = orEnd { try request(Self.each, connections[user]) }
      }
    }
    for user in users { user.join() }
    return sums.reduce(0, &+)
  }

  /// So many requests of a user.
  private func request(_ count: Int, _ connection: PostgresConnection) throws -> UInt64 {
    var sum: UInt64 = 0
    for _ in 0..<count {
      for query in 0..<Self.queries {
        sum &+= UInt64(try connection.run("sum", [query]).integer(0, 0))
        if isApart { usleep(Self.roundTrip) }
      }
      sum &+= Self.page(sum) & 1
    }
    return sum
  }

  /// The application's own work.
  @inline(never)
  private static func page(_ seed: UInt64) -> UInt64 {
    var digest = seed
    for _ in 0..<60_000 { digest = mixedHash(digest) }
    return digest
  }

  /// Nanoseconds of a request of a single user: of the whole, and of the application alone.
  func demand() throws -> (whole: Double, application: Double) {
    try Placement.allowing([cpu]) {
      ServerThread.sleepExactly()
      _ = try request(Self.each, connections[0])
      let (start, before) = (Clock.now(), ProcessorTimes.ofThread())
      _ = try request(Self.each, connections[0])
      let count = Double(Self.each)
      return (
        Double(Clock.now() - start) / count, Double(ProcessorTimes.ofThread() - before) / count
      )
    }
  }
}
