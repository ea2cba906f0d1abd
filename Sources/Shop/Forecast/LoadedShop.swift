import Simulation
import Statistics
import Systems

/// A Shop and the visitors who load it, for a forecast.
struct LoadedShop {
  let shop: ObservedShop
  private let plan: ShopForecast.Plan
  private let processors: Int

  init(_ shop: ObservedShop, _ plan: ShopForecast.Plan) {
    (self.shop, self.plan) = (shop, plan)
    processors = plan.settings.cpus?.count ?? 1
  }

  /// Without think time; the first window warms up.
  /// - Returns: requests per second, processor seconds of a request, and the busy share.
  func saturate() throws -> (rate: ConfidenceInterval, cpu: Double, busy: Double) {
    let crowd = try Crowd(32, at: shop, plan.mix, plan.settings.data, seed: 2)
    _ = try crowd.visit(seconds: plan.seconds)
    let visits = try (0..<plan.windows).map { _ in try crowd.visit(seconds: plan.seconds) }
    let used = visits.map(\.cpu).reduce(0, +)
    let passed = visits.map(\.seconds).reduce(0, +)
    let answered = visits.map { Double($0.load.answered) }
    return (
      interval(zip(answered, visits).map { $0 / $1.seconds }), used / answered.reduce(0, +),
      used / passed / Double(processors)
    )
  }

  /// Requests that are due independently of one another.
  func load(
    _ share: Double, rate: Double, _ predicted: ResponseTimes
  ) throws -> ShopForecast.Load {
    // So many that one is free when a request is due, unless a second's requests wait.
    let users = min(4_096, max(64, Int(rate)))
    let wire = ShopWire()
    let exchange = try Exchange([.init(shop.endpoint, connections: users)], wire: wire)
    let visitors = Visitors(plan.mix, count: users, data: plan.settings.data, wire: wire, seed: 3)
    var windows: [LoadResult] = []
    var quiet = 0
    for window in 0...Self.attempts * plan.windows where quiet < plan.windows {
      let arrivals = Systems.Arrivals.poisson(
        rate: rate, seconds: plan.seconds, seed: 4, stream: UInt64(window))
      let load = try visitors.play(on: exchange, arrivals)
      // The first one warms up.
      guard window > 0 else { continue }
      windows.append(load)
      if Double(load.latenessP99) <= Self.tolerated * predicted.percentile(99) * 1e9 { quiet += 1 }
    }
    let taken = windows.sorted { $0.latenessP99 < $1.latenessP99 }.prefix(plan.windows)
    let failed = windows.map(\.failed).reduce(0, +)
    let asked = windows.map(\.asked).reduce(0, +)
    return ShopForecast.Load(
      share: share, rate: rate,
      predicted: (predicted.percentile(50), predicted.percentile(99)),
      measured: (
        interval(taken.map { Double($0.latency(at: 0.5) ?? 0) / 1e9 }),
        interval(taken.map { Double($0.latency(at: 0.99) ?? 0) / 1e9 })
      ),
      failedShare: Double(failed) / Double(max(1, asked)),
      lateness: taken.map { Double($0.latenessP99) / 1e9 }.median(),
      disturbed: windows.count - quiet)
  }

  /// Windows that are tried for each that is wanted, at most.
  private static let attempts = 3
  /// The generator's lateness (p99) beyond which something else disturbed a window, as a share of the
  /// predicted p99.
  private static let tolerated = 0.05

  /// Of the median of windows: one that something else disturbed does not move it.
  private func interval(_ values: [Double]) -> ConfidenceInterval {
    OrderStatisticInterval().interval(values.map { [$0] }, level: 0.95)
  }
}
