import Harness

extension Question {
  /// Time of a row, of a query over sales.
  func saleQuery() throws(MissingNumber) -> Model? {
    let query = SaleRows.Question(rawValue: value)!
    guard isBaseline else {
      guard query != .row else { return nil }
      let (operation, store) = (try time("add.integer.throughput"), try time("store.throughput"))
      // A load of a word, a shift, a mask, an addition and a store; then a load and an addition.
      let column = (8 * operation + store).named("unpack and add")
      guard query == .filtered else { return Model(column) }
      // Another column; its values compared, and the results stored and loaded.
      let load = try time("load.throughput")
      let compare = 3 * operation + store + load
      return Model(2 * column + (compare + 2 * operation + 2 * load).named("compare and select"))
    }
    let page = try time("sqlite.page.read")
    // Pages of 4 KiB have room for so many rows of 61 bytes.
    let rows = 66.0
    switch query {
    case .sum:
      // The number is that of a count and a sum.
      let row = try time("sqlite.scan.row") + 0.5 * time("sqlite.aggregate")
      return Model(row.named("rows") + (page / rows).named("pages"))
    case .filtered:
      return Model((try time("sqlite.scan.row")).named("rows") + (page / rows).named("pages"))
    case .row:
      return Model((try time("sqlite.lookup")).named("look-up") + page.named("page"))
    }
  }
}
