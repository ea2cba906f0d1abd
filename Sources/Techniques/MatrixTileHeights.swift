typealias Two<Row: TileRow> = Stacked<OneRow<Row>, OneRow<Row>>
typealias Three<Row: TileRow> = Stacked<Two<Row>, OneRow<Row>>
typealias Four<Row: TileRow> = Stacked<Two<Row>, Two<Row>>
typealias Eight<Row: TileRow> = Stacked<Four<Row>, Four<Row>>

extension TileRow {
  /// The most rows of a tile. Of 16 registers 6 × 2 are sums, of 32 registers 12 × 2; the others are
  /// for two vectors of B and elements of A.
  @_transparent
  static var mostRows: Int { VectorRegisters.count * 3 / 8 }

  /// `Tile.multiply` with a tile of so many rows of this kind.
  @inline(__always)
  static func multiply(
    rows: Int, _ a: FactorPart, _ b: FactorPart, depth: Int, into c: ProductPart, adding: Bool
  ) {
    typealias Row = Self
    switch rows {
    case 1: OneRow<Row>.multiply(a, b, depth: depth, into: c, adding: adding)
    case 2: Two<Row>.multiply(a, b, depth: depth, into: c, adding: adding)
    case 3: Three<Row>.multiply(a, b, depth: depth, into: c, adding: adding)
    case 4: Four<Row>.multiply(a, b, depth: depth, into: c, adding: adding)
    case 5: Stacked<Four<Row>, OneRow<Row>>.multiply(a, b, depth: depth, into: c, adding: adding)
    case 6: Stacked<Four<Row>, Two<Row>>.multiply(a, b, depth: depth, into: c, adding: adding)
    default: multiply(many: rows, a, b, depth: depth, into: c, adding: adding)
    }
  }

  /// With more than six rows.
  @inline(__always)
  private static func multiply(
    many rows: Int, _ a: FactorPart, _ b: FactorPart, depth: Int, into c: ProductPart, adding: Bool
  ) {
    // A build with 16 registers has no such tile, and needs no code for it.
    guard mostRows > 6 else { return }
    typealias Row = Self
    switch rows {
    case 7: Stacked<Four<Row>, Three<Row>>.multiply(a, b, depth: depth, into: c, adding: adding)
    case 8: Eight<Row>.multiply(a, b, depth: depth, into: c, adding: adding)
    case 9: Stacked<Eight<Row>, OneRow<Row>>.multiply(a, b, depth: depth, into: c, adding: adding)
    case 10: Stacked<Eight<Row>, Two<Row>>.multiply(a, b, depth: depth, into: c, adding: adding)
    case 11: Stacked<Eight<Row>, Three<Row>>.multiply(a, b, depth: depth, into: c, adding: adding)
    default: Stacked<Eight<Row>, Four<Row>>.multiply(a, b, depth: depth, into: c, adding: adding)
    }
  }
}
