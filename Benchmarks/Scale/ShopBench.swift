import Harness
import Platform
import Results
import Shop
import Systems

/// A Shop on the second of the point's processors, and visitors without think time on the first, who
/// saturate it. The time per request is then the inverse of the Shop's capacity.
final class ShopBench {
  let shop: Shop
  var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  let exchange: Exchange
  private let users: Int
  /// Of a call.
  private let requests: Int
  /// Addresses that are asked for in turn.
  let paths: Int

  var databasePath: String { folder.file("shop.db") }
  /// Of database and images.
  var files: String { folder.path }

  /// Bytes of scratch that a Shop needs.
  static let needed = 64 << 20

  /// - Parameters:
  ///   - paths: what is asked for, in turn.
  ///   - users: each of whom waits for a response before the next request.
  ///   - requests: of a call.
  convenience init(
    _ point: Point, _ paths: [String], users: Int = visitors, requests: Int = ShopBench.requests,
    _ change: (inout ShopSettings) -> Void = { _ in }
  ) throws {
    try self.init(
      point, users: users, requests: requests, asking: { _ in PathsProtocol(paths) }, change)
  }

  /// - Parameter asking: what is asked for, once the Shop is open.
  init(
    _ point: Point, users: Int, requests: Int = ShopBench.requests,
    asking: (Shop) throws -> PathsProtocol,
    _ change: (inout ShopSettings) -> Void
  ) throws {
    folder = try ScratchFolder(bytes: Self.needed)
    var settings = ShopSettings(folder: folder.path)
    settings.cpus = [point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]]
    settings.isDurable = false
    change(&settings)
    shop = try Shop(settings)
    let wire = try asking(shop)
    exchange = try Exchange([.init(shop.endpoint, connections: users)], wire: wire)
    (self.users, self.requests, paths) = (users, requests, wire.count)
  }

  deinit { shop.stop() }

  /// Users, unless said otherwise.
  static let visitors = 16

  /// Requests of a call; a few where nothing is measured.
  static let requests = isMeasuring ? 1_000 : 20

  /// Whether figures are wanted: not in a build for debugging and not in a smoke run, which must end
  /// well on a machine that is busy otherwise.
  static let isMeasuring: Bool = {
    #if DEBUG
      false
    #else
      !SmokeRun.isThis
    #endif
  }()

  /// - Returns: the digest of all responses.
  @inline(never)
  func serve() -> UInt64 {
    let before = shop.counts
    let processor = ProcessorTimes.now()
    let result = Self.saturate(exchange, users: users, requests: requests)
    let counts = shop.counts - before
    let each = Double(result.answered)
    let used = ProcessorTimes.now() - processor
    report = [
      "processor time per request, Shop": Counter(Double(used.others) / each, unit: .nanoseconds),
      "processor time per request, visitors": Counter(Double(used.own) / each, unit: .nanoseconds),
      "queries per request": Counter(Double(counts[.queries]) / each, unit: .count),
      "rows scanned per request": Counter(Double(counts[.scannedRows]) / each, unit: .count),
      "response (p99)": Counter(Double(result.latency(at: 0.99) ?? 0), unit: .nanoseconds),
    ]
    return result.digest
  }

  /// Users without think time, each of whom waits for a response before the next request. A request
  /// that fails ends the worker.
  static func saturate(
    _ exchange: Exchange, users: Int, requests: Int = ShopBench.requests
  ) -> LoadResult {
    let load = ClosedLoop(users: users, seconds: 60, most: requests, seed: 1)
    let result = orEnd { try load.run(on: exchange) }
    orEnd { if result.failed > 0 { throw Failed(count: result.failed) } }
    return result
  }

  /// Nanoseconds of a request, by the clock.
  func timedServe() -> Double {
    let start = Clock.now()
    _ = serve()
    return Double(Clock.now() - start) / Double(requests)
  }

  /// Processor nanoseconds of the Shop for a request, under the same load.
  func demand() throws -> Double {
    _ = serve()
    let before = ProcessorTimes.now()
    _ = serve()
    return Double((ProcessorTimes.now() - before).others) / Double(requests)
  }

  private struct Failed: Error, CustomStringConvertible {
    let count: Int
    var description: String { "\(count) requests failed" }
  }
}

extension Variant {
  /// A Shop under load.
  /// - Parameters:
  ///   - shows: the function that is `change`.
  ///   - requests: of a call.
  ///   - paths: what is asked for.
  ///   - change: of its settings, at a value of the sweep.
  init(
    shop name: String, isReference: Bool = false, shows: String,
    requests: Int = ShopBench.requests, paths: @escaping @Sendable (Int) -> [String],
    _ change: @escaping @Sendable (inout ShopSettings, Int) -> Void
  ) {
    self.init(
      name, isReference: isReference, shows: [shows],
      prepare: { point in
        try ShopBench(point, paths(point.value), requests: requests) { change(&$0, point.value) }
      },
      report: { $0.report }, run: { $0.serve() })
  }
}

/// Addresses of products, as visitors ask for them.
enum ShopPaths {
  /// All of the small Shop's products, by turns of a step that is no divisor of their number.
  static let products = (0..<1_000).map { "/products/\(1 + $0 * 389 % 1_000)" }
  /// A search for each of some words.
  static let searches = ["lamp", "jade", "oar", "kite", "mug", "vase", "fern", "easel"].map {
    "/search?q=\($0)"
  }
}
