import Glibc
import Platform
import Testing

@testable import Databases

/// Where RocksDB is installed.
@Suite(.enabled(if: (try? RocksLibrary.shared.get()) != nil)) struct RocksTests {
  private func put(_ key: Int, _ text: String, _ database: RocksDatabase) {
    Array(text.utf8).withUnsafeBytes { database.put(UInt64(key), $0) }
  }

  @Test func entriesAreThereAfterCompactionAndReopening() throws {
    let folder = try ScratchFolder(bytes: 16 << 20, in: "/tmp")
    var options = RocksDatabase.Options()
    options.memoryBytes = 64 << 10
    options.levelBytes = 256 << 10
    options.fileBytes = 64 << 10
    do {
      let database = try RocksDatabase(folder.file("e"), options)
      for round in 0..<4 {
        for key in 0..<2_000 { put(key, "value \(key) of round \(round)", database) }
        try database.commit()
      }
      database.waitUntilQuiet()
      #expect(database.property("rocksdb.total-sst-files-size") > 0)
      database.compact()
    }
    let database = try RocksDatabase(folder.file("e"), options)
    for key in [0, 1_000, 1_999] {
      let found = try database.get(UInt64(key)) { String(decoding: $0, as: UTF8.self) }
      #expect(found == "value \(key) of round 3")
    }
    #expect(try database.get(2_000) { $0.count } == nil)
  }

  @Test func faultsAreErrorsOfOneLine() throws {
    let folder = try ScratchFolder(bytes: 16 << 20, in: "/tmp")
    let absent = #expect(throws: RocksError.self) { try RocksDatabase("/does/not/exist") }
    #expect(try #require(absent).description.contains("\n") == false)
    let database = try RocksDatabase(folder.file("e"))
    let locked = #expect(throws: RocksError.self) { try RocksDatabase(folder.file("e")) }
    #expect(try #require(locked).description.contains("lock"))
    _ = database
  }
}
