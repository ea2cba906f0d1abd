import Harness

extension Question {
  /// Time of a row, of a query over sales.
  func saleQuery() throws(MissingNumber) -> Model? {
    let query = SaleRows.Question(rawValue: value)!
    guard isBaseline else {
      guard query != .row else { return nil }
      // A load of a word, a shift, a mask and an addition; then a load and an addition.
      let columns = query == .sum ? 1.0 : 2.0
      let unpack = (columns * 8 * (try time("add.integer.throughput"))).named("unpack and add")
      return Model(unpack)
    }
    let page = try time("sqlite.page.read")
    // Pages of 4 KiB have room for so many rows of 61 bytes.
    let rows = 66.0
    switch query {
    case .sum:
      let row = try time("sqlite.scan.row") + time("sqlite.aggregate")
      return Model(row.named("rows") + (page / rows).named("pages"))
    case .filtered:
      return Model((try time("sqlite.scan.row")).named("rows") + (page / rows).named("pages"))
    case .row:
      return Model((try time("sqlite.lookup")).named("look-up") + page.named("page"))
    }
  }
}
