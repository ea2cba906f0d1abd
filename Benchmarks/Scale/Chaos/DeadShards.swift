import Harness
import LoadBenches
import Results
import Systems
import Techniques

/// Ten shards, some of which take requests and answer none, and a caller with so many threads.
final class DeadShards: LoadedServers {
  static let (shards, threads) = (10, 10)
  /// Seconds: of a call, until it is given up, and until a user goes.
  static let (call, timeout, patience) = (0.0006, 0.012, 0.024)
  /// Requests per second, and seconds of a call of the kernel.
  static let (rate, window) = (5_000.0, 0.15)
  /// A breaker opens above so many failures of so many calls, for so many seconds.
  static let (opensAbove, judged, rest) = (0.5, 10, 0.06)
  /// So many times as long as usual is never.
  static let never = 1e6

  init(_ point: Point) throws {
    let behaviours = (0..<Self.shards).map {
      Behaviour(slowness: $0 < point.value ? Self.never : 1)
    }
    // A call that was given up holds its connection until the shard has heard of it.
    try super.init(point, behaviours, connections: 3 * Self.threads, isRehearsed: false)
  }

  /// - Returns: requests of which nobody knows what became of them.
  func serve(_ breaking: Breaking) -> UInt64 {
    let arrivals = arrivals(rate: Self.rate, seconds: Self.window)
    var random = generator()
    let jobs = arrivals.times.map { _ in
      CallerThreads.Job(called: Int.random(in: 0..<Self.shards, using: &random))
    }
    let breaker = CircuitBreaker(
      opensAbove: Self.opensAbove, of: Self.judged, for: UInt64(Self.rest * 1e9))
    let count =
      switch breaking {
      case .none: 0
      case .forAll: 1
      case .forEach: Self.shards
      }
    let rules = CallerThreads.Rules(
      threads: Self.threads, patience: UInt64(Self.patience * 1e9),
      timeout: UInt64(Self.timeout * 1e9), cancels: true,
      breakers: [CircuitBreaker](repeating: breaker, count: count))
    let (result, policy) = serve(arrivals) {
      var random = generator()
      return CallerThreads(jobs, arrivals, rules) { _ in
        Durations.exponential(mean: Self.call * 1e9).draw(&random)
      }
    }
    report["requests answered in time"] = .share(
      Double(max(1, result.answered)) / Double(max(1, result.asked)))
    report["refused by a breaker"] = .share(
      Double(policy.refused) / Double(max(1, result.asked)))
    return UInt64(result.asked - result.answered - result.failed)
  }
}

/// What breakers watch.
enum Breaking { case none, forAll, forEach }
