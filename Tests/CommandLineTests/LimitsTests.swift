import Foundation
import Testing

/// `perflab limits` on planted experiments.
@Suite struct LimitsTests {
  private func limits(_ words: [String], in folder: URL) throws -> Perflab.Outcome {
    try Perflab.run(["limits"] + words, in: folder, product: "planted-lab")
  }

  @Test func whatWasRecordedHoldsUntilACountRises() throws {
    let folder = try Perflab.scratch()
    let file = folder.appending(path: "perflab-limits.txt")
    #expect(try limits(["record", "planted/built"], in: folder).code == 0)
    let recorded = try String(contentsOf: file, encoding: .utf8)
    let line = try #require(
      recorded.split(separator: "\n").first { $0.contains("changed | system calls") })
    #expect(line == "planted/built | changed | system calls | 0 | +0%")
    let held = try limits(["check", "planted/built"], in: folder)
    #expect(held.code == 0 && held.out.contains("no count is above its limit"), "\(held.out)")
    let other = try limits(["check", "planted/half"], in: folder)
    #expect(other.code == 0 && other.out.contains("planted/half, before: no limits recorded"))
    let stricter = recorded.replacing(
      #/changed \| allocations \| \d+/#, with: "changed | allocations | 0.5")
    #expect(stricter != recorded)
    try stricter.write(to: file, atomically: true, encoding: .utf8)
    let risen = try limits(["check", "planted/built"], in: folder)
    #expect(risen.code == 1, "\(risen.out)")
    #expect(risen.out.contains("allocations 1, above the limit of 0.5"))
    #expect(risen.err.contains("one count is above its limit"))
  }

  @Test func whatFailsIsNotWithinItsLimit() throws {
    let folder = try Perflab.scratch()
    let recorded = try limits(["record", "planted/quits"], in: folder)
    #expect(recorded.code == 65 && recorded.err.contains("1 variant could not be counted"))
    let file = folder.appending(path: "perflab-limits.txt")
    var text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains("planted/quits | before | "))
    text += "planted/quits | after | retains | 1 | +0%\nplanted/quits | gone | retains | 1 | +0%\n"
    try text.write(to: file, atomically: true, encoding: .utf8)
    let checked = try limits(["check", "planted/quits"], in: folder)
    #expect(checked.code == 65 && checked.err.contains("planted/quits, after: "), "\(checked.err)")
    #expect(!checked.out.contains("after: retains") && !checked.out.contains("no count is above"))
    #expect(checked.out.contains("gone: retains could not be counted: there is no such variant"))
  }

  @Test func badFilesAreOneLine() throws {
    let folder = try Perflab.scratch()
    func expect(_ outcome: Perflab.Outcome, _ code: Int32, _ says: String) {
      #expect(outcome.code == code && outcome.err.contains(says), "\(outcome.err)")
      #expect(outcome.err.filter { $0 == "\n" }.count == 1)
    }
    expect(try limits(["check"], in: folder), 65, "there is no file of limits perflab-limits.txt")
    let file = folder.appending(path: "perflab-limits.txt")
    try "[Swift 1]\n".write(to: file, atomically: true, encoding: .utf8)
    expect(try limits(["check"], in: folder), 65, "has limits for Swift 1, and this is Swift")
    try "[Swift 1]\nx\n".write(to: file, atomically: true, encoding: .utf8)
    expect(try limits(["check"], in: folder), 65, "perflab-limits.txt:2: expected")
    try FileManager.default.removeItem(at: file)
    try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
    expect(try limits(["check"], in: folder), 65, "perflab-limits.txt can't be read")
    expect(try limits(["record", "--allow", "x"], in: folder), 64, "percentage such as 5%")
    // Said before anything is counted, of which this one would be said too.
    expect(
      try limits(["record", "planted/quits", "--file", "/proc/x"], in: folder), 65,
      "/proc/x can't be written")
  }
}
