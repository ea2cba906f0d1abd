import Glibc
import Platform
import Testing

@testable import Databases

@Suite struct LMDBTests {
  private func scratch() throws -> ScratchFolder { try ScratchFolder(bytes: 16 << 20, in: "/tmp") }

  private func put(_ key: UInt64, _ text: String, _ transaction: LMDBTransaction) throws {
    try Array(text.utf8).withUnsafeBytes { try transaction.put(key, $0) }
  }

  private func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [LMDBEnvironment.Durability.full, .withoutMetaPage, .none])
  func entriesComeBackInTheOrderOfTheirKeys(_ durability: LMDBEnvironment.Durability) throws {
    let folder = try scratch()
    do {
      let environment = try LMDBEnvironment(
        folder.file("e"), capacity: 8 << 20, durability: durability)
      try environment.write { transaction in
        for key in [300, 2, 70_000, 1] as [UInt64] { try put(key, "old \(key)", transaction) }
        try put(2, "two", transaction)
      }
      try environment.flush()
    }
    let environment = try LMDBEnvironment(folder.file("e"), capacity: 8 << 20)
    let found = try environment.read { transaction in
      #expect(try transaction.get(2, text) == "two")
      #expect(try transaction.get(3, text) == nil)
      var found: [UInt64: String] = [:]
      var keys: [UInt64] = []
      try transaction.range(from: 2) { key, value in
        keys.append(key)
        found[key] = text(value)
        return key < 300
      }
      #expect(keys == [2, 300])
      return found
    }
    #expect(found == [2: "two", 300: "old 300"])
    #expect(try environment.write { try $0.remove(2) && !$0.remove(2) })
    #expect(try environment.read { try $0.get(2, text) } == nil)
    let (pages, pageBytes) = try environment.size()
    #expect(pages == 1 && pageBytes >= 4_096)
  }

  @Test func aTransactionThatThrowsChangesNothingAndReadersSeeASnapshot() throws {
    struct Stop: Error {}
    let folder = try scratch()
    let environment = try LMDBEnvironment(folder.file("e"), capacity: 8 << 20)
    try environment.write { try put(1, "before", $0) }
    #expect(throws: Stop.self) {
      try environment.write {
        try put(1, "after", $0)
        throw Stop()
      }
    }
    try environment.read { snapshot in
      #expect(try snapshot.get(1, text) == "before")
      try environment.write { try put(1, "after", $0) }
      #expect(try snapshot.get(1, text) == "before")
    }
    #expect(try environment.read { try $0.get(1, text) } == "after")
  }

  @Test func faultsAreErrorsOfOneLine() throws {
    let folder = try scratch()
    let full = try LMDBEnvironment(folder.file("full"), capacity: 64 << 10)
    let error = #expect(throws: LMDBError.self) {
      try full.write { transaction in
        for key in 0..<1_000 {
          try put(UInt64(key), String(repeating: "x", count: 200), transaction)
        }
      }
    }
    #expect(error?.isFull == true)
    #expect(error?.description.contains("\n") == false)
    #expect(try full.read { try $0.get(0, text) } == nil)
    // The folder of a file that is no database.
    let damaged = folder.file("damaged")
    mkdir(damaged, 0o700)
    let file = try #require(fopen("\(damaged)/data.mdb", "w"))
    for _ in 0..<2_000 { fputs("no database ", file) }
    fclose(file)
    let invalid = #expect(throws: LMDBError.self) {
      try LMDBEnvironment(damaged, capacity: 1 << 20)
    }
    #expect(try #require(invalid).description.contains("MDB_INVALID"))
    let absent = #expect(throws: LMDBError.self) {
      try LMDBEnvironment("/does/not/exist", capacity: 1 << 20)
    }
    #expect(absent?.code == ENOENT)
  }
}
