import Techniques
import Testing

/// Both layouts against the definition, on every key, both its neighbours and the ends.
@Suite struct SearchLayoutTests {
  static let sizes = [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 100, 271, 272, 273, 289, 4_913, 5_000]

  @Test(arguments: sizes) func eytzingerFindsTheLowerBound(_ count: Int) {
    let keys = ascending(count)
    let layout = EytzingerKeys(ascending: keys.span)
    for wanted in probes(keys) {
      #expect(layout.lowerBound(wanted) == keys.first { $0 >= wanted })
    }
  }

  @Test(arguments: sizes) func nodeTreeFindsTheLowerBound(_ count: Int) {
    let keys = ascending(count)
    let tree = NodeTree(ascending: keys.span)
    for wanted in probes(keys) {
      #expect(tree.rank(wanted) == keys.firstIndex { $0 >= wanted } ?? count)
      #expect(tree.lowerBound(wanted) == keys.first { $0 >= wanted })
    }
  }

  @Test func equalKeysAreFound() {
    let keys: [UInt32] = Array(repeating: 5, count: 40) + Array(repeating: 9, count: 40)
    #expect(EytzingerKeys(ascending: keys.span).lowerBound(6) == 9)
    #expect(NodeTree(ascending: keys.span).rank(6) == 40)
    #expect(NodeTree(ascending: keys.span).rank(5) == 0)
  }

  @Test func nodeTreeOrdersKeysOfTheUpperHalf() {
    let keys: [UInt32] = Array(0x7fff_ff00..<0x8000_0100) + [.max - 2, .max - 1]
    let tree = NodeTree(ascending: keys.span)
    for wanted in probes(keys) { #expect(tree.lowerBound(wanted) == keys.first { $0 >= wanted }) }
  }

  /// Gaps of 3, 5 and 7, so that each key has absent neighbours.
  private func ascending(_ count: Int) -> [UInt32] {
    var key: UInt32 = 0
    return (0..<count).map { index in
      key += [3, 5, 7][index % 3]
      return key
    }
  }

  private func probes(_ keys: [UInt32]) -> [UInt32] {
    // Every key of a small set, a sample of a large one: the reference is linear.
    let step = max(1, keys.count / 300)
    let sample = stride(from: 0, to: keys.count, by: step).map { keys[$0] }
    let near = sample.flatMap { [$0 - 1, $0, $0 + 1] }
    return [0] + near + [(keys.last ?? 0) + 1, .max - 1, .max]
  }
}
