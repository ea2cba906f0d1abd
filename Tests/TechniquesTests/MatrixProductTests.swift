import Statistics
import Techniques
import Testing

@Suite struct MatrixProductTests {
  /// Whole tiles, edges of every kind, more than one block in each direction, and nothing.
  @Test(arguments: [
    (12, 32, 192), (1, 1, 1), (13, 33, 193), (7, 100, 5), (250, 40, 400), (3, 2_100, 2),
    (0, 5, 5), (5, 0, 5), (5, 5, 0),
  ])
  func theProductIsThatOfTheDefinition(_ shape: (m: Int, n: Int, k: Int)) {
    let (m, n, k) = shape
    var random = SeededGenerator(seed: UInt64(m * 7 + n))
    // Small whole numbers: every order of summation gives the same float.
    let a = (0..<m * k).map { _ in Float(Int.random(in: -4...4, using: &random)) }
    let b = (0..<k * n).map { _ in Float(Int.random(in: -4...4, using: &random)) }
    // Room for no element at all still needs an address.
    var c = [Float](repeating: .nan, count: max(1, m * n))
    MatrixProduct().multiply(
      a + [0], b + [0], into: &c, m: m, n: n, k: k)
    for i in 0..<m {
      for j in 0..<n {
        let expected = (0..<k).reduce(Float(0)) { $0 + a[i * k + $1] * b[$1 * n + j] }
        #expect(c[i * n + j] == expected)
      }
    }
  }

  @Test func oneInstanceServesManyShapes() {
    let product = MatrixProduct()
    for size in [40, 5, 64] {
      let identity = (0..<size * size).map { Float($0 % (size + 1) == 0 ? 1 : 0) }
      let matrix = (0..<size * size).map { Float($0 % 11) }
      var result = [Float](repeating: 0, count: size * size)
      product.multiply(identity, matrix, into: &result, m: size, n: size, k: size)
      #expect(result == matrix)
    }
  }
}
