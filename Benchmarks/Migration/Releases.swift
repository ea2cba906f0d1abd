import Glibc
import Harness
import Statistics

/// Requests that fail, as counts: what judges of a release look at.
enum Releases {
  /// A cohort in a test: enough to run every line.
  static let areFew: Bool = {
    #if DEBUG
      true
    #else
      SmokeRun.isThis
    #endif
  }()

  /// Evidence that a judge asks for is this risk's inverse.
  static let risk = 0.05
}

extension SeededGenerator {
  /// Uniform in 0 ..< 1.
  mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Exponential with mean 1.
  mutating func exponential() -> Double { -log(1 - share()) }

  /// How many of so many requests fail: jumps from one failure to the next.
  mutating func failures(of requests: Int, rate: Double) -> Int {
    guard rate > 0 else { return 0 }
    guard rate < 1 else { return requests }
    let scale = log(1 - rate)
    var (count, place) = (0, -1.0)
    while true {
      place += 1 + (log(1 - share()) / scale).rounded(.down)
      if place >= Double(requests) { return count }
      count += 1
    }
  }
}

/// What a whiteboard knows of an error split between canary and baseline.
enum ErrorSplit {
  /// The canary's share of errors, where it fails so many times as often.
  static func share(_ traffic: Double, factor: Double) -> Double {
    factor * traffic / (factor * traffic + 1 - traffic)
  }

  /// Evidence that an error brings on average: the divergence of Kullback and Leibler, in nats.
  static func evidence(_ traffic: Double, factor: Double) -> Double {
    let q = share(traffic, factor: factor)
    return q * log(q / traffic) + (1 - q) * log((1 - q) / (1 - traffic))
  }

  /// Evidence that is needed: Wald's ln(1 ÷ risk), and the logarithm of the alternatives that it is
  /// averaged over, since one of them grows.
  static let needed = log(1 / Releases.risk) + log(Double(ErrorSplitTest.worse.count) / 2)

  /// Errors of the canary until the evidence is complete.
  static func canaryErrors(_ traffic: Double, factor: Double) -> Double {
    needed / evidence(traffic, factor: factor) * share(traffic, factor: factor)
  }
}

/// The normal distribution's probability below z.
func normal(below z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

/// Poisson's probability of each count up to `last`.
func poisson(_ mean: Double, upTo last: Int) -> [Double] {
  (0...last).map { exp(Double($0) * log(mean) - mean - lgamma(Double($0) + 1)) }
}
