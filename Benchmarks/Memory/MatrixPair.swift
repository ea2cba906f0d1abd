import Harness

/// A matrix and the memory for its transpose.
struct MatrixPair: Sendable {
  private let from: AlignedBuffer<Float>
  private let to: AlignedBuffer<Float>
  private let side: Int

  init(_ side: Int) {
    self.side = side
    from = AlignedBuffer(count: side * side) { Float($0 & 0xff_ffff) }
    to = AlignedBuffer(count: side * side) { _ in 0 }
  }

  /// Transpositions in one kernel call.
  static func passes(_ side: Int) -> Int { Passes(over: side * side, toReach: 1 << 17).count }

  /// Returns a digest of elements at all places of a tile, few enough not to count.
  func run(
    _ transpose: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ side: Int) -> Void
  ) -> Int {
    let (source, target) = (from.elements.baseAddress!, to.elements.baseAddress!)
    for _ in 0..<Self.passes(side) { transpose(source, target, opaque(side)) }
    var digest = 0
    for row in 0..<side {
      digest &+= Int(target[row * side + (row * 5 + row / 16) % side]) &* (row + 1)
    }
    return digest
  }
}
