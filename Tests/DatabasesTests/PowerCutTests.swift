import Platform
import Statistics
import Testing

@testable import Databases

@Suite struct PowerCutTests {
  private func disk(_ changes: [(String, FileLog.Change)]) -> PowerCut {
    var disk = PowerCut()
    for (file, change) in changes { disk.pass(.change(file: file, change)) }
    return disk
  }

  private func files(_ disk: PowerCut, _ arrival: PowerCut.Arrival, seed: UInt64 = 1)
    -> [String: [UInt8]]
  {
    var generator = SeededGenerator(seed: seed)
    return disk.files(arrival, using: &generator)
  }

  @Test func onlyWhatWasFlushedIsSure() {
    let sector = [UInt8](repeating: 1, count: 512)
    let cut = disk([
      ("a", .created), ("a", .written(at: 0, sector)), ("a", .flushed),
      ("a", .written(at: 256, [2, 2])), ("a", .truncated(to: 300)), ("b", .created),
      ("b", .written(at: 0, [9])),
    ])
    #expect(files(cut, .none) == ["a": sector])
    var changed = Array(sector.prefix(300))
    changed.replaceSubrange(256..<258, with: [2, 2])
    #expect(files(cut, .all) == ["a": changed, "b": [9]])
    // Flushing one file says nothing of the other.
    var later = cut
    later.pass(.change(file: "a", .flushed))
    #expect(files(later, .none) == ["a": changed])
  }

  @Test func sectorsArriveOneByOneAndInAnyOrder() {
    let cut = disk([
      ("a", .created), ("a", .flushed), ("a", .written(at: 500, Array(repeating: 7, count: 600))),
    ])
    // 12 bytes of the first sector, all of the second, 76 of the third.
    var seen: Set<[UInt8]> = []
    for seed in 0..<200 { seen.insert(files(cut, .some, seed: UInt64(seed))["a"]!) }
    #expect(seen.count == 8)
    let last = Array(repeating: UInt8(0), count: 1_024) + Array(repeating: 7, count: 76)
    #expect(seen.contains(last) && seen.contains([]))
  }

  @Test func namesComeAndGoWithTheirFolder() {
    var cut = disk([("j", .created), ("j", .written(at: 0, [1])), ("j", .flushed)])
    cut.pass(.change(file: "j", .deleted))
    #expect(files(cut, .none) == ["j": [1]] && files(cut, .all) == [:])
    // A file of the same name is another file: nothing of the old one shows through.
    cut.pass(.change(file: "j", .created))
    cut.pass(.change(file: "j", .written(at: 0, [2])))
    cut.pass(.change(file: "j", .flushed))
    #expect(files(cut, .none) == ["j": [2]])
    cut.pass(.change(file: "new", .created))
    cut.pass(.change(file: "j", .deleted))
    cut.pass(.folderFlushed)
    #expect(files(cut, .none) == ["new": []])
  }

  @Test func acknowledgedRecordsAreCounted() {
    var disk = PowerCut()
    disk.pass(.acknowledged(3))
    disk.pass(.change(file: "a", .created))
    #expect(disk.acknowledged == 3)
  }

  /// Twelve commits, and a survey of every moment at which the power may fail.
  private func survey(
    _ store: (_ path: String, _ log: FileLog) throws -> any RecordStore,
    acknowledgesTooEarly: Bool = false,
    again: @escaping (_ path: String) throws -> any RecordStore
  ) throws -> PowerCutSurvey {
    let folder = try ScratchFolder(bytes: 16 << 20, in: "/tmp")
    let log = FileLog()
    let records = try store(folder.file("records"), log)
    for commit in 1...12 {
      if acknowledgesTooEarly { log.acknowledge(5 * commit) }
      try records.append(5 * (commit - 1)..<5 * commit)
      log.acknowledge(5 * commit)
    }
    let survey = try PowerCutSurvey(of: log, cuts: .max, seed: 1, in: folder.path) {
      try again("\($0)/records").missing(of: $1)
    }
    #expect(survey.cuts == log.entries.count)
    return survey
  }

  private func survey(
    _ journal: SQLiteSettings.Journal, _ synchronous: SQLiteSettings.Synchronous
  ) throws -> PowerCutSurvey {
    let settings = SQLiteSettings(journal: journal, synchronous: synchronous)
    return try survey(
      { try SQLiteRecords($0, settings, files: ObservedFiles(log: $1)) },
      again: { try SQLiteRecords($0, settings) })
  }

  @Test(arguments: [
    (SQLiteSettings.Journal.truncate, SQLiteSettings.Synchronous.full), (.wal, .full),
    (.delete, .extra),
  ])
  func fullSynchronisationLosesNothing(
    _ journal: SQLiteSettings.Journal, _ synchronous: SQLiteSettings.Synchronous
  ) throws {
    let survey = try survey(journal, synchronous)
    #expect(survey.mostLost == 0 && survey.damaged == 0, "\(survey)")
  }

  @Test func aDeletedJournalMayComeBackAndUndoTheLastCommit() throws {
    let survey = try survey(.delete, .full)
    #expect(survey.mostLost == 5 && survey.damaged == 0, "\(survey)")
  }

  @Test func anUnflushedLogLosesCommitsAndDamagesNothing() throws {
    let survey = try survey(.wal, .normal)
    #expect(survey.mostLost > 0 && survey.damaged == 0, "\(survey)")
  }

  @Test func noSynchronisationDamagesTheFile() throws {
    let survey = try survey(.delete, .off)
    #expect(survey.damaged > 0, "\(survey)")
  }

  @Test func aLogLosesWhatItDidNotFlush() throws {
    func survey(_ flush: AppendedLog.Flush, tooEarly: Bool = false) throws -> PowerCutSurvey {
      try self.survey(
        { try LoggedRecords($0, flush: flush, files: $1) }, acknowledgesTooEarly: tooEarly,
        again: { try LoggedRecords($0, flush: .never) })
    }
    #expect(try survey(.always).mostLost == 0)
    #expect(try survey(.never).mostLost == 60)
    // The check can fail: a store that acknowledges before it has flushed is found out.
    #expect(try survey(.always, tooEarly: true).mostLost == 5)
  }

  @Test func aCopyThatIsKilledLosesNothingThatTheKernelHas() throws {
    let folder = try ScratchFolder(bytes: 16 << 20, in: "/tmp")
    let path = folder.file("records")
    let acknowledged = try KilledCopy.run(until: 20) { acknowledge in
      let records = try LoggedRecords(path, flush: .never)
      for record in 0... {
        try records.append(record..<record + 1)
        acknowledge(record + 1)
      }
    }
    #expect(acknowledged >= 20)
    #expect(try LoggedRecords(path, flush: .never).missing(of: acknowledged) == 0)
  }

  @Test func aCopyThatEndsByItselfIsAnError() {
    #expect(throws: SystemError.self) { try KilledCopy.run(until: 2) { $0(1) } }
  }
}
