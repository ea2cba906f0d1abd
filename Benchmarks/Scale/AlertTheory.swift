import Glibc
import Statistics

/// How likely an alert's rule fires in a minute, by closed forms.
struct AlertTheory {
  /// Of a minute.
  let requests: Double

  private static let slow = 0.015

  /// - Returns: the probability per minute of an alarm in a fault (of the burn rate: 1 ÷ the minutes
  ///   until its window is full enough), and without one.
  func chances(_ rule: String) -> (seen: Double, wrong: Double) {
    switch rule {
    case "mean": (mean(slow: Self.slow), mean(slow: 0))
    case "p99": (percentile(slow: Self.slow), percentile(slow: 0))
    default: (burn, 0)
    }
  }

  /// A normal mean of the usual ones, and a Poisson number of slow ones that add 2 s each.
  private func mean(slow: Double) -> Double {
    let usual = 80 * exp(0.18)
    let deviation = usual * (exp(0.36) - 1).squareRoot() / requests.squareRoot()
    return poisson(slow * requests) { count in
      let left = 144 - usual - Double(count) * 2_000 / requests
      return 1 - StandardNormal.probability(below: left / deviation)
    }
  }

  /// More than 1% above 400 ms: binomial, and so nearly Poisson.
  private func percentile(slow: Double) -> Double {
    let above = slow + (1 - slow) * Self.share(above: 400)
    return poisson(above * requests) { Double($0) > requests / 100 ? 1 : 0 }
  }

  /// The hour's share rises linearly.
  private var burn: Double {
    let usual = Self.share(above: 500)
    return Self.slow * (1 - usual) / (0.01 - usual) / 60
  }

  /// Of the usual latencies.
  private static func share(above milliseconds: Double) -> Double {
    1 - StandardNormal.probability(below: log(milliseconds / 80) / 0.6)
  }

  /// The mean of a function of a Poisson number.
  private func poisson(_ mean: Double, _ function: (Int) -> Double) -> Double {
    var (sum, chance) = (0.0, exp(-mean))
    for count in 0...Int(mean + 12 * mean.squareRoot() + 20) {
      sum += chance * function(count)
      chance *= mean / Double(count + 1)
    }
    return sum
  }
}
