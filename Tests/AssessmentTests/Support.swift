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

  /// A file with a text, removed at the end of the process's tests.
  static func file(_ text: String, _ name: String = "file") throws -> String {
    try file(Array(text.utf8), name)
  }

  static func file(_ bytes: [UInt8], _ name: String = "file") throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: name)
    try Data(bytes).write(to: file)
    return file.path(percentEncoded: false)
  }

  static func readings(_ text: String) throws -> Readings {
    let path = try file(text)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Readings(of: [path])
  }
}
