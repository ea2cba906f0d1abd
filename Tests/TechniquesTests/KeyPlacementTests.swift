import Techniques
import Testing

@Suite struct KeyPlacementTests {
  static let keys: [UInt64] = (0..<200_000).map { $0 }

  /// Keys whose node is another one, as a share of all.
  private func moved(_ before: some KeyPlacement, _ after: some KeyPlacement) -> Double {
    let moved = Self.keys.count { before.node(of: $0) != after.node(of: $0) }
    return Double(moved) / Double(Self.keys.count)
  }

  /// Of a ring's or a table's keys, how many moved though their node has stayed.
  private func disturbed(_ before: some KeyPlacement, _ after: some KeyPlacement, left: Int)
    -> Double
  {
    let disturbed = Self.keys.count { key in
      before.node(of: key) != left && before.node(of: key) != after.node(of: key)
    }
    return Double(disturbed) / Double(Self.keys.count)
  }

  /// Standard deviation of the nodes' shares, as a share of the mean.
  private func deviation(_ shares: [Int]) -> Double {
    let mean = Double(shares.reduce(0, +)) / Double(shares.count)
    let squares = shares.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (squares / Double(shares.count)).squareRoot() / mean
  }

  private func shares(_ placement: some KeyPlacement, of nodes: Int) -> [Int] {
    var shares = [Int](repeating: 0, count: nodes)
    for key in Self.keys { shares[placement.node(of: key)] += 1 }
    return shares
  }

  @Test(arguments: [4, 10, 32])
  func moduloMovesAllButOneInN(nodes: Int) {
    let share = moved(ModuloPlacement(nodes: nodes), ModuloPlacement(nodes: nodes - 1))
    #expect(abs(share - (1 - 1 / Double(nodes))) < 0.01)
  }

  @Test(arguments: [2, 3, 10, 100])
  func jumpMovesOneInNAllToTheNewNode(nodes: Int) {
    let (before, after) = (JumpPlacement(nodes: nodes - 1), JumpPlacement(nodes: nodes))
    #expect(abs(moved(before, after) - 1 / Double(nodes)) < 0.01)
    for key in Self.keys where before.node(of: key) != after.node(of: key) {
      #expect(after.node(of: key) == nodes - 1)
    }
  }

  /// The paper's table 1: a standard error of 7.6e-9 over the whole space of hashes. Here it is that
  /// of drawing so many keys.
  @Test func jumpIsAsEvenAsDrawingAllows() {
    let nodes = 50
    let drawing = (Double(nodes) / Double(Self.keys.count)).squareRoot()
    #expect(deviation(shares(JumpPlacement(nodes: nodes), of: nodes)) < 1.3 * drawing)
  }

  @Test func jumpAgreesWithThePublishedCode() {
    // The paper's ten lines, in their own arithmetic.
    func published(_ seed: UInt64, _ buckets: Int64) -> Int64 {
      var (key, b, j) = (seed, Int64(-1), Int64(0))
      while j < buckets {
        b = j
        key = key &* 2_862_933_555_777_941_757 &+ 1
        j = Int64(Double(b + 1) * (Double(Int64(1) << 31) / Double((key >> 33) + 1)))
      }
      return b
    }
    for key in Self.keys.prefix(1_000) {
      #expect(JumpPlacement(nodes: 37).node(of: key) == Int(published(mixedHash(key), 37)))
    }
  }

  @Test func aRingMovesOnlyTheKeysOfTheNodeThatLeft() {
    let names: [UInt64] = (0..<10).map { $0 }
    let before = HashRing(nodes: names, points: 100)
    let after = HashRing(nodes: names.dropLast(), points: 100)
    #expect(disturbed(before, after, left: 9) == 0)
    #expect(abs(moved(before, after) - 0.1) < 0.03)
  }

  /// Lamping and Veach, table 1: 0.9979 with one point, 0.3152 with ten, 0.0997 with a hundred.
  @Test(arguments: [(1, 0.998), (10, 0.315), (100, 0.0997)])
  func aRingIsAsUnevenAsPublished(points: Int, published: Double) {
    let nodes = 500
    let ring = HashRing(nodes: (0..<UInt64(nodes)).map { $0 }, points: points)
    let drawing = (Double(nodes) / Double(Self.keys.count)).squareRoot()
    let expected = (published * published + drawing * drawing).squareRoot()
    #expect(abs(deviation(shares(ring, of: nodes)) - expected) < 0.15 * expected)
  }

  /// NSDI 2016, section 3.4: shares within 1% where the table has 100 entries a node.
  @Test func maglevIsEven() {
    let nodes = 600
    let shares = MaglevTable(nodes: (0..<UInt64(nodes)).map { $0 }).shares(of: nodes)
    #expect(shares.max()! - shares.min()! <= 1)
  }

  @Test func maglevMovesFewKeysOfNodesThatStay() {
    let names: [UInt64] = (0..<10).map { $0 }
    let (before, after) = (MaglevTable(nodes: names), MaglevTable(nodes: names.dropLast()))
    #expect(disturbed(before, after, left: 9) < 0.05)
    #expect(moved(before, after) > 0.09)
  }

  @Test func placementsDependOnNamesAlone() {
    let names: [UInt64] = [7, 3, 11]
    let (ring, again) = (HashRing(nodes: names, points: 8), HashRing(nodes: names, points: 8))
    #expect(Self.keys.prefix(1_000).allSatisfy { ring.node(of: $0) == again.node(of: $0) })
    let turned = HashRing(nodes: names.reversed(), points: 8)
    #expect(
      Self.keys.prefix(1_000).allSatisfy {
        names[ring.node(of: $0)] == names.reversed()[turned.node(of: $0)]
      })
  }
}
