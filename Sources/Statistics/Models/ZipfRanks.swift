/// Things of which some are preferred: the one of rank r is chosen in proportion to 1 ÷ r^exponent
/// (Zipf's law).
public struct ZipfRanks: Sendable {
  /// Of each rank from the first; together 1.
  public let shares: [Double]
  /// Of all ranks up to each.
  private let sums: [Double]

  /// - Parameter count: at least one.
  public init(_ count: Int, exponent: Double = 1) {
    let weights = (1...count).map { exponential(-exponent * naturalLogarithm(Double($0))) }
    let all = weights.reduce(0, +)
    shares = weights.map { $0 / all }
    var sum = 0.0
    sums = shares.map { share in
      sum += share
      return sum
    }
  }

  /// The rank, from 0, that a number between 0 and 1 stands for.
  public func rank(_ uniform: Double) -> Int {
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] <= uniform { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
