import Statistics

/// Values of uncertain inputs, thousands of each, and what expressions come to for them.
///
/// An input's values depend on the seed and its name alone, so that a further input leaves the
/// others as they are, and all points of a sweep share them.
struct InputDraws {
  /// So many that the ends of a 95% interval rest on 250 draws each.
  static let count = 10_000

  let seed: UInt64
  private var columns: [TermInput: [Double]] = [:]

  init(seed: UInt64) { self.seed = seed }

  /// What an expression comes to in each draw.
  mutating func values(of node: TermNode) -> [Double] {
    for input in node.inputs where columns[input] == nil {
      var generator = SeededGenerator(seed: seed ^ input.name.stableHash)
      columns[input] = (0..<Self.count).map { _ in input.draw(using: &generator) }
    }
    return node.values(draws: Self.count) { input in
      columns[input] ?? Array(repeating: input.estimate, count: Self.count)
    }
  }
}
