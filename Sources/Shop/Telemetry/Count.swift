/// What the Shop counts, in all and for each request. Names are those of its metrics.
public enum Count: Int, CaseIterable, Sendable {
  case queries, rows, scannedRows, parsedStatements, commits, databaseNanoseconds
  case openedDatabases, poolWaits, poolWaitNanoseconds, poolTimeouts
  case cacheHits, cacheMisses, computations
  case catalogueCalls, payments, paymentAttempts, paymentTimeouts
  case bodyBytes, retainedBytes, rejectedRequests
  case acceptedConnections, logFlushes

  /// As OpenMetrics calls it, without `_total`, and what it says.
  var metric: (name: String, help: String) {
    switch self {
    case .queries: ("shop_database_queries", "Queries that were run")
    case .rows: ("shop_database_rows", "Rows that queries returned")
    case .scannedRows: ("shop_database_scanned_rows", "Rows passed in scans without an index")
    case .parsedStatements: ("shop_database_parsed_statements", "Statements parsed and planned")
    case .commits: ("shop_database_commits", "Transactions that were committed")
    case .databaseNanoseconds: ("shop_database_seconds", "Time in the database")
    case .openedDatabases: ("shop_database_connections_opened", "Database connections opened")
    case .poolWaits: ("shop_pool_waits", "Requests that found no database connection free")
    case .poolWaitNanoseconds: ("shop_pool_wait_seconds", "Time waited for a connection")
    case .poolTimeouts: ("shop_pool_timeouts", "Requests that got no connection in time")
    case .cacheHits: ("shop_cache_hits", "Look-ups that the cache answered")
    case .cacheMisses: ("shop_cache_misses", "Look-ups that it did not answer")
    case .computations: ("shop_cache_computations", "Values computed for the cache")
    case .catalogueCalls: ("shop_catalogue_calls", "Calls of the catalogue by other modules")
    case .payments: ("shop_payments", "Payments that were asked for")
    case .paymentAttempts: ("shop_payment_attempts", "Calls of the payment provider")
    case .paymentTimeouts: ("shop_payment_timeouts", "Calls of it that were given up")
    case .bodyBytes: ("shop_response_bytes", "Bytes of the bodies of responses")
    case .retainedBytes: ("shop_retained_bytes", "Bytes that requests left in memory")
    case .rejectedRequests: ("shop_rejected_requests", "Requests that found the queue full")
    case .acceptedConnections: ("shop_connections_accepted", "Connections that were accepted")
    case .logFlushes: ("shop_log_flushes", "Times that the access log was flushed to the device")
    }
  }

  var isTime: Bool { self == .databaseNanoseconds || self == .poolWaitNanoseconds }
}

/// A number for each `Count`.
public struct Counts: Sendable, Equatable {
  private var values = [Int](repeating: 0, count: Count.allCases.count)

  /// None of anything.
  public init() {}

  /// So many of it.
  public subscript(_ count: Count) -> Int {
    get { values[count.rawValue] }
    set { values[count.rawValue] = newValue }
  }

  static func += (sum: inout Counts, other: Counts) {
    for index in sum.values.indices { sum.values[index] += other.values[index] }
  }

  /// What was counted from `earlier` to `later`.
  public static func - (later: Counts, earlier: Counts) -> Counts {
    var difference = later
    for index in difference.values.indices { difference.values[index] -= earlier.values[index] }
    return difference
  }
}
