import Glibc

/// Hit ratios of LRU by Che's approximation: a key is in the cache if it was asked for within a time
/// that is the same for all keys, the characteristic time.
///
/// Source: Che, Tung and Wang, *Hierarchical Web Caching Systems: Modeling, Design and Experimental
/// Results*, 2002; Fricker, Robert and Roberts, *A versatile and accurate approximation for LRU cache
/// performance*, 2012, on why it is so good.
public struct CacheTheory: Sendable {
  /// The rate at which each key is asked for, in any unit.
  public let rates: [Double]

  /// - Parameter rates: of each key.
  public init(rates: [Double]) { self.rates = rates }

  /// Keys whose popularity falls with the power `exponent` of their rank.
  public init(zipf count: Int, exponent: Double) {
    rates = (1...count).map { pow(Double($0), -exponent) }
  }

  /// The probability that each key is in an LRU cache of so many slots when it is asked for.
  public func hits(slots: Int) -> [Double] {
    guard slots < rates.count else { return rates.map { _ in 1 } }
    func held(_ time: Double) -> Double { rates.reduce(0) { $0 + 1 - exp(-$1 * time) } }
    var (low, high) = (0.0, 1 / rates.max()!)
    while held(high) < Double(slots) { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if held(middle) < Double(slots) { low = middle } else { high = middle }
    }
    return rates.map { 1 - exp(-$0 * low) }
  }

  /// The share of requests that find their key.
  public func hitRatio(slots: Int) -> Double {
    zip(rates, hits(slots: slots)).reduce(0) { $0 + $1.0 * $1.1 } / rates.reduce(0, +)
  }

  /// The same if the most popular keys were always in the cache: the best that any policy can do
  /// without knowing the future.
  public func bestHitRatio(slots: Int) -> Double {
    rates.sorted(by: >).prefix(slots).reduce(0, +) / rates.reduce(0, +)
  }

  /// What such a cache lets through, as if it were independent requests again.
  public func missed(slots: Int) -> CacheTheory {
    CacheTheory(rates: zip(rates, hits(slots: slots)).map { $0 * (1 - $1) })
  }
}
