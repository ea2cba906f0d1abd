import Statistics

/// Things of which some are preferred: the one of rank r is chosen in proportion to 1 ÷ r.
struct ZipfRanks: Sendable {
  /// Of each rank from the first.
  let shares: [Double]
  private let sums: [Double]

  init(_ count: Int) {
    let all = (1...count).reduce(0) { $0 + 1 / Double($1) }
    shares = (1...count).map { 1 / Double($0) / all }
    sums = shares.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  }

  /// A rank from 0.
  func draw(_ random: inout SeededGenerator) -> Int {
    let share = random.share()
    var (low, high) = (0, shares.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if sums[middle] <= share { low = middle } else { high = middle }
    }
    return low
  }
}
