import Databases

/// A row as keepers of truth compare it.
typealias Row = (key: Int, value: UInt64)

extension SQLiteDatabase {
  /// All rows of a query: the first column is the key, the others are digested.
  func rows(_ sql: String, columns: Int = 2) throws -> [Row] {
    let statement = try prepare(sql)
    var rows: [Row] = []
    while try statement.step() {
      var digest: UInt64 = 0
      for column in 1..<columns {
        digest = mixed(digest ^ UInt64(bitPattern: Int64(statement.integer(column))))
      }
      rows.append((statement.integer(0), digest))
    }
    return rows
  }
}

/// A digest of rows that does not depend on their order.
func digest(of rows: [Row]) -> UInt64 {
  rows.reduce(0) { $0 &+ mixed(UInt64(bitPattern: Int64($1.key)) ^ $1.value &* 31) }
}

/// Source: the finaliser of MurmurHash3, Appleby, 2011.
func mixed(_ word: UInt64) -> UInt64 {
  var word = word
  word = (word ^ (word >> 33)) &* 0xff51_afd7_ed55_8ccd
  word = (word ^ (word >> 33)) &* 0xc4ce_b9fe_1a85_ec53
  return word ^ (word >> 33)
}
