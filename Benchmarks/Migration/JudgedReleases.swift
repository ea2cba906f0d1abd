import Glibc
import Harness
import Results
import Statistics

/// Releases of which half are healthy and the others have planted faults, and their hour as canaries.
struct JudgedReleases {
  /// Of a replication.
  static let count = Releases.areFew ? 80 : 2_000
  /// Share of requests that fail by themselves.
  static let healthy = 0.003
  static let minutes = 60

  /// Errors per minute of a canary and of the fresh baseline beside it.
  struct Hour {
    /// Per minute and side.
    let requests: Int
    let canary, baseline: [Int]

    /// The Hodges–Lehmann estimate of the shift, and the lower end of Wilcoxon's interval around it.
    ///
    /// Source: Hollander, Wolfe and Chicken, *Nonparametric Statistical Methods*, 2014, section 4.3.
    /// - Parameter critical: of the normal distribution: 2.326 for 98%.
    func shift(critical: Double) -> (estimate: Double, low: Double) {
      var differences: [Int: Int] = [:]
      for x in canary { for y in baseline { differences[x - y, default: 0] += 1 } }
      let pairs = Double(canary.count * baseline.count)
      let spread = (pairs * Double(canary.count + baseline.count + 1) / 12).squareRoot()
      let rank = (pairs / 2 - critical * spread).rounded(.down)
      var (seen, low, middle) = (0.0, Int?.none, Int?.none)
      for (difference, count) in differences.sorted(by: { $0.key < $1.key }) {
        seen += Double(count)
        if low == nil, seen >= rank { low = difference }
        if middle == nil, seen >= pairs / 2 { middle = difference }
      }
      return (Double(middle ?? 0), Double(low ?? 0))
    }
  }

  private let requests: Int
  private let seed: UInt64

  init(_ point: Point) {
    requests = point.value
    seed = point.seed
  }

  func replication(_ stops: (Hour) -> Bool) -> Replication {
    var random = SeededGenerator(seed: seed)
    var digest: UInt64 = 0
    func stopped(_ releases: Int, rate: Double) -> Double {
      var stopped = 0
      for _ in 0..<releases {
        let hour = Hour(
          requests: requests,
          canary: (0..<Self.minutes).map { _ in random.failures(of: requests, rate: rate) },
          baseline: (0..<Self.minutes).map { _ in
            random.failures(of: requests, rate: Self.healthy)
          })
        digest = hour.canary.reduce(digest) { mixed($0 &+ UInt64($1)) }
        if stops(hour) { stopped += 1 }
      }
      return Double(stopped) / Double(releases)
    }
    let alarms = stopped(Self.count / 2, rate: Self.healthy)
    let (small, large) = (stopped(Self.count / 4, rate: 0.01), stopped(Self.count / 4, rate: 0.05))
    return Replication(
      offered: digest,
      figures: [
        "releases judged rightly": .share(0.5 * (1 - alarms) + 0.25 * (small + large)),
        "false alarms": .share(alarms), "misses of 1%": .share(1 - small),
        "misses of 5%": .share(1 - large),
      ])
  }
}

/// What a whiteboard expects of the judges.
extension JudgedReleases {
  /// Five of sixty minutes have more than 1% errors: binomial twice.
  static func thresholdStops(_ requests: Double, rate: Double) -> Double {
    let most = Int(0.01 * requests)
    let fails = 1 - poisson(requests * rate, upTo: most).reduce(0, +)
    guard fails > 0, fails < 1 else { return fails > 0 ? 1 : 0 }
    let fewer = (0..<5).reduce(0.0) { sum, failed in
      let n = Double(minutes)
      let k = Double(failed)
      let ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
      return sum + exp(ways + k * log(fails) + (n - k) * log(1 - fails))
    }
    return 1 - fewer
  }

  /// In the mean release: whether a pair of minutes differs by no more than a quarter of the median
  /// difference less often than the interval's rank.
  static func rankTestStops(_ requests: Double, rate: Double) -> Double {
    let last = Int(2 * requests * rate) + 20
    let (canary, baseline) = (
      poisson(requests * rate, upTo: last), poisson(requests * healthy, upTo: last)
    )
    var differences = [Double](repeating: 0, count: 2 * last + 1)
    for (x, a) in canary.enumerated() {
      for (y, b) in baseline.enumerated() { differences[x - y + last] += a * b }
    }
    func below(_ limit: Double) -> Double {
      differences.enumerated().reduce(0) {
        Double($1.offset - last) <= limit ? $0 + $1.element : $0
      }
    }
    let median = (0...2 * last).first { below(Double($0 - last)) >= 0.5 }! - last
    let n = Double(minutes)
    let rank = 0.5 - 2.326 * ((2 * n + 1) / (12 * n * n)).squareRoot()
    return below(0.25 * Double(abs(median))) < rank ? 1 : 0
  }

  /// Whether the errors of an hour bring the evidence that is needed, by the normal distribution.
  static func evidenceStops(_ requests: Double, rate: Double) -> Double {
    // Of identical releases half of the risk that is promised.
    guard rate > healthy else { return Releases.risk / 2 }
    let errors = Double(minutes) * requests * (rate + healthy)
    let factor = rate / healthy
    let q = ErrorSplit.share(0.5, factor: factor)
    let spread = (errors * q * (1 - q)).squareRoot() * log(factor)
    let evidence = errors * ErrorSplit.evidence(0.5, factor: factor)
    return normal(below: (evidence - ErrorSplit.needed) / spread)
  }
}
