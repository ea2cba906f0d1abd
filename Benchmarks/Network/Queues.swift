import Glibc

/// Closed forms of queueing theory, in units of the mean service time.
enum Queues {
  /// The response time that a share of the requests does not exceed, where each of `servers` gets
  /// every so-manyth of Poisson arrivals: E/M/1.
  ///
  /// Source: Kleinrock, *Queueing Systems* 1, 1975, section 6.4: the response time in G/M/1 is
  /// exponential.
  static func roundRobin(at share: Double, utilisation: Double, servers: Int) -> Double {
    // The root of σ = A*(1 − σ), A* being the transform of an Erlang distribution.
    let rate = utilisation * Double(servers)
    var root = utilisation
    for _ in 0..<1_000 { root = pow(rate / (rate + 1 - root), Double(servers)) }
    return -log(1 - share) / (1 - root)
  }

  /// The same where each request joins the shorter of two queues out of very many.
  ///
  /// Source: Mitzenmacher, *The Power of Two Choices in Randomized Load Balancing*, 2001: in the
  /// fixed point a share ρ^(2^k − 1) of the queues has at least k requests.
  static func leastOfTwo(at share: Double, utilisation: Double) -> Double {
    func atLeast(_ k: Int) -> Double { pow(utilisation, pow(2, Double(k)) - 1) }
    /// A request that finds k before it responds after k + 1 exponential times.
    func exceeds(_ time: Double) -> Double {
      var (tail, sum, term) = (0.0, 0.0, exp(-time))
      for k in 0..<12 {
        sum += term
        term *= time / Double(k + 1)
        let joins = pow(atLeast(k), 2) - pow(atLeast(k + 1), 2)
        tail += joins * sum
      }
      return tail
    }
    return root { exceeds($0) - (1 - share) }
  }

  /// The time that a share of the responses does not exceed which need all of `count` servers. One
  /// server responds uniformly within `usual`, or after `rare` in so many cases.
  /// - Parameter percentile: of one server's responses; what is missing then is asked of another
  ///   server. Nil for no hedges.
  static func slowest(
    of count: Int, at share: Double, usual: ClosedRange<Double>, rare: Double,
    share rareShare: Double, hedgedAt percentile: Double?
  ) -> Double {
    let width = usual.upperBound - usual.lowerBound
    func isThere(_ time: Double) -> Double {
      let inUsual = min(1, max(0, (time - usual.lowerBound) / width))
      return (1 - rareShare) * inUsual + (time >= rare ? rareShare : 0)
    }
    let hedge = percentile.map { usual.lowerBound + $0 / (1 - rareShare) * width } ?? .infinity
    // In units of a thousandth of the rarest time.
    let scale = 2 * rare / 1_000
    return scale
      * root { units in
        let time = units * scale
        let missing = (1 - isThere(time)) * (1 - isThere(time - hedge))
        return share - pow(1 - missing, Double(count))
      }
  }

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
