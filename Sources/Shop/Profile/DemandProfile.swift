import Glibc
import Platform
import Statistics
import Systems

/// Measures the service demands of a Shop in this process, one request at a time.
///
/// The client is the calling thread. What the process's other threads use of the processor
/// meanwhile is the Shop's.
public struct DemandProfile {
  private let settings: ShopSettings
  private let requests: Int

  /// - Parameters:
  ///   - settings: of the Shop that is opened for it.
  ///   - requests: of each kind.
  public init(_ settings: ShopSettings, requests: Int) {
    self.settings = settings
    self.requests = max(1, requests)
  }

  /// Opens the Shop, measures, and ends it, between two kinds of requests after an interrupt that is
  /// caught (`Interrupt`).
  /// - Throws: `ShopRefused`, `LoadError`.
  public func measure() throws -> ServiceDemands {
    var settings = settings
    let log = try DemandLog()
    settings.demands = log
    let shop = try Shop(settings)
    defer { shop.stop() }
    var kinds: [ServiceDemands.Kind] = []
    for step in SessionMix.Step.allCases {
      try Interrupted.check()
      kinds.append(contentsOf: try measure(step, shop, log))
    }
    return ServiceDemands(
      data: settings.data.rawValue, workers: settings.workers, readers: settings.readers,
      kinds: kinds.sorted { $0.name < $1.name })
  }

  /// A visitor who does one thing again and again; what must come before it comes along and is not
  /// counted.
  private func measure(
    _ step: SessionMix.Step, _ shop: Shop, _ log: DemandLog
  ) throws -> [ServiceDemands.Kind] {
    let wire = ShopWire()
    let exchange = try Exchange([.init(shop.endpoint, connections: 1)], wire: wire)
    let player = SinglePlayer(step, settings.data, wire)
    _ = try player.play(on: exchange, requests: max(1, requests / 10))
    _ = log.taken()
    let before = (shop.counts[.bodyBytes], shop.requests)
    let processor = ProcessorTimes.now()
    let responses = try player.play(on: exchange, requests: requests)
    let used = (ProcessorTimes.now() - processor).others
    // The last response may come before the worker has written its demand down.
    usleep(1_000)
    let demands = log.taken()
    let own = demands.filter { step.routes.contains($0.route) }
    guard !own.isEmpty, !responses.isEmpty else { return [] }
    let all = demands.reduce(0) { $0 + Double($1.cpu) }
    let ownCPU = own.reduce(0) { $0 + Double($1.cpu) } / Double(own.count)
    let outside = max(0, Double(used) - all) / Double(max(1, demands.count))
    let bytes = Double(shop.counts[.bodyBytes] - before.0) / Double(shop.requests - before.1)
    return [
      ServiceDemands.Kind(
        name: step.routes[0].label, requests: own.count,
        workerCPU: .init(own.map { Double($0.cpu) }),
        workerWait: .init(own.map { Double($0.wait) }),
        serverCPU: (ownCPU + outside) / 1e9, response: .init(responses.map(Double.init)),
        bytes: bytes)
    ]
  }
}

extension SessionMix.Step {
  /// Routes of its requests.
  var routes: [Route] {
    switch self {
    case .product: [.product]
    case .search: [.search]
    case .recommendations: [.recommendations]
    case .image: [.image]
    case .addToCart: [.addToCart]
    case .cart: [.cart]
    case .checkout: [.checkout]
    case .order: [.order]
    }
  }
}
