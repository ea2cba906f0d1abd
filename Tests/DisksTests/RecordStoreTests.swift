import Glibc
import Platform
import Statistics
import Testing

@testable import Disks

struct RecordStoreTests {
  @Test func aRecordIsReadAsItWasWrittenOrNotAtAll() {
    let memory = AlignedMemory(256)
    for record in [(0, 0), (1, 7), (65_535, 1_000_000)].map({ StoredRecord(key: $0, version: $1) })
    {
      record.encode(into: memory.bytes)
      #expect(StoredRecord(UnsafeRawBufferPointer(memory.bytes)) == record)
      for position in [0, 8, 100, 255] {
        memory.bytes[position] ^= 4
        #expect(StoredRecord(UnsafeRawBufferPointer(memory.bytes)) == nil)
        memory.bytes[position] ^= 4
      }
    }
    memory.bytes.initializeMemory(as: UInt8.self, repeating: 0)
    #expect(StoredRecord(UnsafeRawBufferPointer(memory.bytes)) == nil)
  }

  /// The same updates in both: every record is the same, and a scan of the log finds them all.
  @Test func tableAndLogHoldTheSameAndTheLogReplays() throws {
    let folder = try testFolder()
    let (records, slots) = (4_096, 5_120)
    var random = SeededGenerator(seed: 5)
    let table = try RecordTable(folder.file("table"), records: records)
    let log = try RecordLog(folder.file("log"), records: records, slots: slots, using: &random)
    let start = try (0..<records).map { try #require(try log.record($0)).version }
    for _ in 0..<200 {
      let keys = Array(Set((0..<16).map { _ in Int.random(in: 0..<records, using: &random) }))
      try table.update(keys)
      try log.update(keys)
    }
    let replayed = try RecordLog.replay(folder.file("log"), slots: slots)
    #expect(replayed.count == records)
    for key in 0..<records {
      let updates = try #require(try table.record(key)).version
      #expect(try log.record(key) == StoredRecord(key: key, version: start[key] + updates))
      #expect(replayed[key] == start[key] + updates)
    }
    #expect(log.writtenBytes > table.writtenBytes)
  }

  /// Updates at random: each new record costs 1 ÷ (1 − p) writes, where p = exp(−slots ÷ (records ×
  /// writes)) of the oldest records are live. Source: Desnoyers, *Analytic Modeling of SSD Write
  /// Performance*, SYSTOR 2012.
  @Test(arguments: [0.5, 0.8, 0.9])
  func cleaningCostsWhatTheFillSays(fill: Double) {
    let records = 4_096
    var index = LogIndex(records: records, slots: Int(Double(records) / fill))
    var random = SeededGenerator(seed: 6)
    var (updates, writes) = (0, 0)
    for round in 0..<12_000 {
      let keys = Array(Set((0..<16).map { _ in Int.random(in: 0..<records, using: &random) }))
      let moves = index.append(keys)
      guard round >= 6_000 else { continue }
      updates += keys.count
      writes += moves.count
    }
    var expected = 2.0
    for _ in 0..<200 { expected = 1 / (1 - exp(-1 / (fill * expected))) }
    #expect(abs(Double(writes) / Double(updates) / expected - 1) < 0.03)
  }
}
