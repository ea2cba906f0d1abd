import CPerflab

/// Sums of a tile of C that live in vector registers: rows one below the other.
///
/// A type for each height, and values rather than variables: the compiler keeps an array of rows in
/// memory, and takes long to see that a variable needs none.
protocol Tile {
  associatedtype Row: TileRow
  static var rows: Int { get }
  /// Zeros.
  init()
  /// With the product of a column of A and a row of B.
  func adding(_ column: FactorPart, times row: Row) -> Self
  /// Writes the sums, or adds them to what is there.
  func write(to c: ProductPart, adding: Bool)
  /// Asks for the lines that `write` is going to need.
  static func prefetch(_ c: ProductPart)
}

/// A tile of one row.
struct OneRow<Row: TileRow>: Tile {
  private let sums: Row

  static var rows: Int { 1 }

  @inline(__always)
  init() { sums = Row() }

  @inline(__always)
  private init(_ sums: Row) { self.sums = sums }

  @inline(__always)
  func adding(_ column: FactorPart, times row: Row) -> Self {
    Self(sums.adding(row, times: column.start.pointee))
  }

  @inline(__always)
  func write(to c: ProductPart, adding: Bool) {
    // SAFETY: the caller's tile has `columns` floats here; they may lie at any multiple of 4 bytes.
    let address = UnsafeMutableRawPointer(c.start)
    let sums = adding ? sums.adding(address.loadUnaligned(as: Row.self)) : sums
    address.storeBytes(of: sums, as: Row.self)
  }

  @inline(__always)
  static func prefetch(_ c: ProductPart) {
    perflab_prefetch(c.start)
    perflab_prefetch(c.start + (Row.columns - 1))
  }
}

/// A tile above another.
struct Stacked<Upper: Tile, Lower: Tile>: Tile where Upper.Row == Lower.Row {
  typealias Row = Upper.Row
  private let upper: Upper
  private let lower: Lower

  static var rows: Int { Upper.rows + Lower.rows }

  @inline(__always)
  init() { self.init(upper: Upper(), lower: Lower()) }

  @inline(__always)
  private init(upper: Upper, lower: Lower) {
    self.upper = upper
    self.lower = lower
  }

  @inline(__always)
  func adding(_ column: FactorPart, times row: Row) -> Self {
    Self(
      upper: upper.adding(column, times: row),
      lower: lower.adding(column.from(row: Upper.rows, column: 0), times: row))
  }

  @inline(__always)
  func write(to c: ProductPart, adding: Bool) {
    upper.write(to: c, adding: adding)
    lower.write(to: c.from(row: Upper.rows, column: 0), adding: adding)
  }

  @inline(__always)
  static func prefetch(_ c: ProductPart) {
    Upper.prefetch(c)
    Lower.prefetch(c.from(row: Upper.rows, column: 0))
  }
}

extension Tile {
  /// C = A · B, or C += A · B, for `rows` rows of A, `depth` columns of A and rows of B, and a row's
  /// columns of B. The innermost kernel.
  @inline(never)
  static func multiply(
    _ a: FactorPart, _ b: FactorPart, depth: Int, into c: ProductPart, adding: Bool
  ) {
    var sums = Self()
    // C is wanted only at the end: ask for it now.
    prefetch(c)
    var (a, b) = (a, b)
    for _ in 0..<depth / steps {
      for _ in 0..<steps { sums.step(&a, &b) }
    }
    for _ in 0..<depth % steps { sums.step(&a, &b) }
    sums.write(to: c, adding: adding)
  }

  /// Steps in an iteration, so that its own instructions count little. In a tall tile of AVX-512 the
  /// compiler unrolls by itself; with more steps it would run out of registers for addresses.
  @inline(__always)
  private static var steps: Int { rows <= 6 ? 4 : VectorRegisters.bits == 128 ? 2 : 1 }

  @inline(__always)
  private mutating func step(_ a: inout FactorPart, _ b: inout FactorPart) {
    // SAFETY: the kernel's B has a row here; its floats may lie at any multiple of 4 bytes.
    self = adding(a, times: UnsafeRawPointer(b.start).loadUnaligned(as: Row.self))
    a = a.from(row: 0, column: 1)
    b = b.from(row: 1, column: 0)
  }
}
