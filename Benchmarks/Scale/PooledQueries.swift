import Glibc
import Harness
import Platform
import Results
import Synchronization
import Systems

/// Users of a service whose database is PostgreSQL with its 100 connections, behind PgBouncer: a
/// request is a query, and then a wait for another service. A thread of the service has a connection
/// to PgBouncer for as long as it lives.
final class PooledQueries: @unchecked Sendable {
  // SAFETY (@unchecked): a connection and a list of latencies are used by one thread at a time.

  /// What is needed.
  static let needs: [Requirement] = [
    .program("postgres", package: PostgresServer.package),
    .program("pgbouncer", package: PgBouncer.package),
    .storage(bytes: 2 * PostgresServer.neededBytes),
  ]

  /// Seconds of a request's parts, and of a load.
  struct Times {
    let query, carrier, warmUp, window: Double
  }

  // Both are started once in a process.
  // Only the thread that prepares uses it.
  nonisolated(unsafe) private static var started: (server: PostgresServer, pooler: PgBouncer)?

  private(set) var report: [String: Counter] = [:]
  private let connections: [PostgresConnection]
  /// To the server itself.
  private let direct: PostgresConnection
  private let arrivals: Arrivals
  private let times: Times
  private let cpu: Int

  /// - Parameters:
  ///   - threads: of the service.
  ///   - limit: connections of the pooler to the server.
  ///   - users: who send a request per second each.
  init(_ point: Point, threads: Int, limit: Int, users: Int, _ times: Times) throws {
    (self.times, cpu) = (times, point.cpus[0])
    arrivals = .poisson(
      rate: Double(ShopBench.isMeasuring ? users : users / 20),
      seconds: times.warmUp + times.window, seed: point.seed)
    let (server, pooler) = try Self.servers(
      on: point.cpus.count > 1 ? point.cpus[1] : cpu, limit)
    direct = try server.connect()
    connections = try (0..<threads).map { _ in try pooler.connect() }
  }

  private static func servers(
    on cpu: Int, _ limit: Int
  ) throws -> (server: PostgresServer, pooler: PgBouncer) {
    if let started { return started }
    let both = try Placement.allowing([cpu]) {
      let server = try PostgresServer()
      return (server: server, pooler: try PgBouncer(before: server, connections: limit))
    }
    try both.server.connect().execute(
      "CREATE TABLE pages AS SELECT id, 'page ' || id AS page FROM generate_series(1, 1000) AS id")
    started = both
    return both
  }

  /// Serves requests when they are due; each is taken by the next thread that is free.
  /// - Returns: responses that were not the page.
  func visit() throws -> UInt64 {
    let visit = Visit(arrivals, times)
    let threads = try connections.map { connection in
      // SAFETY: its thread alone uses it until it is joined.
      nonisolated(unsafe) let connection = connection
      return try ServerThread(on: cpu, isJoined: true) { visit.serve(on: connection) }
    }
    for thread in threads { thread.join() }
    let served = visit.latencies.withLock { $0.sorted() }
    let failed = visit.failed.load(ordering: .relaxed)
    let all = Double(max(1, served.count + failed))
    let used = try direct.execute(
      "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    let slowest = served.isEmpty ? 0 : served[Int(0.99 * Double(served.count - 1))]
    report = [
      "served requests": .share(Double(served.count) / all),
      "errors per 1,000 requests": Counter(1_000 * Double(failed) / all, unit: .count),
      "response (p99)": Counter(Double(slowest), unit: .nanoseconds),
      // Without the one that asks.
      "connections of the database": Counter(Double(used.integer(0, 0) - 1), unit: .count),
    ]
    return visit.wrong.load(ordering: .relaxed)
  }

  /// What the threads of a call share.
  private final class Visit: Sendable {
    /// Nanoseconds of requests that were served after the warm-up.
    let latencies = Mutex<[Int]>([])
    /// Requests after the warm-up that were not.
    let failed = Atomic(0)
    /// Responses that were not the page.
    let wrong = Atomic<UInt64>(0)
    private let next = Atomic(0)
    private let arrivals: Arrivals
    private let times: Times
    /// Leaves time to start the threads.
    private let begin = Clock.now() + 20_000_000

    init(_ arrivals: Arrivals, _ times: Times) { (self.arrivals, self.times) = (arrivals, times) }

    func serve(on connection: PostgresConnection) {
      ServerThread.sleepExactly()
      while true {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number < arrivals.times.count else { return }
        let due = begin + arrivals.times[number]
        let now = Clock.now()
        if due > now { usleep(UInt32((due - now) / 1_000)) }
        let page = query(on: connection)
        if let page, page != "page 17" { wrong.wrappingAdd(1, ordering: .relaxed) }
        usleep(UInt32(times.carrier * 1e6))
        let latency = Int(Clock.now() - due)
        guard arrivals.times[number] >= UInt64(times.warmUp * 1e9) else { continue }
        if page == nil {
          failed.wrappingAdd(1, ordering: .relaxed)
        } else {
          latencies.withLock { $0.append(latency) }
        }
      }
    }

    /// Nil where the database refuses.
    private func query(on connection: PostgresConnection) -> String? {
      let sql = "SELECT page, pg_sleep(\(times.query)) FROM pages WHERE id = 17"
      return try? connection.execute(sql).text(0, 0)
    }
  }
}
