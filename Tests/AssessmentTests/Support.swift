import Foundation

@testable import Assessment

/// Files of tests.
enum Fixture {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures").path(percentEncoded: false)

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  static func read(_ names: String...) throws -> Readings {
    try Readings(of: names.map(path))
  }

  /// Where this process's files lie; they go when it ends.
  private static let base: URL = {
    atexit { try? FileManager.default.removeItem(at: Fixture.base) }
    return FileManager.default.temporaryDirectory.appending(path: "assessment-tests-\(getpid())")
  }()

  /// A file with a text, removed at the end of the process's tests.
  static func file(_ text: String, _ name: String = "file") throws -> String {
    try file(Array(text.utf8), name)
  }

  static func file(_ bytes: [UInt8], _ name: String = "file") throws -> String {
    let folder = base.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return file.path(percentEncoded: false)
  }

  static func readings(_ text: String) throws -> Readings {
    try Readings(of: [try file(text)])
  }
}
