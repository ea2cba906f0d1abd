import Statistics
import Testing

@testable import Techniques

@Suite struct MatrixProductTests {
  /// Tiles of each height with edges of each width.
  @Test(arguments: 1...13)
  func theProductIsThatOfTheDefinition(rows m: Int) {
    for n in [1, 3, 4, 5, 8, 12, 15, 16, 17, 20, 23, 24, 31, 32, 33, 57] { check(m: m, n: n, k: 5) }
  }

  /// More than one block in each direction, with columns that are written in place or added, panels
  /// of B that are copied or not, rows of A that are copied, and nothing at all.
  @Test(arguments: [
    (250, 9, 3), (130, 33, 2), (13, 37, 260), (131, 17, 257), (2, 2_049, 3), (2, 2_100, 258),
    (7, 35, 1_024), (1, 1, 1), (0, 5, 5), (5, 0, 5), (5, 5, 0),
  ])
  func theProductIsThatOfTheDefinition(_ shape: (m: Int, n: Int, k: Int)) {
    check(m: shape.m, n: shape.n, k: shape.k)
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

  /// No instruction set of the build's is tested by another's tiles: all of them are called here.
  @Test func tilesOfAllWidthsAgree() {
    checkTile(Twice<SIMD16<Float>>.self)
    checkTile(SIMD16<Float>.self)
    checkTile(Twice<SIMD8<Float>>.self)
    checkTile(SIMD8<Float>.self)
    checkTile(Twice<SIMD4<Float>>.self)
    checkTile(SIMD4<Float>.self)
  }

  private func check(m: Int, n: Int, k: Int) {
    var random = SeededGenerator(seed: UInt64(m * 7 + n))
    // Small whole numbers: every order of summation gives the same float.
    let a = (0..<m * k).map { _ in Float(Int.random(in: -4...4, using: &random)) }
    let b = (0..<k * n).map { _ in Float(Int.random(in: -4...4, using: &random)) }
    // The last one belongs to no matrix, and must stay.
    var c = [Float](repeating: .nan, count: m * n) + [-1]
    MatrixProduct().multiply(a + [0], b + [0], into: &c, m: m, n: n, k: k)
    var expected = [Float](repeating: 0, count: m * n) + [-1]
    for i in 0..<m {
      for level in 0..<k {
        for j in 0..<n { expected[i * n + j] += a[i * k + level] * b[level * n + j] }
      }
    }
    #expect(c == expected, "m \(m), n \(n), k \(k)")
  }

  private func checkTile<Row: TileRow>(_: Row.Type) {
    let (k, n) = (7, Row.columns)
    let a = (0..<Row.mostRows * k).map { Float($0 % 5) }
    let b = (0..<k * n).map { Float($0 % 9) }
    for rows in 1...Row.mostRows {
      var c = [Float](repeating: 1, count: Row.mostRows * n)
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          c.withUnsafeMutableBufferPointer { c in
            Row.multiply(
              rows: rows, FactorPart(start: a.baseAddress!, stride: k),
              FactorPart(start: b.baseAddress!, stride: n), depth: k,
              into: ProductPart(start: c.baseAddress!, stride: n), adding: true)
          }
        }
      }
      for i in 0..<Row.mostRows {
        for j in 0..<n {
          let sum = (0..<k).reduce(Float(1)) { $0 + a[i * k + $1] * b[$1 * n + j] }
          #expect(c[i * n + j] == (i < rows ? sum : 1))
        }
      }
    }
  }
}
