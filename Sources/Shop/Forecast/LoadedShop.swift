import Platform
import Statistics
import Systems

/// A Shop and the visitors who load it, for a forecast.
struct LoadedShop {
  private let crowd: Crowd
  private let plan: ShopForecast.Plan
  private let processors: Int

  init(_ crowd: Crowd, _ plan: ShopForecast.Plan) {
    (self.crowd, self.plan) = (crowd, plan)
    processors = plan.settings.cpus?.count ?? 1
  }

  /// Without think time; the first window warms up.
  /// - Returns: requests per second, processor seconds of a request, and the busy share.
  func saturate() throws -> (rate: ConfidenceInterval, cpu: Double, busy: Double) {
    func visit() throws -> Crowd.Visit {
      try crowd.visit(places: Crowd.places, seconds: plan.seconds)
    }
    _ = try visit()
    let visits = try (0..<plan.windows).map { _ in try visit() }
    let used = visits.map(\.cpu).reduce(0, +)
    let passed = visits.map(\.seconds).reduce(0, +)
    let answered = visits.map { Double($0.load.answered) }
    return (
      interval(zip(answered, visits).map { $0 / $1.seconds }), used / answered.reduce(0, +),
      used / passed / Double(processors)
    )
  }

  /// Requests that are due independently of one another.
  /// - Parameter model: that has predicted the response times.
  func load(
    _ share: Double, rate: Double, _ predicted: (median: Double, p99: Double),
    by model: ShopModel
  ) throws -> ShopForecast.Load {
    var windows: [LoadResult] = []
    var (quiet, used, others, seconds) = (0, 0.0, 0.0, 0.0)
    for window in 0...Self.attempts * plan.windows where quiet < plan.windows {
      let arrivals = Arrivals.poisson(
        rate: rate, seconds: plan.seconds, seed: 4, stream: UInt64(window))
      let before = BusyTime.of(cpus: plan.settings.cpus ?? [])
      let visit = try crowd.visit(arrivals)
      // The first one warms up.
      guard window > 0 else {
        _ = crowd.shop.takeDemands()
        continue
      }
      if let before, let after = BusyTime.of(cpus: plan.settings.cpus ?? []) {
        others += Double(after &- before) / 1e9 - visit.cpu
      }
      (used, seconds) = (used + visit.cpu, seconds + visit.seconds)
      windows.append(visit.load)
      if Double(visit.load.latenessP99) <= Self.tolerated * predicted.p99 * 1e9 { quiet += 1 }
    }
    let found = model.with(crowd.shop.takeDemands(), cpu: used)
    let taken = windows.sorted { $0.latenessP99 < $1.latenessP99 }.prefix(plan.windows)
    let failed = windows.map(\.failed).reduce(0, +)
    let asked = windows.map(\.asked).reduce(0, +)
    return ShopForecast.Load(
      share: share, rate: rate,
      predicted: predicted,
      measured: (
        interval(taken.map { Double($0.latency(at: 0.5) ?? 0) / 1e9 }),
        interval(taken.map { Double($0.latency(at: 0.99) ?? 0) / 1e9 })
      ),
      explained: found.window(at: rate, of: plan.seconds), demand: found.demand,
      failedShare: Double(failed) / Double(max(1, asked)),
      lateness: taken.map { Double($0.latenessP99) / 1e9 }.median(),
      disturbed: windows.count - quiet,
      others: max(0, others) / seconds / Double(processors))
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
