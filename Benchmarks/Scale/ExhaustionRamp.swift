import Harness
import Results
import Shop
import Systems

/// A load that rises through the capacity of a Shop's database connections, something that watches
/// the Shop's counts, and a second Shop that takes half of the requests when it has been called.
final class ExhaustionRamp {
  /// Seconds: of the ramp, of a query, until a request without a connection fails, and of the wait
  /// that alerts; what counts as served in time; and between two looks at the counts.
  static let (length, query, patience, threshold) = (0.2, 0.001, 0.02, 0.003)
  static let (limit, interval) = (0.01, 0.002)
  /// Requests per second that four connections can carry with the kernel's timer slack, and the load
  /// in these units at the beginning and at the end.
  static let (nominal, first, last) = (3_640.0, 0.5, 1.82)

  /// What the Shop has counted since the last look.
  struct Seen {
    var errors: Int
    /// Seconds.
    var meanWait: Double
  }

  private(set) var report: [String: Counter] = [:]
  private let shops: [ShopBench]
  private let exchange: Exchange
  private let reaction: Double
  private let alerts: (Seen) -> Bool

  /// - Parameter alerts: whether help is called.
  init(_ point: Point, _ alerts: @escaping @Sendable (Seen) -> Bool) throws {
    shops = try (0..<2).map { _ in try Self.shop(point) }
    exchange = try Exchange(
      shops.map { .init($0.shop.endpoint, connections: 200) }, wire: PathsProtocol(["/products/17"])
    )
    reaction = Double(point.value) / 1_000
    self.alerts = alerts
  }

  private static func shop(_ point: Point) throws -> ShopBench {
    try ShopBench(point, ["/products/17"], users: 16) { settings in
      (settings.readers, settings.workers) = (4, 200)
      settings.poolPatience = UInt64(patience * 1e9)
      settings.databaseTime = .constant(query * 1e9)
    }
  }

  /// Nanoseconds between two responses of a Shop that is always asked: the inverse of its capacity.
  static func timedRequest(_ point: Point) throws -> Double {
    let bench = try shop(point)
    _ = bench.serve()
    return bench.timedServe()
  }

  /// Requests at a rate that rises evenly.
  private static let ramp: Arrivals = {
    let rate = ShopBench.isMeasuring ? nominal : nominal / 20
    let (start, slope) = (first * rate, (last - first) * rate / length)
    let count = Int((first + last) / 2 * rate * length)
    return Arrivals(
      recorded: (0..<count).map { number in
        UInt64(1e9 * ((start * start + 2 * slope * Double(number)).squareRoot() - start) / slope)
      }, duration: UInt64(length * 1e9))
  }()

  /// Returns 0 where all responses that are pages are the same page.
  func climb() -> UInt64 {
    let policy = CallingForHelp(
      shop: shops[0].shop, reaction: UInt64(reaction * 1e9), alerts)
    let load = OpenLoop(Self.ramp, tolerance: .infinity)
    let result = orEnd { try load.run(on: exchange, by: policy) }
    let all = Double(max(1, result.asked))
    let crossing = Self.length * (1 - Self.first) / (Self.last - Self.first)
    report = [
      "requests served within 10 ms": .share(max(1e-3, Double(policy.inTime) / all)),
      "errors per 1,000 requests": Counter(1_000 * Double(result.failed) / all, unit: .count),
    ]
    if let after = policy.alerted {
      report["alert after the capacity is reached"] = .seconds(max(0, after - crossing))
    }
    return policy.differing
  }

  /// The share that is served in time by a queue without randomness.
  static func fluid(capacity: Double, reaction: Double, seesErrorsOnly: Bool) -> Double {
    let step = 1e-4
    var (queue, helps): (Double, Double) = (0, .infinity)
    var (all, inTime) = (0.0, 0.0)
    for number in 0..<Int(length / step) {
      let time = Double(number) * step
      let rate = nominal * (first + (last - first) * time / length)
      let own = time < helps ? rate : rate / 2
      let wait = queue / capacity
      // An alert is half a look late; a wait is known at its end.
      if helps == .infinity, wait > (seesErrorsOnly ? 0.999 * patience : threshold) {
        helps = time + wait + interval / 2 + reaction
      }
      all += rate * step
      inTime += (rate - own + (wait + query < limit ? own : 0)) * step
      queue = min(patience * capacity, max(0, queue + (own - capacity) * step))
    }
    return inTime / all
  }
}

/// Sends each request once, to the first Shop or, when help has come, to both by turns.
private final class CallingForHelp: LoadPolicy {
  private(set) var inTime = 0
  /// Responses that differ from the first.
  private(set) var differing: UInt64 = 0
  /// Seconds from the beginning.
  private(set) var alerted: Double?
  private let shop: Shop
  private let reaction: UInt64
  private let alerts: (ExhaustionRamp.Seen) -> Bool
  private var (begin, helps): (UInt64, UInt64) = (0, .max)
  private var counts: Counts
  private var expected: UInt64?

  init(shop: Shop, reaction: UInt64, _ alerts: @escaping (ExhaustionRamp.Seen) -> Bool) {
    (self.shop, self.reaction, self.alerts) = (shop, reaction, alerts)
    counts = shop.counts
  }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    if begin == 0 {
      begin = exchange.now
      exchange.wake(0, at: begin + UInt64(ExhaustionRamp.interval * 1e9))
    }
    let group = exchange.now >= helps && request % 2 == 1 ? 1 : 0
    // All connections in use: the request is refused.
    guard exchange.freeConnections(of: group) > 0 else { return exchange.finish(request, nil) }
    try exchange.send(request, to: group)
  }

  func wake(_ number: Int, on exchange: Exchange) throws(LoadError) {
    let now = shop.counts
    let new = now - counts
    counts = now
    let wait = Double(new[.poolWaitNanoseconds]) / 1e9 / Double(max(1, new[.poolWaits]))
    if alerts(.init(errors: new[.poolTimeouts], meanWait: wait)) {
      alerted = Double(exchange.now - begin) / 1e9
      helps = exchange.now + reaction
    } else if exchange.now < begin + UInt64(ExhaustionRamp.length * 1e9) {
      exchange.wake(0, at: exchange.now + UInt64(ExhaustionRamp.interval * 1e9))
    }
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    exchange.finish(attempt.request, answer)
    guard let answer, answer.status == .succeeded else { return }
    let time = exchange.now - exchange.due[attempt.request]
    if Double(time) <= ExhaustionRamp.limit * 1e9 { inTime += 1 }
    if answer.digest != expected ?? answer.digest { differing += 1 }
    expected = answer.digest
  }
}
