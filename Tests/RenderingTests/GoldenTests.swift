import Foundation
import Rendering
import Results
import Testing

/// Pages and charts as files under `Goldens/`, compared byte for byte.
///
/// To renew them after a wanted change: `PERFLAB_RENEW_GOLDENS=1 swift test --filter GoldenTests`,
/// then read the difference before committing it.
@Suite(.serialized) struct GoldenTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens")

  @Test("The pages and charts of every kind of experiment are as they were")
  func pages() throws {
    let files = Fixtures.files()
    if ProcessInfo.processInfo.environment["PERFLAB_RENEW_GOLDENS"] != nil {
      try renew(files)
    }
    for file in files {
      let golden = try? String(
        contentsOf: Self.folder.appending(path: file.path), encoding: .utf8)
      #expect(golden == file.contents, "\(file.path) differs from its golden")
    }
  }

  @Test("No golden is left over")
  func leftOver() throws {
    let paths = Set(Fixtures.files().map(\.path))
    let found = try FileManager.default.subpathsOfDirectory(atPath: Self.folder.path)
      .filter { $0.split(separator: "/").last?.contains(".") == true }
    #expect(Set(found) == paths)
  }

  private func renew(_ files: [PageSet.File]) throws {
    try? FileManager.default.removeItem(at: Self.folder)
    for file in files {
      let target = Self.folder.appending(path: file.path)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.contents.utf8).write(to: target)
    }
  }
}
