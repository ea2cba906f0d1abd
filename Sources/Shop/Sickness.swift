/// A known fault that can be planted in the Shop: ground truth for diagnosis, drills and alerts.
///
/// Each is a switch of its own, does what its name says and nothing else, and shows in a count: of
/// queries, waits, bytes, flushes. Times follow from the counts.
public enum Sickness: String, CaseIterable, Sendable, Hashable {
  case missingIndex = "missing-index"
  case queriesPerRow = "n-plus-one"
  case smallPool = "pool-too-small"
  case leakingPool = "pool-leak"
  case checkoutLock = "checkout-lock"
  case synchronousLog = "synchronous-log"
  case memoryLeak = "memory-leak"
  case chattyCalls = "chatty-calls"
  case cacheStampede = "cache-stampede"
  case hotRow = "hot-row"
  case slowDependency = "slow-dependency"
  case retryStorm = "retry-storm"
  case oversizedResponses = "oversized-responses"
  case connectionPerRequest = "connection-per-request"
  case noKeepAlive = "no-keep-alive"
  case missingPagination = "missing-pagination"
  case unpreparedStatements = "unprepared-statements"
  case unboundedQueue = "unbounded-queue"

  /// What is wrong, in one line.
  public var fault: String {
    switch self {
    case .missingIndex: "the search's table of words has no index"
    case .queriesPerRow: "a list reads its products one query each"
    case .smallPool: "the pool has a single database connection for reading"
    case .leakingPool: "a request that fails does not return its database connection"
    case .checkoutLock: "a lock is held through the whole checkout, payment included"
    case .synchronousLog: "each line of the access log is written and flushed to the device"
    case .memoryLeak: "every request leaves 4 KiB in a list that nobody empties"
    case .chattyCalls: "the cart asks the catalogue for name, price and stock one by one"
    case .cacheStampede: "entries of the cache expire together, and every miss computes"
    case .hotRow: "each view of a product updates its row in the database"
    case .slowDependency: "the payment provider hangs, and no time-out ends the wait"
    case .retryStorm: "the payment provider fails, and each payment is tried ten times"
    case .oversizedResponses: "a product page has all that is known of all that is related"
    case .connectionPerRequest: "each request opens a database connection of its own"
    case .noKeepAlive: "the server closes the connection after each response"
    case .missingPagination: "a search returns all that it finds"
    case .unpreparedStatements: "each query is parsed and planned anew"
    case .unboundedQueue: "requests wait without a limit in place of being rejected"
    }
  }

  /// The count that shows it, in one line.
  public var symptom: String {
    switch self {
    case .missingIndex: "rows scanned per search"
    case .queriesPerRow: "queries per search"
    case .smallPool: "threads that wait for a connection"
    case .leakingPool: "connections in use while nothing is served"
    case .checkoutLock: "payments under way at once: never more than one"
    case .synchronousLog: "flushes of the log per request"
    case .memoryLeak: "bytes retained per request"
    case .chattyCalls: "calls of the catalogue per view of a cart"
    case .cacheStampede: "computations per expired entry"
    case .hotRow: "commits per view of a product"
    case .slowDependency: "workers that are busy while nothing is answered"
    case .retryStorm: "attempts per payment"
    case .oversizedResponses: "bytes per product page"
    case .connectionPerRequest: "database connections opened per request"
    case .noKeepAlive: "connections accepted per request"
    case .missingPagination: "bytes and rows per search"
    case .unpreparedStatements: "statements parsed per query"
    case .unboundedQueue: "requests in the queue"
    }
  }
}
