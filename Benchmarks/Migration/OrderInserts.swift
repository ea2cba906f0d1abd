import Databases
import Platform
import Results

/// Nanoseconds of an insert, of a thousand in one transaction.
func orderInsertTime(_ database: SQLiteDatabase) throws -> Counter {
  let insert = try database.prepare(SampleOrders.insertion)
  try insert.bind(SampleOrders.note, at: 5)
  let start = Clock.now()
  try database.transaction {
    for row in 0..<1_000 {
      for (index, value) in [row * 7 % 8_000, 0, row % 365, row].enumerated() {
        try insert.bind(value, at: index + 1)
      }
      try insert.run()
    }
  }
  return .seconds(Double(Clock.now() - start) / 1e12)
}
