import Harness
import LoadBenches
import Results
import Systems

/// A web server with so many threads, whose pages partly need a dependency that becomes slow.
final class SlowDependency: LoadedServers {
  /// Threads of the web server, and calls that the dependency serves at a time.
  static let (threads, places) = (24, 4)
  /// Requests per second that need the dependency, and that don't.
  static let (reviews, catalogue) = (900.0, 2_100.0)
  /// Seconds: of a page's own work and of a healthy call, and until a user goes.
  static let (page, call, patience) = (0.001, 0.002, 0.05)
  /// Seconds until the dependency takes ten times as long, and of a call of the kernel.
  static let (healthy, window, slowdown) = (0.05, 0.16, 10.0)

  private let timeout: UInt64

  init(_ point: Point) throws {
    timeout = UInt64(point.value) * 1_000_000
    try super.init(
      point, [Behaviour(), Behaviour(places: Self.places)], connections: 500, isRehearsed: false)
  }

  /// - Returns: requests of which nobody knows what became of them.
  func serve(hasTimeout: Bool, retries: Int) -> UInt64 {
    let reviews = arrivals(rate: Self.reviews, seconds: Self.window)
    let catalogue = arrivals(rate: Self.catalogue, seconds: Self.window, stream: 1)
    let all = Arrivals(recorded: reviews.times + catalogue.times, duration: reviews.duration)
    // Of two requests at the same nanosecond either may be the review.
    let times = Set(reviews.times)
    let own = demands(.exponential(mean: Self.page * 1e9), all.times.count)
    let jobs = zip(all.times, own).map { time, own in
      CallerThreads.Job(own: max(1, own), called: times.contains(time) ? 1 : nil)
    }
    let rules = CallerThreads.Rules(
      threads: Self.threads, patience: UInt64(Self.patience * 1e9),
      timeout: hasTimeout ? timeout : nil, retries: retries)
    let slowFrom = UInt64(shortened(Self.healthy) * 1e9)
    let (result, policy) = serve(all) {
      var random = generator()
      return CallerThreads(jobs, all, rules) { elapsed in
        let mean = Self.call * (elapsed < slowFrom ? 1 : Self.slowdown)
        return Durations.exponential(mean: mean * 1e9).draw(&random)
      }
    }
    let plain = jobs.indices.filter { jobs[$0].called == nil }
    report["requests answered in time"] = .share(
      Double(max(1, result.answered)) / Double(max(1, result.asked)))
    report["pages without the dependency"] = .share(
      Double(plain.count { policy.isAnswered[$0] }) / Double(max(1, plain.count)))
    report["calls per request"] = Counter(
      Double(policy.calls) / Double(max(1, jobs.count - plain.count)), unit: .count)
    return UInt64(result.asked - result.answered - result.failed)
  }
}
