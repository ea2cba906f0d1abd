import Techniques
import Testing

struct ShuffleShardsTests {
  @Test func aCustomerHasDifferentNodesAndKeepsThem() {
    let shards = ShuffleShards(nodes: 8, each: 3)
    for customer: UInt64 in 0..<1_000 {
      let own = shards.nodes(of: customer)
      #expect(Set(own).count == 3 && own.allSatisfy { (0..<8).contains($0) })
      #expect(own == shards.nodes(of: customer))
    }
  }

  /// Of the pairs of eight nodes there are 28; with a given customer 1 shares both of its nodes,
  /// 12 one of them and 15 none: by counting, within five standard deviations of 56,000 draws.
  @Test func customersShareNodesAsOftenAsCountingSays() {
    let shards = ShuffleShards(nodes: 8, each: 2)
    let first = Set(shards.nodes(of: 1))
    var counts = [0, 0, 0]
    for customer: UInt64 in 2..<56_002 {
      counts[first.intersection(shards.nodes(of: customer)).count] += 1
    }
    #expect(abs(counts[2] - 2_000) < 220)
    #expect(abs(counts[1] - 24_000) < 590)
    #expect(abs(counts[0] - 30_000) < 590)
  }

  @Test func allSubsetsAreEquallyLikely() {
    let shards = ShuffleShards(nodes: 5, each: 2)
    var counts: [Set<Int>: Int] = [:]
    for customer: UInt64 in 0..<100_000 { counts[Set(shards.nodes(of: customer)), default: 0] += 1 }
    #expect(counts.count == 10 && counts.values.allSatisfy { abs($0 - 10_000) < 480 })
  }
}
