import Techniques
import Testing

@Suite struct MatrixTranspositionTests {
  /// Fewer elements than a step, whole steps, and steps that overlap at the edges.
  @Test(arguments: [0, 1, 7, 15, 16, 17, 23, 24, 31, 32, 33, 48, 50, 64, 100, 264])
  func everyElementChangesRowForColumnAndNothingElseIsWritten(side: Int) {
    for offset in [0, 1, 4, 8] { expectTransposed(side, from: offset, to: 3 * offset) }
  }

  /// Past the caches with whole and with overlapping blocks, from the start of a line and from
  /// within one; and a side that is no multiple of a line.
  @Test(arguments: [(1_024, 0), (1_024, 4), (1_040, 0), (1_040, 15), (1_041, 1)])
  func aLargeResultIsTheSameWhereverItLies(side: Int, offset: Int) {
    expectTransposed(side, from: offset, to: offset)
  }

  /// - Parameters:
  ///   - from: floats between a cache line's start and the matrix.
  ///   - to: the same of the result.
  private func expectTransposed(_ side: Int, from: Int, to: Int) {
    let (count, margin) = (side * side, 16)
    let source = aligned(from + count)
    let target = aligned(to + count + margin)
    defer {
      source.deallocate()
      target.deallocate()
    }
    for index in 0..<count { source[from + index] = Float(index) }
    target.update(repeating: -1, count: to + count + margin)
    MatrixTransposition.transpose(source + from, to: target + to, side: side)
    var wrong = 0
    for row in 0..<side {
      for column in 0..<side where target[to + column * side + row] != Float(row * side + column) {
        wrong += 1
      }
    }
    for index in 0..<to where target[index] != -1 { wrong += 1 }
    for index in 0..<margin where target[to + count + index] != -1 { wrong += 1 }
    #expect(wrong == 0, "side \(side), offsets \(from) and \(to)")
  }

  private func aligned(_ count: Int) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
  }
}
