import Databases
import Harness
import Platform
import Results
import Statistics

/// Sales of two years as rows and as columns: what a call asks of each.
enum SaleRows {
  static let count = 65_536
  /// Bytes of scratch space.
  static let neededBytes = 32 << 20

  /// What is asked, by the sweep's value.
  enum Question: Int, CaseIterable {
    /// The sum of one column.
    case sum
    /// The sum of one column where another has one of ten values.
    case filtered
    /// All columns of one row, for some rows at random.
    case row

    var label: String {
      switch self {
      case .sum: "sum of a column"
      case .filtered: "sum where"
      case .row: "one row"
      }
    }
  }

  /// Rows that a call looks up.
  static let lookUps = 4

  /// Columns in the order of the rows' days.
  static func columns(seed: UInt64) -> [ColumnFile.Column] {
    var random = SeededGenerator(seed: seed)
    func draw(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    let rows = 0..<count
    let words = SampleOrders.note.split(separator: " ")
    return [
      .init("id", .integers(Array(rows))),
      .init("day", .integers(rows.map { $0 * 730 / count })),
      .init("customer", .integers(rows.map { _ in draw(9_000) })),
      .init("shop", .integers(rows.map { _ in draw(10) })),
      .init("cents", .integers(rows.map { _ in 99 + 100 * draw(400) })),
      .init(
        "note",
        .texts(
          rows.map { row in
            let chosen = (0..<6).map { _ in String(words[draw(words.count)]) }
            return chosen.joined(separator: " ") + " \(row)"
          })),
    ]
  }

  /// Rows that are looked up, the same in all variants of a process.
  static func wanted(_ point: Point) -> [Int] {
    var generator = point.generator()
    return (0..<lookUps).map { _ in Int.random(in: 0..<count, using: &generator) }
  }
}

/// A table of SQLite in a file.
final class SaleTable {
  private let files = ObservedFiles()
  private let statement: SQLiteStatement
  private let folder: ScratchFolder
  private let question: SaleRows.Question
  private let parameters: [Int]
  private var calls = 0
  private var before = FileCounts()

  init(_ point: Point) throws {
    question = SaleRows.Question(rawValue: point.value)!
    folder = try ScratchFolder(bytes: SaleRows.neededBytes)
    let path = folder.file("sales.db")
    try Self.fill(path, seed: point.seed)
    // Both sides read from the kernel's page cache: neither keeps the table in memory of its own.
    let database = try SQLiteDatabase(
      .file(path), SQLiteSettings(cacheBytes: 256 << 10), files: files)
    statement = try database.prepare(
      saleSQL(question),
      plan: question == .row ? "SEARCH sales USING INTEGER PRIMARY KEY (rowid=?)" : "SCAN sales")
    parameters = question == .row ? SaleRows.wanted(point) : []
    _ = try answer()
    _ = report()
  }

  private static func fill(_ path: String, seed: UInt64) throws {
    let database = try SQLiteDatabase(.file(path), .building)
    try database.execute(
      """
      CREATE TABLE sales(
        id INTEGER PRIMARY KEY, day INTEGER NOT NULL, customer INTEGER NOT NULL,
        shop INTEGER NOT NULL, cents INTEGER NOT NULL, note TEXT NOT NULL)
      """)
    let insertion = try database.prepare("INSERT INTO sales VALUES (?, ?, ?, ?, ?, ?)")
    let columns = SaleRows.columns(seed: seed)
    try database.transaction {
      for row in 0..<SaleRows.count {
        for (index, column) in columns.enumerated() {
          switch column.values {
          case .integers(let values): try insertion.bind(values[row], at: index + 1)
          case .texts(let values): try insertion.bind(values[row], at: index + 1)
          }
        }
        try insertion.run()
      }
    }
  }

  /// - Returns: the sum, or a digest of the rows.
  @inline(never)
  func answer() throws -> UInt64 {
    calls += 1
    defer { statement.reset() }
    guard question == .row else {
      _ = try statement.step()
      return UInt64(statement.integer(0))
    }
    var digest = RowDigest()
    for row in parameters {
      try statement.bind(row, at: 1)
      _ = try statement.step()
      for column in 0..<5 { digest.add(statement.integer(column)) }
      digest.add(statement.withBytes(of: 5, RowDigest.hash))
      digest.endRow()
      statement.reset()
    }
    return digest.value
  }

  func report() -> [String: Counter] {
    let counts = files.counts
    defer { (calls, before) = (0, counts) }
    let bytes = Double((counts - before).readBytes) / Double(max(1, calls))
    return ["bytes read": Counter(bytes, unit: .bytes)]
  }
}

/// The same in a file of columns.
final class SaleColumns {
  let file: ColumnFile
  let question: SaleRows.Question
  let wanted: [Int]
  private let folder: ScratchFolder
  private var calls = 0
  private var before = 0

  init(_ point: Point) throws {
    question = SaleRows.Question(rawValue: point.value)!
    folder = try ScratchFolder(bytes: SaleRows.neededBytes)
    let path = folder.file("sales.columns")
    try ColumnFile.write(SaleRows.columns(seed: point.seed), to: path)
    file = try ColumnFile(path)
    wanted = SaleRows.wanted(point)
    _ = report()
  }

  /// One more call, for the report.
  func begin() { calls += 1 }

  func report() -> [String: Counter] {
    let bytes = Double(file.bytesRead - before) / Double(max(1, calls))
    (calls, before) = (0, file.bytesRead)
    return ["bytes read": Counter(bytes, unit: .bytes)]
  }
}
