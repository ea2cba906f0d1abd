import CPerflab

/// The vector registers that this build may use.
///
/// Transparent, so that kernels for other registers are dropped before they are optimised.
enum VectorRegisters {
  @_transparent
  static var bits: Int { Int(PERFLAB_VECTOR_BITS) }
  @_transparent
  static var count: Int { Int(PERFLAB_VECTOR_REGISTERS) }
}

/// A row of a tile of C: elements of Float in one vector register or in two.
protocol TileRow: BitwiseCopyable {
  /// For the columns that whole rows of this kind leave over; the narrowest kind's is itself.
  associatedtype Narrower: TileRow
  static var columns: Int { get }
  /// Zeros.
  init()
  func adding(_ other: Self) -> Self
  func adding(_ b: Self, times a: Float) -> Self
}

// The same for each width: in code for all of them, `addingProduct` would be the generic one, which
// goes lane by lane.

extension SIMD16<Float>: TileRow {
  typealias Narrower = SIMD8<Float>
  static var columns: Int { 16 }
  @inline(__always)
  func adding(_ other: Self) -> Self { self + other }
  @inline(__always)
  func adding(_ b: Self, times a: Float) -> Self { addingProduct(b, Self(repeating: a)) }
}

extension SIMD8<Float>: TileRow {
  typealias Narrower = SIMD8<Float>
  static var columns: Int { 8 }
  @inline(__always)
  func adding(_ other: Self) -> Self { self + other }
  @inline(__always)
  func adding(_ b: Self, times a: Float) -> Self { addingProduct(b, Self(repeating: a)) }
}

extension SIMD4<Float>: TileRow {
  typealias Narrower = SIMD4<Float>
  static var columns: Int { 4 }
  @inline(__always)
  func adding(_ other: Self) -> Self { self + other }
  @inline(__always)
  func adding(_ b: Self, times a: Float) -> Self { addingProduct(b, Self(repeating: a)) }
}

/// Two vectors side by side: an element of A is loaded once for both.
struct Twice<Vector: TileRow>: TileRow {
  typealias Narrower = Vector
  private let left: Vector
  private let right: Vector

  static var columns: Int { 2 * Vector.columns }

  @inline(__always)
  init() { self.init(left: Vector(), right: Vector()) }

  @inline(__always)
  private init(left: Vector, right: Vector) {
    self.left = left
    self.right = right
  }

  @inline(__always)
  func adding(_ other: Self) -> Self {
    Self(left: left.adding(other.left), right: right.adding(other.right))
  }

  @inline(__always)
  func adding(_ b: Self, times a: Float) -> Self {
    Self(left: left.adding(b.left, times: a), right: right.adding(b.right, times: a))
  }
}
