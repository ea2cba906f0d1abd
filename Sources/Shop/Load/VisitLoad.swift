import Systems

/// A load for people at a terminal: what it found as text.
public struct VisitLoad: Sendable {
  private let endpoint: Endpoint
  private let users: Int
  private let think: Double
  private let seconds: Double
  /// Requests per second that are sent whatever becomes of earlier ones; nil where visitors think.
  public var rate: Double?
  /// Products that visitors look at; all where nil.
  public var popular: Int?
  /// Of the product pages that are asked for, those of products that are gone.
  public var deadLinks = 0.0
  /// Of an open load.
  public var connections = 1_200

  /// - Parameters:
  ///   - port: of loopback.
  ///   - think: seconds between a response and the next request, on average.
  ///   - seconds: of the load.
  public init(port: UInt16, users: Int, think: Double, seconds: Double) {
    endpoint = .loopback(port: port)
    self.users = users
    self.think = think
    self.seconds = seconds
  }

  /// The shopping mix.
  /// - Throws: `LoadError`.
  public func visit(_ data: DataSize) throws -> String {
    let wire = ShopWire()
    let exchange = try Exchange(
      [.init(endpoint, connections: rate == nil ? users : connections)], wire: wire)
    var mix = SessionMix.shopping.thinking(
      think > 0 ? .exponential(mean: think * 1e9) : .constant(0)
    )
    mix.deadLinks = deadLinks
    let visitors = Visitors(
      mix, count: users, data: data, wire: wire, seed: 1, popular: popular)
    let result =
      try rate.map {
        try visitors.play(on: exchange, .poisson(rate: $0, seconds: seconds, seed: 1))
      } ?? visitors.play(on: exchange, seconds: seconds)
    let statuses = visitors.statuses.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
    return text(
      result,
      statuses.joined(separator: ", ")
        + ", \(visitors.acknowledged.count) orders, \(visitors.unanswered) without response")
  }

  /// One address.
  /// - Throws: `LoadError`.
  public func get(_ path: String) throws -> String {
    let exchange = try Exchange(
      [.init(endpoint, connections: rate == nil ? users : connections)],
      wire: PathsProtocol([path]))
    let result: LoadResult
    if let rate {
      let arrivals = Arrivals.poisson(rate: rate, seconds: seconds, seed: 1)
      result = try OpenLoop(arrivals, tolerance: .infinity).run(on: exchange, by: SendOnce())
    } else {
      let load = ClosedLoop(
        users: users, thinking: think > 0 ? .exponential(mean: think * 1e9) : .constant(0),
        seconds: seconds, seed: 1)
      result = try load.run(on: exchange)
    }
    return text(result, "\(result.failed) failed")
  }

  private func text(_ result: LoadResult, _ details: String) -> String {
    let rate = Double(result.answered) / (Double(result.duration) / 1e9)
    let quantiles = [0.5, 0.99, 0.999].map { share in
      "p\(share == 0.999 ? "99.9" : "\(Int(share * 100))") "
        + (result.latency(at: share).map { "\(Double($0 / 1_000) / 1_000) ms" } ?? "–")
    }
    let sum = result.latencies.reduce(0) { $0 + Double($1) }
    let mean = sum / Double(max(1, result.answered))
    let times = ["mean \((mean / 1e3).rounded() / 1e3) ms"] + quantiles
    return "\(Int(rate)) responses per second; \(times.joined(separator: ", ")); \(details)"
  }
}
