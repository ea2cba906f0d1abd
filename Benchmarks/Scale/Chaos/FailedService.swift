import Harness
import LoadBenches
import Results
import Systems

/// What is shown where the recommendations fail.
enum Instead { case none, query, list }

/// A service that refuses all requests, a database with one place, and clients of both.
final class FailedService: LoadedServers {
  /// Seconds: of a query, always the same, until an answer is too late, and of a call.
  static let (query, patience, window) = (0.0008, 0.02, 0.15)
  /// Requests per second that want recommendations.
  static let pages = 600.0

  private let load: Double

  init(_ point: Point) throws {
    load = Double(point.value) / 100
    // Without a place and without a queue it answers that it does not serve.
    try super.init(
      point, [Behaviour(places: 0, queue: 0), Behaviour(places: 1)], connections: 250,
      isRehearsed: false)
  }

  /// - Returns: requests of which nobody knows what became of them.
  func serve(_ instead: Instead) -> UInt64 {
    let pages = arrivals(rate: Self.pages, seconds: Self.window, isLowered: false)
    let checkouts = arrivals(
      rate: load / Self.query, seconds: Self.window, stream: 1, isLowered: false)
    let all = Arrivals(recorded: pages.times + checkouts.times, duration: pages.duration)
    // Of two requests at the same nanosecond either may be the page.
    let times = Set(pages.times)
    let kinds = all.times.map { times.contains($0) }
    let demands = demands(.constant(Self.query * 1e9), kinds.count)
    let (result, policy) = serve(all) { FailingPages(kinds, demands, instead) }
    report["requests answered in time"] = .share(
      Double(policy.pagesInTime + policy.checkoutsInTime) / Double(max(1, kinds.count)))
    report["checkouts in time"] = .share(
      Double(policy.checkoutsInTime) / Double(max(1, checkouts.times.count)))
    return UInt64(result.asked - result.answered - result.failed)
  }
}

private final class FailingPages: LoadPolicy {
  private(set) var (pagesInTime, checkoutsInTime) = (0, 0)
  private let isPage: [Bool]
  private let demands: [UInt64]
  private let instead: Instead

  init(_ isPage: [Bool], _ demands: [UInt64], _ instead: Instead) {
    (self.isPage, self.demands, self.instead) = (isPage, demands, instead)
  }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    try exchange.send(request, demand: demands[request], to: isPage[request] ? 0 : 1)
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    let request = attempt.request
    if answer?.status != .succeeded, instead == .query, attempt.group == 0 {
      return try exchange.send(request, demand: demands[request], to: 1)
    }
    let shown =
      instead == .list && attempt.group == 0 ? Answer(.succeeded, digest: 0) : answer
    exchange.finish(request, shown)
    let time = Double(exchange.now - exchange.due[request])
    guard shown?.status == .succeeded, time <= 1e9 * FailedService.patience else { return }
    if isPage[request] { pagesInTime += 1 } else { checkoutsInTime += 1 }
  }
}
