import Harness

/// Two vectors of equal length on 64-byte boundaries.
struct Operands<Element: BitwiseCopyable>: Sendable {
  let a, b: AlignedBuffer<Element>

  /// Bytes of both together.
  var bytes: Int { 2 * a.count * MemoryLayout<Element>.stride }
}

extension Operands<Float> {
  /// Random numbers between 0 and 1; a point's value is the bytes of both vectors together.
  init(_ point: Point) {
    var random = point.generator()
    a = AlignedBuffer(count: point.value / 8) { _ in .random(in: 0..<1, using: &random) }
    b = AlignedBuffer(count: point.value / 8) { _ in .random(in: 0..<1, using: &random) }
  }

  /// The same numbers, sixteen to an element.
  var vectors: Operands<SIMD16<Float>> {
    func packed(_ floats: AlignedBuffer<Float>) -> AlignedBuffer<SIMD16<Float>> {
      AlignedBuffer(count: floats.count / 16) { index in
        SIMD16(floats.elements[index * 16..<index * 16 + 16])
      }
    }
    return Operands<SIMD16<Float>>(a: packed(a), b: packed(b))
  }
}
