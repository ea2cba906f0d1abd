import Harness
import Techniques

/// Two random factors of n × n and their product, row by row.
struct SquareMatrices {
  let n: Int
  let a, b, c: AlignedBuffer<Float>
  let product = MatrixProduct()

  /// A point's value is n.
  init(_ point: Point) {
    var random = point.generator()
    n = point.value
    a = AlignedBuffer(count: n * n) { _ in .random(in: 0..<1, using: &random) }
    b = AlignedBuffer(count: n * n) { _ in .random(in: 0..<1, using: &random) }
    c = AlignedBuffer(count: n * n) { _ in 0 }
  }

  /// Products in one kernel call.
  static func passes(_ n: Int) -> Passes { Passes(over: n * n * n, toReach: 1 << 18) }

  /// Multiplies, and adds up elements of the product with weights, so that exchanged elements are
  /// noticed.
  func digest(
    _ multiply: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Double {
    // SAFETY: the buffers live as long as `self` and hold n × n elements each.
    Self.passes(n).sum {
      multiply(
        a.opaqueElements.baseAddress!, b.opaqueElements.baseAddress!, c.elements.baseAddress!)
      var sum = 0.0
      for index in stride(from: 0, to: n * n, by: 61) {
        sum += Double(c.elements[index]) * Double(index % 7 + 1)
      }
      return sum
    }
  }
}
