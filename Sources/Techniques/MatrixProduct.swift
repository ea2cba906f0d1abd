import CPerflab

/// Products of dense matrices of `Float`, on one core.
///
/// Goto's scheme (K. Goto and R. van de Geijn, "Anatomy of High-Performance Matrix
/// Multiplication", ACM TOMS 34(3), 2008): both factors are copied, block by block, into the order
/// in which the innermost kernel reads them, so that a panel of B stays in the first cache and a
/// block of A in the second while a tile of C of 12 × 32 stays in registers.
///
/// The tile fills 24 of the 32 vector registers of AVX-512. Where vectors are shorter the results
/// are the same, but the tile spills and the speed falls.
public final class MatrixProduct {
  // 24 KiB of B (192 × 32) leave room in a first cache of 32 KiB for what streams past them;
  // 180 KiB of A (240 × 192) fit a second cache of 256 KiB.
  static let depth = 192
  static let rows = 240
  static let columns = 2048

  private let packedA: UnsafeMutablePointer<Float>
  private let packedB: UnsafeMutablePointer<Float>
  private let edge: UnsafeMutablePointer<Float>

  /// Allocates the room for packed blocks: 1.7 MiB.
  public init() {
    func aligned(_ count: Int) -> UnsafeMutablePointer<Float> {
      UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
        .bindMemory(to: Float.self, capacity: count)
    }
    packedA = aligned(Self.rows * Self.depth)
    packedB = aligned(Self.depth * Self.columns)
    edge = aligned(Tile.rows * Tile.columns)
  }

  deinit {
    packedA.deallocate()
    packedB.deallocate()
    edge.deallocate()
  }

  /// C = A · B for row-major matrices without gaps: A of m × k, B of k × n, C of m × n.
  ///
  /// `c` must not overlap the factors.
  /// - Complexity: 2 · m · n · k floating-point operations; each sum is taken in the order of k,
  ///   in pieces of 192, with fused multiply-adds.
  public func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int
  ) {
    // SAFETY: all indices below stay within m × k, k × n and m × n; packed blocks are padded
    // with zeros to whole tiles, and their capacity is a whole number of tiles.
    guard k > 0 else { return c.update(repeating: 0, count: m * n) }
    for column in stride(from: 0, to: n, by: Self.columns) {
      let width = min(Self.columns, n - column)
      for level in stride(from: 0, to: k, by: Self.depth) {
        let depth = min(Self.depth, k - level)
        packB(b + level * n + column, stride: n, width: width, depth: depth)
        for row in stride(from: 0, to: m, by: Self.rows) {
          let height = min(Self.rows, m - row)
          packA(a + row * k + level, stride: k, height: height, depth: depth)
          multiplyBlock(
            into: c + row * n + column, stride: n, height: height, width: width, depth: depth,
            adding: level > 0)
        }
      }
    }
  }

  private func multiplyBlock(
    into c: UnsafeMutablePointer<Float>, stride n: Int, height: Int, width: Int, depth: Int,
    adding: Bool
  ) {
    for column in stride(from: 0, to: width, by: Tile.columns) {
      for row in stride(from: 0, to: height, by: Tile.rows) {
        let tile = c + row * n + column
        let a = packedA + row * depth
        let b = packedB + column * depth
        if row + Tile.rows <= height, column + Tile.columns <= width {
          Tile.multiply(a, b, depth: depth, into: tile, stride: n, adding: adding)
          continue
        }
        Tile.multiply(a, b, depth: depth, into: edge, stride: Tile.columns, adding: false)
        for i in 0..<min(Tile.rows, height - row) {
          for j in 0..<min(Tile.columns, width - column) {
            let sum = edge[i * Tile.columns + j]
            tile[i * n + j] = adding ? tile[i * n + j] + sum : sum
          }
        }
      }
    }
  }

  /// Panels of 32 columns, row after row.
  private func packB(_ b: UnsafePointer<Float>, stride n: Int, width: Int, depth: Int) {
    var target = packedB
    for column in stride(from: 0, to: width, by: Tile.columns) {
      let count = min(Tile.columns, width - column)
      for level in 0..<depth {
        target.update(from: b + level * n + column, count: count)
        if count < Tile.columns {
          (target + count).update(repeating: 0, count: Tile.columns - count)
        }
        target += Tile.columns
      }
    }
  }

  /// Panels of 12 rows, column after column.
  private func packA(_ a: UnsafePointer<Float>, stride k: Int, height: Int, depth: Int) {
    var target = packedA
    for row in stride(from: 0, to: height, by: Tile.rows) {
      let count = min(Tile.rows, height - row)
      for i in 0..<Tile.rows {
        if i < count {
          let source = a + (row + i) * k
          for level in 0..<depth { target[level * Tile.rows + i] = source[level] }
        } else {
          for level in 0..<depth { target[level * Tile.rows + i] = 0 }
        }
      }
      target += Tile.rows * depth
    }
  }
}
