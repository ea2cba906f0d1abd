/// Products of dense matrices of `Float`, on one core.
///
/// Blocks as in Goto's scheme (K. Goto and R. van de Geijn, "Anatomy of High-Performance Matrix
/// Multiplication", ACM TOMS 34(3), 2008): a panel of B stays in the first cache and a block of A in
/// the second while tiles of C are summed up in registers. Panels of B are copied, so that they are
/// dense; A is read where it lies, unless its rows would compete for few sets of the caches.
///
/// A tile is as large as the registers allow that the build may use: 12 × 32 with AVX-512, 6 × 16
/// with AVX2, 12 × 8 with NEON. At the edges of C it is narrower and lower.
///
///     MatrixProduct().multiply(a, b, into: c, m: 100, n: 200, k: 300)
public final class MatrixProduct {
  // 256 rows of 32 columns of B are a first cache of 32 KiB, from which the processor has time to
  // replace what else passes through it; of 16 columns they are half of it. 240 × 256 elements of A
  // take 240 KiB of a second cache, with room for B in one of 512 KiB. Longer sums would need C
  // less often, but more of both caches.
  static let depth = 256
  static let rows = 240
  static let columns = 2048

  /// From one copied row of A to the next: an odd number of lines, so that they share no sets.
  private static let copiedStride = depth + 16
  private static let widest = 32

  private let copiedA: UnsafeMutablePointer<Float>
  private let copiedB: UnsafeMutablePointer<Float>
  private let edge: UnsafeMutablePointer<Float>

  /// Reserves the room for copied blocks: 2.3 MiB.
  public init() {
    func aligned(_ count: Int) -> UnsafeMutablePointer<Float> {
      UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
        .bindMemory(to: Float.self, capacity: count)
    }
    copiedA = aligned(Self.rows * Self.copiedStride)
    copiedB = aligned(Self.depth * (Self.columns + Self.widest))
    edge = aligned(SIMD16<Float>.mostRows * Self.widest)
  }

  deinit {
    copiedA.deallocate()
    copiedB.deallocate()
    edge.deallocate()
  }

  /// C = A · B for row-major matrices without gaps: A of m × k, B of k × n, C of m × n.
  ///
  /// `c` must not overlap the factors.
  /// - Complexity: 2 · m · n · k floating-point operations; each sum is taken in the order of k,
  ///   in pieces of at most 256, with fused multiply-adds.
  public func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int
  ) {
    guard k > 0 else { return c.update(repeating: 0, count: m * n) }
    let all = MatrixBlock(
      a: FactorPart(start: a, stride: k), b: FactorPart(start: b, stride: n),
      c: ProductPart(start: c, stride: n), height: m, width: n, depth: k)
    switch VectorRegisters.bits {
    case 512: multiply(all, by: Twice<SIMD16<Float>>.self)
    case 256: multiply(all, by: Twice<SIMD8<Float>>.self)
    default: multiply(all, by: Twice<SIMD4<Float>>.self)
    }
  }

  private func multiply<Row: TileRow>(_ all: MatrixBlock, by _: Row.Type) {
    // SAFETY: all places below lie within `all`, or in copies that have room for a whole block.
    let competing = Self.rowsCompete(all.a.stride) && all.width > Row.columns
    // Few rows use an element of B too seldom for a copy.
    let copying = all.height > 128
    for (column, width) in Pieces(of: all.width, upTo: Self.columns) {
      for (level, depth) in Pieces(of: all.depth, upTo: Self.depth) {
        for (row, height) in Pieces(of: all.height, upTo: Self.rows) {
          var block = MatrixBlock(
            a: all.a.from(row: row, column: level), b: all.b.from(row: level, column: column),
            c: all.c.from(row: row, column: column), height: height, width: width, depth: depth,
            adding: level > 0, panels: !copying ? .inPlace : row == 0 ? .toCopy : .copied)
          if competing { block.a = copyA(block) }
          multiply(block, from: 0, by: Row.self)
        }
      }
    }
  }

  /// Whether the rows of a tile begin in the same set of a first cache, or nearly so: its sets repeat
  /// every 4 KiB.
  private static func rowsCompete(_ stride: Int) -> Bool {
    let remainder = (stride + 512) % 1_024 - 512
    return stride > 512 && abs(remainder) < 4
  }

  private func copyA(_ block: MatrixBlock) -> FactorPart {
    for row in 0..<block.height {
      (copiedA + row * Self.copiedStride)
        .update(from: block.a.from(row: row, column: 0).start, count: block.depth)
    }
    return FactorPart(start: copiedA, stride: Self.copiedStride)
  }

  /// The block's columns from `first` on: in tiles of this width as long as they are at least three
  /// quarters full, then in narrower ones.
  private func multiply<Row: TileRow>(_ block: MatrixBlock, from first: Int, by _: Row.Type) {
    let narrowest = Row.Narrower.columns == Row.columns
    var column = first
    while column < block.width, narrowest || block.width - column >= Row.columns * 3 / 4 {
      multiplyPanel(block, at: column, by: Row.self)
      column += Row.columns
    }
    if column < block.width { multiply(block, from: column, by: Row.Narrower.self) }
  }

  /// One panel of B times the block of A. A last panel that is not full begins further left, if the
  /// block is wide enough.
  private func multiplyPanel<Row: TileRow>(
    _ block: MatrixBlock, at column: Int, by _: Row.Type
  ) {
    let count = min(Row.columns, block.width - column)
    let start = max(0, column + count - Row.columns)
    let b = panel(block, at: start, copy: copiedB + column * Self.depth, by: Row.self)
    let whole = block.width >= Row.columns && (start == column || !block.adding)
    let sums = ProductPart(start: edge, stride: Row.columns)
    for (row, height) in Pieces(of: block.height, upTo: Row.mostRows) {
      let a = block.a.from(row: row, column: 0)
      let c = block.c.from(row: row, column: start)
      if whole {
        Row.multiply(rows: height, a, b, depth: block.depth, into: c, adding: block.adding)
        continue
      }
      Row.multiply(rows: height, a, b, depth: block.depth, into: sums, adding: false)
      for i in 0..<height {
        for j in column - start..<column - start + count {
          let sum = edge[i * Row.columns + j]
          let element = c.start + (i * c.stride + j)
          element.pointee = block.adding ? element.pointee + sum : sum
        }
      }
    }
  }

  /// The panel of B that begins at this column, or its copy, with zeros past the end of a block that
  /// is narrower.
  private func panel<Row: TileRow>(
    _ block: MatrixBlock, at start: Int, copy: UnsafeMutablePointer<Float>, by _: Row.Type
  ) -> FactorPart {
    let source = block.b.from(row: 0, column: start)
    let full = block.width >= Row.columns
    if full, block.panels == .inPlace { return source }
    if block.panels != .copied {
      for level in 0..<block.depth {
        let from = source.from(row: level, column: 0).start
        let to = copy + level * Row.columns
        if full {
          UnsafeMutableRawPointer(to).storeBytes(
            of: UnsafeRawPointer(from).loadUnaligned(as: Row.self), as: Row.self)
        } else {
          for j in 0..<Row.columns { to[j] = j < block.width ? from[j] : 0 }
        }
      }
    }
    return FactorPart(start: copy, stride: Row.columns)
  }
}
