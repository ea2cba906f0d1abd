import Glibc

/// Hit ratios of LRU by Che's approximation: a key is in the cache if it was asked for within a time
/// that is the same for all keys, the characteristic time.
///
/// Source: Che, Tung and Wang, *Hierarchical Web Caching Systems: Modeling, Design and Experimental
/// Results*, 2002; Fricker, Robert and Roberts, *A versatile and accurate approximation for LRU cache
/// performance*, 2012, on why it is so good.
public struct CacheTheory: Sendable {
  /// The rate at which each key is asked for, in any unit; where keys are grouped, of each group.
  public let rates: [Double]
  /// Keys of each rate.
  private let counts: [Double]

  /// - Parameter rates: of each key.
  public init(rates: [Double]) { self.init(rates: rates, counts: rates.map { _ in 1 }) }

  private init(rates: [Double], counts: [Double]) {
    (self.rates, self.counts) = (rates, counts)
  }

  /// Keys whose popularity falls with the power `exponent` of their rank.
  /// - Parameter grouping: by which share neighbouring ranks of a group differ at most, where there
  ///   are too many keys to look at each.
  public init(zipf count: Int, exponent: Double, grouping: Double = 0) {
    var (rates, counts, first) = ([Double](), [Double](), 1)
    while first <= count {
      let last = min(count, max(first, Int(Double(first) * (1 + grouping))))
      rates.append(pow((Double(first) * Double(last)).squareRoot(), -exponent))
      counts.append(Double(last - first + 1))
      first = last + 1
    }
    self.init(rates: rates, counts: counts)
  }

  /// The probability that each key is in an LRU cache of so many slots when it is asked for.
  public func hits(slots: Int) -> [Double] { hits(Double(slots)) }

  /// The share of requests that find their key.
  public func hitRatio(slots: Int) -> Double { hitRatio(Double(slots)) }

  /// The same if the most popular keys were always in the cache: the best that any policy can do
  /// without knowing the future.
  public func bestHitRatio(slots: Int) -> Double {
    var (left, found) = (Double(slots), 0.0)
    for (rate, count) in zip(rates, counts).sorted(by: { $0.0 > $1.0 }) where left > 0 {
      found += min(left, count) * rate
      left -= count
    }
    return found / total
  }

  /// What such a cache lets through, as if it were independent requests again.
  public func missed(slots: Int) -> CacheTheory {
    CacheTheory(rates: zip(rates, hits(slots: slots)).map { $0 * (1 - $1) }, counts: counts)
  }

  func hitRatio(_ slots: Double) -> Double {
    let hits = hits(slots)
    return rates.indices.reduce(0) { $0 + counts[$1] * rates[$1] * hits[$1] } / total
  }

  private var total: Double { zip(rates, counts).reduce(0) { $0 + $1.0 * $1.1 } }

  private func hits(_ slots: Double) -> [Double] {
    guard slots < counts.reduce(0, +) else { return rates.map { _ in 1 } }
    func held(_ time: Double) -> Double {
      rates.indices.reduce(0) { $0 + counts[$1] * (1 - exp(-rates[$1] * time)) }
    }
    var (low, high) = (0.0, 1 / rates.max()!)
    while held(high) < slots { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if held(middle) < slots { low = middle } else { high = middle }
    }
    return rates.map { 1 - exp(-$0 * low) }
  }
}

/// The hit ratio over the cache's size: computed once at sizes a factor apart, straight in between on
/// a logarithmic axis.
public struct HitCurve: Sendable {
  private let points: [Double]
  private static let perDecade = 12.0
  private static let decades = 6.0

  /// Of least-recently-used eviction, where popularity falls with the power `exponent` of the rank.
  public init(keys: Int, exponent: Double) {
    let theory = CacheTheory(zipf: keys, exponent: exponent, grouping: 0.01)
    points = (0...Int(Self.decades * Self.perDecade)).map { step in
      theory.hitRatio(Double(keys) * pow(10, Double(step) / Self.perDecade - Self.decades))
    }
  }

  /// The hit ratio of a cache that holds a share of the keys, from 0 to 1.
  public func hitRatio(holding share: Double) -> Double {
    guard share > 0 else { return 0 }
    let place = (log10(share) + Self.decades) * Self.perDecade
    let step = min(max(place, 0), Double(points.count - 1))
    let below = min(Int(step), points.count - 2)
    return points[below] + (step - Double(below)) * (points[below + 1] - points[below])
  }
}
