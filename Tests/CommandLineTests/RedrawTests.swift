import Foundation
import Testing

/// `report` draws what `run` and `flame` wrote, to the byte.
@Suite struct RedrawTests {
  private func lab(_ words: [String], in folder: URL) throws {
    let outcome = try Perflab.run(words, in: folder, product: "planted-lab")
    try #require(outcome.code == 0, "\(words): \(outcome.err)")
  }

  /// What a reader sees, by its path.
  private func pages(in folder: URL) throws -> [String: Data] {
    let reports = folder.appending(path: "Reports/box")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: reports.path())
      .filter { path in [".md", ".svg", ".folded"].contains { path.hasSuffix($0) } }
    return try Dictionary(
      uniqueKeysWithValues: paths.map { ($0, try Data(contentsOf: reports.appending(path: $0))) })
  }

  private func expectRedrawn(in folder: URL) throws {
    let drawn = try pages(in: folder)
    for path in drawn.keys {
      try FileManager.default.removeItem(at: folder.appending(path: "Reports/box/\(path)"))
    }
    try lab(["report", "--machine", "box"], in: folder)
    let redrawn = try pages(in: folder)
    #expect(redrawn.keys.sorted() == drawn.keys.sorted())
    for (path, bytes) in drawn { #expect(redrawn[path] == bytes, "\(path) differs") }
  }

  @Test func reportRedrawsEveryPageToTheByte() throws {
    let folder = try Perflab.scratch()
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "box"]
    try lab(run, in: folder)
    try expectRedrawn(in: folder)
    try lab(["flame", "planted/reporting", "--seconds", "0.2", "--machine", "box"], in: folder)
    #expect(try pages(in: folder).keys.contains { $0.hasPrefix("flame/") })
    try expectRedrawn(in: folder)
    // A second run, now with a history and beside a profile.
    try lab(run, in: folder)
    try expectRedrawn(in: folder)
  }
}
