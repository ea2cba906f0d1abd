import Glibc
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
    var windows: [Window] = []
    func isQuiet(_ window: Window) -> Bool { window.disturbance(predicted.p99) <= 1 }
    for number in 0...Self.attempts * plan.windows
    where windows.count(where: isQuiet) < plan.windows {
      let arrivals = Arrivals.poisson(
        rate: rate, seconds: plan.seconds, seed: 4, stream: UInt64(number))
      let window = try window(arrivals)
      // The first one warms up.
      if number > 0 { windows.append(window) }
    }
    let sorted = windows.sorted {
      $0.disturbance(predicted.p99) < $1.disturbance(predicted.p99)
    }
    let taken = sorted.prefix(plan.windows)
    let noted = model.with(
      taken.flatMap(\.demands), cpu: taken.reduce(0) { $0 + $1.visit.cpu })
    let failed = windows.reduce(0) { $0 + $1.visit.load.failed }
    let asked = windows.reduce(0) { $0 + $1.visit.load.asked }
    return ShopForecast.Load(
      share: share, rate: rate,
      predicted: predicted,
      measured: (
        interval(taken.map { Double($0.visit.load.latency(at: 0.5) ?? 0) / 1e9 }),
        interval(taken.map { Double($0.visit.load.latency(at: 0.99) ?? 0) / 1e9 })
      ),
      explained: noted.window(at: rate, of: plan.seconds), demand: noted.demand,
      failedShare: Double(failed) / Double(max(1, asked)),
      lateness: taken.map { Double($0.visit.load.latenessP99) / 1e9 }.median(),
      disturbed: windows.count(where: { !isQuiet($0) }),
      others: taken.reduce(0) { $0 + $1.others } / Double(max(1, taken.count)))
  }

  /// A part of a load.
  private struct Window {
    let visit: Crowd.Visit
    let demands: [RequestDemand]
    /// The share of time that others had the Shop's processors.
    let others: Double

    /// How much others have disturbed it; above 1 it is repeated.
    /// - Parameter p99: that is predicted, in seconds.
    func disturbance(_ p99: Double) -> Double {
      max(
        Double(visit.load.latenessP99) / (LoadedShop.tolerated * p99 * 1e9),
        others / LoadedShop.tolerated)
    }
  }

  private func window(_ arrivals: Arrivals) throws -> Window {
    let cpus = plan.settings.cpus ?? []
    _ = crowd.shop.takeDemands()
    let before = BusyTime.of(cpus: cpus)
    let visit = try crowd.visit(arrivals)
    let after = BusyTime.of(cpus: cpus)
    // The last response may come before the worker has noted its demand.
    usleep(1_000)
    var others = 0.0
    if !cpus.isEmpty, let before, let after {
      others = max(0, Double(after &- before) / 1e9 - visit.cpu)
    }
    return Window(
      visit: visit, demands: crowd.shop.takeDemands(),
      others: others / visit.seconds / Double(processors))
  }

  /// Windows that are tried for each that is wanted, at most.
  private static let attempts = 3
  /// What others may do to a window: the share of the Shop's processors that they have, and the
  /// generator's lateness (p99) as a share of the predicted p99.
  private static let tolerated = 0.05

  /// Of the median of windows: one that something else disturbed does not move it.
  private func interval(_ values: [Double]) -> ConfidenceInterval {
    OrderStatisticInterval().interval(values.map { [$0] }, level: 0.95)
  }
}
