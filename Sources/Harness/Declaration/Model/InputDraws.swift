import Statistics

/// Values of uncertain inputs, thousands of each, and what expressions come to for them.
///
/// An input's values depend on the seed and its name alone, so that a further input leaves the
/// others as they are, and all points of a sweep share them.
struct InputDraws {
  /// So many that the ends of a 95% interval rest on 250 draws each.
  static let count = 10_000

  let seed: UInt64
  let count: Int
  private var columns: [TermInput: [Double]] = [:]

  init(seed: UInt64, count: Int = Self.count) {
    self.seed = seed
    self.count = count
  }

  /// What an expression comes to in each draw.
  mutating func values(of node: TermNode) -> [Double] {
    for input in node.inputs where columns[input] == nil && input.low != input.high {
      var generator = SeededGenerator(seed: seed ^ input.name.stableHash)
      columns[input] = (0..<count).map { _ in input.draw(using: &generator) }
    }
    return node.values(draws: count) { input in
      columns[input] ?? Array(repeating: input.estimate, count: count)
    }
  }
}
