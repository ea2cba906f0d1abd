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
    func numbers() -> AlignedBuffer<Float> {
      AlignedBuffer(count: point.value / 8, distinct: distinctNumbers) { _ in
        .random(in: 0..<1, using: &random)
      }
    }
    (a, b) = (numbers(), numbers())
  }
}

extension Operands<SIMD16<Float>> {
  /// The same numbers, sixteen to an element.
  init(_ point: Point) {
    var random = point.generator()
    func numbers() -> AlignedBuffer<SIMD16<Float>> {
      AlignedBuffer(count: point.value / 128, distinct: distinctNumbers / 16) { _ in
        var element = SIMD16<Float>()
        for lane in 0..<16 { element[lane] = .random(in: 0..<1, using: &random) }
        return element
      }
    }
    (a, b) = (numbers(), numbers())
  }
}

/// No kernel takes another time for other numbers.
private let distinctNumbers = 1 << 16
