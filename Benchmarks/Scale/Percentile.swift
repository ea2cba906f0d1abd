import Glibc

/// Percentiles of sums and maxima of independent exponential times with mean 1.
enum Percentile {
  /// The p99 of the sum of `count`: Erlang distributed.
  static func ofSum(_ count: Int) -> Double {
    root { time in
      var (term, sum) = (exp(-time), 0.0)
      for k in 0..<count {
        sum += term
        term *= time / Double(k + 1)
      }
      return sum - 0.01
    }
  }

  /// The p99 of the longest of `count`: each must be below its own p(0.99^(1 ÷ n)).
  static func ofLongest(_ count: Int) -> Double { -log(1 - pow(0.99, 1 / Double(count))) }

  /// Where a falling function is 0, between 0 and 1,000.
  static func root(_ function: (Double) -> Double) -> Double {
    var (low, high) = (0.0, 1_000.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if function(middle) > 0 { low = middle } else { high = middle }
    }
    return low
  }
}
