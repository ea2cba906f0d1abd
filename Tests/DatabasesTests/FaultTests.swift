import CSQLite
import Glibc
import Platform
import Testing

@testable import Databases

/// What goes wrong outside of the program is one line that says what and where.
@Suite struct FaultTests {
  private func check(_ error: (any Error)?, says words: String) {
    let line = error.map { "\($0)" } ?? ""
    #expect(line.contains(words) && !line.contains("\n"), "\(line)")
  }

  @Test func aFolderThatCanNotBeWrittenIsAnError() {
    let folder = "/proc/perflab"
    check(
      #expect(throws: SQLiteError.self) { try SQLiteDatabase(.file(folder)) },
      says: "unable to open database file")
    check(
      #expect(throws: LMDBError.self) { try LMDBEnvironment(folder, capacity: 1 << 20) },
      says: folder)
    check(
      #expect(throws: ColumnFile.Fault.self) {
        try ColumnFile.write([.init("a", .integers([1]))], to: folder)
      }, says: folder)
    check(
      #expect(throws: SystemError.self) { try AppendedLog(folder, flush: .always) { _ in } },
      says: folder)
    check(
      #expect(throws: ScratchError.self) { try ScratchFolder(bytes: 1, in: "/proc") },
      says: "--scratch names another folder")
  }

  @Test func aLockOfAnotherProcessIsAnErrorAfterTheWait() throws {
    let folder = try ScratchFolder(bytes: 1 << 20, in: "/tmp")
    let path = folder.file("d")
    let holder = try SQLiteDatabase(.file(path))
    try holder.execute("CREATE TABLE t(id); BEGIN EXCLUSIVE")
    // The copy is another process to the kernel's locks.
    let code = try KilledCopy.run(until: 1) { acknowledge in
      var settings = SQLiteSettings()
      settings.patience = 0.01
      do {
        let other = try SQLiteDatabase(.file(path), settings)
        try other.execute("INSERT INTO t VALUES (1)")
      } catch let error as SQLiteError {
        let isLocked = error.primaryCode == SQLITE_BUSY && error.message == "database is locked"
        acknowledge(isLocked ? 1 : 2)
      }
    }
    #expect(code == 1)
    var settings = SQLiteSettings()
    settings.patience = 5
    let patient = try SQLiteDatabase(.file(folder.file("other")), settings)
    #expect(patient.nanosecondsWaited == 0)
  }

  @Test func aDamagedPageIsFound() throws {
    let folder = try ScratchFolder(bytes: 1 << 20, in: "/tmp")
    let path = folder.file("d")
    let records = try SQLiteRecords(path, SQLiteSettings())
    try records.append(0..<500)
    #expect(try records.missing(of: 500) == 0)
    #expect(try records.missing(of: 501) == 1)
    let file = open(path, O_RDWR)
    let zeros = [UInt8](repeating: 0, count: 4_096)
    #expect(pwrite(file, zeros, zeros.count, 3 * 4_096) == zeros.count)
    close(file)
    let again = try SQLiteRecords(path, SQLiteSettings())
    let error = #expect(throws: SQLiteError.self) { try again.missing(of: 500) }
    #expect(error?.primaryCode == SQLITE_CORRUPT)
  }
}
