import Foundation
import Results
import Testing

/// `perflab embed`, as a user runs it on a folder of notes.
@Suite struct EmbedTests {
  static let place = "<!-- perflab memory/aos-to-soa chart -->\r\n<!-- /perflab -->\r\nend"

  /// Notes in a wiki's folder, results beside it.
  private func wiki(_ text: String, machine: String = "box") throws -> (URL, note: URL) {
    let folder = try Perflab.scratch()
    try Box.write(to: folder.appending(path: "Reports/\(machine)"))
    let note = folder.appending(path: "Mein Wiki/Größen & Maße/Notiz 1.md")
    try FileManager.default.createDirectory(
      at: note.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: note)
    return (folder, note)
  }

  private func text(_ url: URL) throws -> String {
    String(decoding: try Data(contentsOf: url), as: UTF8.self)
  }

  @Test func linksLeadFromTheNotesToTheReports() throws {
    let (folder, note) = try wiki(Self.place, machine: "Büro Ö")
    let words = ["embed", note.path(percentEncoded: false), "--machine", "Büro Ö"]
    let outcome = try Perflab.run(words, in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    let filled = try text(note)
    #expect(
      filled.contains("](../../Reports/B%C3%BCro%20%C3%96/memory/aos-to-soa-speedup.svg)\r\n"))
    #expect(filled.hasSuffix("\r\n<!-- /perflab -->\r\nend"))
    let again = try Perflab.run(words + ["--check"], in: folder)
    #expect(again.code == 0)
    #expect(try Perflab.run(words, in: folder).out == "nothing changed\n")
    #expect(try text(note) == filled)
  }

  @Test func chartsAreCopiedBesideTheNotes() throws {
    let (folder, note) = try wiki(Self.place)
    let words = [
      "embed", "Mein Wiki/Größen & Maße/Notiz 1.md", "--machine", "box", "--copy-assets",
      "Mein Wiki/assets",
    ]
    #expect(try Perflab.run(words, in: folder).code == 0)
    #expect(try text(note).contains("](../assets/box-memory-aos-to-soa-speedup.svg)"))
    let chart = folder.appending(path: "Mein Wiki/assets/box-memory-aos-to-soa-speedup.svg")
    #expect(try text(chart).hasPrefix("<svg"))
    #expect(try Perflab.run(words + ["--check"], in: folder).code == 0)
    try FileManager.default.removeItem(at: chart)
    #expect(try Perflab.run(words + ["--check"], in: folder).code == 1)
  }

  @Test func aCheckFailsWhereSomethingWouldChangeAndChangesNothing() throws {
    let (folder, note) = try wiki(Self.place)
    let outcome = try Perflab.run(
      ["embed", note.path(percentEncoded: false), "--machine", "box", "--check"], in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.err.contains("Notiz 1.md would change"))
    #expect(try text(note) == Self.place)
  }

  @Test func aProblemInOneFileLeavesAllAsTheyWere() throws {
    let (folder, note) = try wiki(Self.place)
    let other = folder.appending(path: "other.md")
    try Data("\n\n<!-- perflab memory/aos-to-so chart -->\n<!-- /perflab -->".utf8)
      .write(to: other)
    let outcome = try Perflab.run(
      ["embed", note.path(percentEncoded: false), "other.md", "--machine", "box"], in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.err.hasPrefix("perflab: other.md:3: there are no results of"))
    #expect(outcome.err.contains("did you mean memory/aos-to-soa?"))
    #expect(try text(note) == Self.place)
  }

  @Test func aLinkToNotesStaysALinkAndTheirModeStays() throws {
    let (folder, note) = try wiki(Self.place)
    let path = note.path(percentEncoded: false)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let link = folder.appending(path: "link.md").path(percentEncoded: false)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(try Perflab.run(["embed", "link.md", "--machine", "box"], in: folder).code == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
    #expect(try text(note).contains("](../../Reports/box/"))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }

  @Test func theSameNotesTwiceAreFilledOnce() throws {
    let (folder, note) = try wiki(Self.place)
    let path = note.path(percentEncoded: false)
    let outcome = try Perflab.run(
      ["embed", path, "Mein Wiki/../Mein Wiki/Größen & Maße/Notiz 1.md", "--machine", "box"],
      in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.out == "\(path): filled\n")
  }

  @Test(arguments: [0o444, 0o400])
  func readOnlyNotesAreLeftAlone(mode: Int) throws {
    let (folder, note) = try wiki(Self.place)
    let other = folder.appending(path: "other.md")
    try Data(Self.place.utf8).write(to: other)
    let path = note.path(percentEncoded: false)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    let outcome = try Perflab.run(["embed", "other.md", path, "--machine", "box"], in: folder)
    #expect(outcome.code == 1)
    #expect(
      outcome.err.hasSuffix("Notiz 1.md can't be written: it is read-only; nothing was changed\n"))
    #expect(try text(note) == Self.place)
    #expect(try text(other) == Self.place)
  }

  @Test func notesInAnotherEncodingAreLeftAlone() throws {
    let (folder, note) = try wiki(Self.place)
    let latin =
      Data("ok\n".utf8) + Data([0x47, 0x72, 0xF6, 0xDF, 0x65, 0x0A]) + Data(Self.place.utf8)
    let wide = try #require(Self.place.data(using: .utf16))
    for (bytes, line) in [(latin, 2), (wide, 1)] {
      try bytes.write(to: note)
      let outcome = try Perflab.run(
        ["embed", note.path(percentEncoded: false), "--machine", "box"], in: folder)
      #expect(outcome.code == 1)
      #expect(outcome.err.contains("Notiz 1.md:\(line): the file is not UTF-8"))
      #expect(try Data(contentsOf: note) == bytes)
    }
  }

  @Test(arguments: ["numbers", "summary machine=gone"])
  func whatWasNotMeasuredIsSaidWithItsLine(kind: String) throws {
    let (folder, note) = try wiki("a\n<!-- perflab \(kind) --><!-- /perflab -->")
    let outcome = try Perflab.run(
      ["embed", note.path(percentEncoded: false), "--machine", "box"], in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.err.contains("Notiz 1.md:2: there are no "))
    #expect(outcome.err.filter { $0 == "\n" }.count == 1)
  }
}
