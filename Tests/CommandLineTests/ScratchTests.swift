import Foundation
import Testing

/// The folder for the files of storage experiments, as a user sees it.
@Suite struct ScratchTests {
  private let experiment = ["run", "--smoke", "storage/prepared", "--scratch"]

  private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path())
  }

  @Test func nothingIsLeftInIt() throws {
    let folder = try Perflab.scratch()
    let outcome = try Perflab.run(experiment + [folder.path()])
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(try names(in: folder).isEmpty)
  }

  @Test func whatADeadProcessLeftIsRemoved() throws {
    let folder = try Perflab.scratch()
    let left = folder.appending(path: "perflab-scratch-1-1-0")
    try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
    try "rows".write(to: left.appending(path: "a.db"), atomically: true, encoding: .utf8)
    #expect(try Perflab.run(experiment + [folder.path()]).code == 0)
    #expect(try names(in: folder).isEmpty)
  }

  @Test(arguments: ["/does/not/exist", "/proc", "/dev/null", ""])
  func aFolderThatCannotBeUsedIsOneLine(path: String) throws {
    let outcome = try Perflab.run(experiment + [path])
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("no scratch folder in \(path)"))
    #expect(outcome.err.filter { $0 == "\n" }.count == 1)
  }

  /// Needs a mount of its own, which not every kernel lets an ordinary user make.
  @Test func aFullDiskIsASkipWithItsReason() throws {
    let folder = try Perflab.scratch()
    let script = "mount -t tmpfs -o size=1m none \"$1\" && shift && exec \"$@\""
    let mounted = ["unshare", "-Urm", "sh", "-c", script, "sh", folder.path()]
    guard try Perflab.start(mounted + ["true"]).code == 0 else { return }
    let outcome = try Perflab.start(mounted + [Perflab.path()] + experiment + [folder.path()])
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect((outcome.out + outcome.err).contains("64 MiB are needed and 1 MiB are free"))
  }
}
