/// A square matrix of floats turned over its diagonal, in tiles of 16 × 16 that live in registers.
///
/// Of the two matrices one is gone over by columns. A tile in registers touches each of its lines
/// once, as one vector, so that no line has to stay in a cache until its other values are needed:
/// rows of a power of two, whose columns compete for few places of a cache, are no slower.
///
///     MatrixTransposition.transpose(matrix, to: turned, side: 1_024)
///
/// Rows and columns past the last whole tile go element by element.
///
/// Source of interleaving: Eklundh, *A Fast Computer Method for Matrix Transposing*, IEEE
/// Transactions on Computers C-21(7), 1972; here with perfect shuffles, the same in all steps.
public enum MatrixTransposition {
  /// Writes element (i, j) of one matrix to (j, i) of the other; both lie row by row.
  ///
  /// - Parameters:
  ///   - from: `side` × `side` elements.
  ///   - to: as many, none of them among the first.
  /// - Complexity: O(side²).
  public static func transpose(
    _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, side: Int
  ) {
    precondition(side >= 0, "a matrix has no side of \(side)")
    let tiled = side & ~15
    for top in stride(from: 0, to: tiled, by: 16) {
      for left in stride(from: 0, to: tiled, by: 16) {
        FloatTile(from + (top &* side &+ left), stride: side).transposed
          .write(to: to + (left &* side &+ top), stride: side)
      }
    }
    for row in 0..<side {
      for column in (row < tiled ? tiled : 0)..<side {
        to[column &* side &+ row] = from[row &* side &+ column]
      }
    }
  }
}

/// 16 × 16 floats: sixteen rows rather than an array of them, so that they live in registers.
private struct FloatTile {
  typealias Row = SIMD16<Float>

  private var rows: (Row, Row, Row, Row, Row, Row, Row, Row, Row, Row, Row, Row, Row, Row, Row, Row)

  /// - Parameter stride: elements from row to row.
  @inline(__always)
  init(_ start: UnsafePointer<Float>, stride: Int) {
    // SAFETY: the caller's tile lies within its matrix.
    func row(_ index: Int) -> Row {
      UnsafeRawPointer(start + index &* stride).loadUnaligned(as: Row.self)
    }
    rows = (
      row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7),
      row(8), row(9), row(10), row(11), row(12), row(13), row(14), row(15)
    )
  }

  @inline(__always)
  func write(to start: UnsafeMutablePointer<Float>, stride: Int) {
    // SAFETY: the caller's tile lies within its matrix.
    func put(_ row: Row, _ index: Int) {
      UnsafeMutableRawPointer(start + index &* stride).storeBytes(of: row, as: Row.self)
    }
    put(rows.0, 0)
    put(rows.1, 1)
    put(rows.2, 2)
    put(rows.3, 3)
    put(rows.4, 4)
    put(rows.5, 5)
    put(rows.6, 6)
    put(rows.7, 7)
    put(rows.8, 8)
    put(rows.9, 9)
    put(rows.10, 10)
    put(rows.11, 11)
    put(rows.12, 12)
    put(rows.13, 13)
    put(rows.14, 14)
    put(rows.15, 15)
  }

  /// Interleaving rows that lie half a tile apart, as often as 16 can be halved, turns the tile.
  @inline(__always)
  var transposed: FloatTile {
    var tile = self
    for _ in 0..<4 { tile.interleave() }
    return tile
  }

  @inline(__always)
  private mutating func interleave() {
    let (a, b) = Self.interleaved(rows.0, rows.8)
    let (c, d) = Self.interleaved(rows.1, rows.9)
    let (e, f) = Self.interleaved(rows.2, rows.10)
    let (g, h) = Self.interleaved(rows.3, rows.11)
    let (i, j) = Self.interleaved(rows.4, rows.12)
    let (k, l) = Self.interleaved(rows.5, rows.13)
    let (m, n) = Self.interleaved(rows.6, rows.14)
    let (o, p) = Self.interleaved(rows.7, rows.15)
    rows = (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
  }

  /// a₀ b₀ a₁ b₁ …, in two vectors.
  @inline(__always)
  private static func interleaved(_ a: Row, _ b: Row) -> (Row, Row) {
    var (low, high) = (Row(), Row())
    low.evenHalf = a.lowHalf
    low.oddHalf = b.lowHalf
    high.evenHalf = a.highHalf
    high.oddHalf = b.highHalf
    return (low, high)
  }
}
