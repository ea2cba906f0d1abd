import Foundation
import Platform
import Testing

/// Nothing outlives a run, however it ends: no process, no folder.
@Suite(.serialized, .enabled(if: InstalledProgram.path(of: "postgres") != nil))
struct KilledRunTests {
  /// A run in the middle, with a worker that has a server of its own.
  private struct Running {
    let process: Process
    let scratch: URL
    let server: pid_t

    init() throws {
      // A socket's path has room for 107 bytes.
      scratch = FileManager.default.temporaryDirectory.appending(path: "killed-\(getpid())")
      try? FileManager.default.removeItem(at: scratch)
      try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
      process = Process()
      process.executableURL = URL(filePath: Perflab.path())
      process.arguments = [
        "run", "--smoke", "storage/prepared", "storage/n-plus-one", "--scratch", scratch.path(),
      ]
      process.currentDirectoryURL = try Perflab.scratch()
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      var found: pid_t?
      for _ in 0..<6_000 where found == nil && process.isRunning {
        usleep(5_000)
        found = Self.server(below: scratch)
      }
      server = try #require(found, "the run has ended before its server was seen")
    }

    /// The number on the first line of `postmaster.pid`, once its last line says that it serves.
    private static func server(below scratch: URL) -> pid_t? {
      let files = FileManager.default.enumerator(at: scratch, includingPropertiesForKeys: nil)
      for case let file as URL in files! where file.lastPathComponent == "postmaster.pid" {
        let lines = (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n") ?? []
        if lines.last?.hasPrefix("ready") == true { return pid_t(lines[0]) }
      }
      return nil
    }

    /// Processes that the run has started itself.
    var workers: [pid_t] {
      let main = process.processIdentifier
      let path = "/proc/\(main)/task/\(main)/children"
      return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: " ")
        .compactMap { pid_t($0) }
    }
  }

  private func eventually(_ isSo: () -> Bool) -> Bool {
    for _ in 0..<1_000 where !isSo() { usleep(10_000) }
    return isSo()
  }

  /// Whether a process is gone, or only waits for its parent to notice.
  private func isGone(_ process: pid_t) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
      return true
    }
    return text.split(separator: ")").last?.hasPrefix(" Z") == true
  }

  @Test func aServerEndsWithItsKilledWorker() throws {
    let running = try Running()
    defer { try? FileManager.default.removeItem(at: running.scratch) }
    for worker in running.workers { kill(worker, SIGKILL) }
    #expect(eventually { isGone(running.server) })
    running.process.waitUntilExit()
    #expect(running.process.terminationStatus == 1)
    #expect(
      eventually {
        (try? FileManager.default.contentsOfDirectory(at: running.scratch))?.isEmpty == true
      })
  }

  @Test func nothingOutlivesAKilledRun() throws {
    let running = try Running()
    defer { try? FileManager.default.removeItem(at: running.scratch) }
    let workers = running.workers
    kill(running.process.processIdentifier, SIGKILL)
    running.process.waitUntilExit()
    #expect(eventually { isGone(running.server) && workers.allSatisfy(isGone) })
    // What is left of its folders goes with the next run.
    let next = try Perflab.run([
      "run", "--smoke", "storage/pagination", "--scratch", running.scratch.path(),
    ])
    #expect(next.code == 0, "\(next.err)")
    let left = try FileManager.default.contentsOfDirectory(atPath: running.scratch.path())
    #expect(left.isEmpty, "\(left)")
  }
}

extension FileManager {
  fileprivate func contentsOfDirectory(at folder: URL) throws -> [String] {
    try contentsOfDirectory(atPath: folder.path())
  }
}
