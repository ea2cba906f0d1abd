import Glibc
import Harness
import Platform
import Results
import Shop
import Synchronization
import Systems

/// A Shop that is replaced under a constant load, the visitors being on the first of the point's
/// processors and both Shops on the second.
final class Deployment: @unchecked Sendable {
  // SAFETY (@unchecked): the thread that deploys uses the Shops while the generator waits for it to
  // end before it uses them.
  private(set) var shop: Shop
  /// The port's, which listens as long as this lives; nil until it is handed over for the first time.
  private(set) var socket: Socket?
  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let rate: Double
  private let exchange: Exchange
  private var settings: ShopSettings

  /// That a Shop which stops leaves connections without a request open.
  static let idleSeconds = 0.005
  private static let (lead, window) = (0.03, 0.12)  // seconds

  init(_ point: Point, handsOver: Bool = false) throws {
    folder = try ScratchFolder(bytes: ShopBench.needed)
    settings = ShopSettings(folder: folder.path)
    settings.cpus = [point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]]
    (settings.isDurable, settings.cancelsUnpaidOrders) = (false, false)
    settings.idleSeconds = Self.idleSeconds
    rate = Double(point.value)
    if handsOver { socket = try Socket.listening(backlog: 4_096) }
    shop = try Shop(settings, listening: socket)
    settings.port = shop.endpoint.port
    exchange = try Exchange(
      [.init(shop.endpoint, connections: 64)], wire: PathsProtocol(["/products/17"]))
  }

  deinit { shop.stop() }

  /// Opens a Shop in place of the present one.
  func open(listening socket: Socket? = nil) throws {
    shop = try Shop(settings, listening: socket)
  }

  /// Nanoseconds of opening a Shop on data that are there, and of closing it.
  func times() throws -> (opening: Double, closing: Double) {
    var other = settings
    other.port = 0
    let start = Clock.now()
    let second = try Shop(other)
    let opened = Clock.now()
    second.stop()
    return (Double(opened - start), Double(Clock.now() - opened))
  }

  /// Deploys in the middle of a load.
  /// - Returns: 0 where every response is the same.
  func serve(while deploy: @escaping @Sendable (Deployment) throws -> Void) -> UInt64 {
    let policy = Watching()
    let isDone = Flag()
    orEnd {
      try ServerThread(on: settings.cpus?.first) { [self] in
        usleep(UInt32(Self.lead * 1e6))
        orEnd { try deploy(self) }
        isDone.set()
      }
    }
    let arrivals = Arrivals.constant(rate: rate, seconds: SmokeRun.isThis ? 0.06 : Self.window)
    let result = orEnd {
      try OpenLoop(arrivals, tolerance: .infinity).run(on: exchange, by: policy)
    }
    while !isDone.isSet { usleep(200) }
    report = [
      "longest gap": Counter(Double(policy.longestGap), unit: .nanoseconds),
      "failed requests": Counter(Double(result.failed), unit: .count),
    ]
    return policy.differing
  }
}

/// Set by one thread and seen by another.
final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}

/// Sends each request once, on a connection that is opened again where it was closed, and watches
/// the responses.
private final class Watching: LoadPolicy {
  private(set) var longestGap: UInt64 = 0
  /// Responses that are not like the first.
  private(set) var differing: UInt64 = 0
  private var last: UInt64 = 0
  private var expected: UInt64?

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    guard try exchange.sendReconnecting(request) else { return exchange.finish(request, nil) }
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    exchange.finish(attempt.request, answer)
    guard let answer else { return }
    let now = exchange.now
    if last > 0 { longestGap = max(longestGap, now - last) }
    last = now
    if answer.digest != expected ?? answer.digest { differing += 1 }
    expected = answer.digest
  }
}
