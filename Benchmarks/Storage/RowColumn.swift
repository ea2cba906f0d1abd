import Databases
import Harness
import Results

extension Experiment {
  /// A sum over a table, and one row of it: rows side by side, columns side by side.
  static let rowColumn = Experiment(
    id: "storage/row-column",
    title: "A sum and a single row: rows (SQLite) → packed columns",
    slot: "performance/storage/engines",
    claim: """
      A sum over one of six columns takes tens of times less from packed columns than from rows, \
      since it reads a few percent of the bytes and has no row to take apart; reading one whole row \
      takes a hundred times more, since a group of thousands has to be unpacked for each column.
      """,
    mechanism: """
      In SQLite a row's columns stand side by side in a page: a scan reads every page, and each row's \
      header up to the column, by its virtual machine, a row at a time. In the file of columns a \
      group of 4,096 rows has each column in one piece. Numbers are stored in as many bits as their \
      range needs (16 bits for the amount, 4 for the shop), rising ones as steps, texts compressed by \
      zlib; a loop unpacks a piece into an array, and another adds it up. One row is in six pieces, \
      which no index enters in the middle.
      """,
    limits: """
      SQLite is a row engine with an interpreter; a faster row engine narrows the first gap, never the \
      bytes. The columns can't be changed: stores of this kind collect changes as rows and rewrite \
      groups. A covering index is a column of its own in a row store (storage/covering-index). Here \
      both read the kernel's page cache; from a device the bytes count even more. Settings: pages of \
      4 KiB, a page cache of 256 KiB; 65,536 rows of about 55 bytes, in the order of their days.
      """,
    diagram: """
      flowchart LR
        q["{point}"] --> r["rows: every page, row by row: {rows}"]
        q --> c["columns: one piece per column and 4,096 rows: {columns}"]
        r -- "{speedup}" --> c
      """,
    sweep: .named("query", SaleRows.Question.allCases.map(\.label), smoke: 0),
    signals: ["bytes read"],
    needs: [.storage(bytes: SaleRows.neededBytes)],
    work: { value in
      let isRow = value == SaleRows.Question.row.rawValue
      return Work(
        elements: isRow ? Double(SaleRows.lookUps) : Double(SaleRows.count), each: "row")
    },
    variants: [
      Variant(
        "rows", shows: ["saleSQL"], prepare: { try SaleTable($0) }, report: { $0.report() },
        run: { table in attempt { try table.answer() } }),
      Variant(
        "columns", shows: ["sum", "sumWhere", "digestRows"], prepare: { try SaleColumns($0) },
        report: { $0.report() }, run: { sales in attempt { try answer(sales) } }),
    ],
    noYardstick: "No column engine can be installed from a package here (DuckDB is not packaged).",
    headline: DeclaredHeadline(value: SaleRows.Question.sum.rawValue, variant: "columns"),
    model: { question throws(MissingNumber) in try question.saleQuery() })
}

func saleSQL(_ question: SaleRows.Question) -> String {
  switch question {
  case .sum: "SELECT sum(cents) FROM sales"
  case .filtered: "SELECT sum(cents) FROM sales WHERE shop = 3"
  case .row: "SELECT id, day, customer, shop, cents, note FROM sales WHERE id = ?"
  }
}

private func answer(_ sales: SaleColumns) throws -> UInt64 {
  sales.begin()
  switch sales.question {
  case .sum: return try sum(sales.file)
  case .filtered: return try sumWhere(sales.file)
  case .row: return try digestRows(sales.file, sales.wanted)
  }
}

@inline(never)
private func sum(_ file: ColumnFile) throws -> UInt64 {
  let cents = try file.column("cents")
  var sum = 0
  for group in 0..<file.groups {
    sum &+= try file.integers(cents, of: group) { values in values.reduce(0, &+) }
  }
  return UInt64(sum)
}

@inline(never)
private func sumWhere(_ file: ColumnFile) throws -> UInt64 {
  let (shop, cents) = (try file.column("shop"), try file.column("cents"))
  var sum = 0
  for group in 0..<file.groups {
    let wanted = try file.integers(shop, of: group) { shops in shops.map { $0 == 3 ? -1 : 0 } }
    sum &+= try file.integers(cents, of: group) { cents in
      cents.indices.reduce(0) { $0 &+ (cents[$1] & wanted[$1]) }
    }
  }
  return UInt64(sum)
}

@inline(never)
private func digestRows(_ file: ColumnFile, _ wanted: [Int]) throws -> UInt64 {
  let columns = try ["id", "day", "customer", "shop", "cents"].map { try file.column($0) }
  let note = try file.column("note")
  var digest = RowDigest()
  for row in wanted {
    let (group, place) = (row / ColumnFile.groupRows, row % ColumnFile.groupRows)
    for column in columns { digest.add(try file.integers(column, of: group) { $0[place] }) }
    var text = try file.texts(note, of: group)[place]
    digest.add(text.withUTF8 { RowDigest.hash(UnsafeRawBufferPointer($0)) })
    digest.endRow()
  }
  return digest.value
}
