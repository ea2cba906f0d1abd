import Harness

extension Question {
  /// Time of an index entry and its row.
  /// - Parameter rows: different ones of the usual orders that a call visits over and over.
  func indexedRow(among rows: Int) throws(MissingNumber) -> Time {
    // In the row's page a binary search reads a row's head in each of its six steps, each in another
    // line; with the row's own two lines that makes 512 bytes, until all of the table is read.
    let bytes = min(Double(rows) * 512, 2.4e6)
    let isNear = bytes <= Double(capacity(of: .l2) ?? 1 << 20)
    return try time(isNear ? "sqlite.index.row.near" : "sqlite.index.row")
  }
}
