/// A part of a factor, row by row.
struct FactorPart {
  /// Of the part's first element.
  var start: UnsafePointer<Float>
  /// Elements from a row to the next.
  var stride: Int

  /// The part that begins at this element.
  @inline(__always)
  func from(row: Int, column: Int) -> Self {
    Self(start: start + (row &* stride &+ column), stride: stride)
  }
}

/// A part of the product, row by row. A type that was generic over the pointer would do for both,
/// and take the compiler several seconds more.
struct ProductPart {
  /// Of the part's first element.
  var start: UnsafeMutablePointer<Float>
  /// Elements from a row to the next.
  var stride: Int

  /// The part that begins at this element.
  @inline(__always)
  func from(row: Int, column: Int) -> Self {
    Self(start: start + (row &* stride &+ column), stride: stride)
  }
}

/// A product of parts of the factors: what the caches hold at a time, or all of it.
struct MatrixBlock {
  /// Whether panels of B are read where they lie, or are copied for this block or an earlier one.
  enum Panels { case inPlace, toCopy, copied }

  var a: FactorPart
  var b: FactorPart
  var c: ProductPart
  /// Rows of A and C.
  var height: Int
  /// Columns of B and C.
  var width: Int
  /// Columns of A, rows of B.
  var depth: Int
  /// Whether C already holds the sums over earlier columns of A.
  var adding = false
  var panels = Panels.inPlace
}
