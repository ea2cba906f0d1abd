import CPerflab

/// A square matrix of floats turned over its diagonal, 4 × 8 elements at a time in registers.
///
///     MatrixTransposition.transpose(matrix, to: turned, side: 1_024)
///
/// Of the two matrices one is gone over by columns, whose lines lie a row apart. Here each line is
/// used as a whole before it can be evicted:
///
/// - a column of 16 elements is a line of each row, and its stores go on along 16 rows of the
///   result;
/// - a result of 4 MiB or more, which is larger than a core's share of most last-level caches, is
///   written past the caches: blocks of 64 × 64 are gathered in a buffer and leave it line by line.
///   So rows of a power of two, whose lines compete for few sets, are no slower than others. This
///   needs rows that are a multiple of 16 elements.
///
/// Source of the buffer: M. Lam, E. Rothberg and M. Wolf, *The Cache Performance and Optimizations
/// of Blocked Algorithms*, ASPLOS 1991.
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
    // SAFETY: all elements that the functions below touch lie within the two matrices.
    if side < 16 {
      for i in 0..<side {
        for j in 0..<side { to[j &* side &+ i] = from[i &* side &+ j] }
      }
    } else if side >= 1_024, side % 16 == 0 {
      pastCaches(from, to: to, side: side)
    } else {
      byColumns(from, to: to, side: side, rows: 0..<side)
    }
  }

  /// Down each column of 16 elements. The last steps overlap those before, since out of place an
  /// element may be written twice; so does the second one, for stores that cross no cache line.
  private static func byColumns(
    _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, side: Int, rows: Range<Int>
  ) {
    let aligned = rows.lowerBound &- Int(bitPattern: to) / MemoryLayout<Float>.stride % 8
    for column in stride(from: 0, to: side, by: 16) {
      let left = min(column, side &- 16)
      for row in stride(from: aligned, to: rows.upperBound, by: 8) {
        let top = max(rows.lowerBound, min(row, rows.upperBound &- 8))
        Strip.turn16(
          from + (top &* side &+ left), stride: side, to: to + (left &* side &+ top),
          toStride: side)
      }
    }
  }

  private static func pastCaches(
    _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, side: Int
  ) {
    // In each row of the result: what comes before its first whole line, and after its last one.
    let before = (64 &- Int(bitPattern: to) % 64) % 64 / MemoryLayout<Float>.stride
    if before > 0 {
      byColumns(from, to: to, side: side, rows: 0..<16)
      byColumns(from, to: to, side: side, rows: side &- 16..<side)
    }
    let end = before > 0 ? side &- 16 &+ before : side
    Block.withBuffer { block in
      for row in stride(from: before, to: end, by: Block.side) {
        let top = min(row, end &- Block.side)
        for column in stride(from: 0, to: side, by: Block.side) {
          let left = min(column, side &- Block.side)
          let source = from + (top &* side &+ left)
          block.fill(from: source, stride: side)
          block.stream(
            to: to + (left &* side &+ top), stride: side, whileFetching: source + Block.side)
        }
      }
    }
    perflab_stream_end()
  }
}

/// 64 × 64 floats that are read along their rows and written along those of the result.
private struct Block {
  static let side = 64

  private let elements: UnsafeMutablePointer<Float>

  @inline(__always)
  static func withBuffer(_ body: (Block) -> Void) {
    let count = side * side
    withUnsafeTemporaryAllocation(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64
    ) { room in
      body(Block(elements: room.baseAddress!.bindMemory(to: Float.self, capacity: count)))
    }
  }

  @inline(__always)
  func fill(from source: UnsafePointer<Float>, stride side: Int) {
    for row in stride(from: 0, to: Self.side, by: 8) {
      for column in stride(from: 0, to: Self.side, by: 16) {
        Strip.turn16(
          source + (row &* side &+ column), stride: side,
          to: elements + (column &* Self.side &+ row), toStride: Self.side)
      }
    }
  }

  /// Copies the buffer with non-temporal stores.
  ///
  /// - Parameters:
  ///   - target: at the start of a cache line, as each of its rows is.
  ///   - next: the block to come; the core waits for memory with no store.
  @inline(__always)
  func stream(
    to target: UnsafeMutablePointer<Float>, stride side: Int,
    whileFetching next: UnsafePointer<Float>
  ) {
    for row in 0..<Self.side {
      for column in stride(from: 0, to: Self.side, by: 16) {
        let offset = row &* side &+ column
        // SAFETY: the buffer and the target are aligned to lines, and a prefetch never faults.
        perflab_stream_line(target + offset, elements + (row &* Self.side &+ column))
        perflab_prefetch(next + offset)
      }
    }
  }
}

/// Eight rows of four floats, which become four rows of eight.
private enum Strip {
  // The compiler merges two steps of shuffles of one type into a longer sequence, so that they
  // take turns: as floats, and as pairs of floats.
  private typealias Floats = SIMD8<Float>
  private typealias Pairs = SIMD4<Double>

  /// Turns 8 × 16 floats, a line of each of eight rows.
  ///
  /// - Parameters:
  ///   - stride: elements from row to row.
  ///   - toStride: the same of the target.
  @inline(__always)
  static func turn16(
    _ from: UnsafePointer<Float>, stride: Int, to: UnsafeMutablePointer<Float>, toStride: Int
  ) {
    turn(from, stride: stride, to: to, toStride: toStride)
    turn(from + 4, stride: stride, to: to + 4 &* toStride, toStride: toStride)
    turn(from + 8, stride: stride, to: to + 8 &* toStride, toStride: toStride)
    turn(from + 12, stride: stride, to: to + 12 &* toStride, toStride: toStride)
  }

  /// Two matrices of 4 × 4 side by side in each vector.
  @inline(__always)
  private static func turn(
    _ from: UnsafePointer<Float>, stride: Int, to: UnsafeMutablePointer<Float>, toStride: Int
  ) {
    // SAFETY: the caller's rows lie within its matrices.
    func half(_ row: Int) -> SIMD2<Double> {
      UnsafeRawPointer(from + row &* stride).loadUnaligned(as: SIMD2<Double>.self)
    }
    func rows(_ row: Int) -> Pairs { Pairs(lowHalf: half(row), highHalf: half(row &+ 4)) }
    func put(_ row: Pairs, _ index: Int) {
      UnsafeMutableRawPointer(to + index &* toStride).storeBytes(of: row, as: Pairs.self)
    }
    let (a, b) = interleaved(rows(0), rows(1))
    let (c, d) = interleaved(rows(2), rows(3))
    put(Pairs(a[0], c[0], a[2], c[2]), 0)
    put(Pairs(a[1], c[1], a[3], c[3]), 1)
    put(Pairs(b[0], d[0], b[2], d[2]), 2)
    put(Pairs(b[1], d[1], b[3], d[3]), 3)
  }

  /// Float by float in each half of the vectors: the first two of each, and the last two.
  @inline(__always)
  private static func interleaved(_ x: Pairs, _ y: Pairs) -> (Pairs, Pairs) {
    let (a, b) = (unsafeBitCast(x, to: Floats.self), unsafeBitCast(y, to: Floats.self))
    let low = Floats(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5])
    let high = Floats(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7])
    return (unsafeBitCast(low, to: Pairs.self), unsafeBitCast(high, to: Pairs.self))
  }
}
