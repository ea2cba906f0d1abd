import Foundation
import Testing

@testable import Assessment

/// A real shop with planted faults, loaded and observed as the command does it. What is found are
/// counts, so that a busy machine changes nothing.
@Suite(.serialized) struct ObservedTests {
  private func perflab(_ arguments: [String]) throws -> (code: Int32, out: String, err: String) {
    let process = try started(arguments)
    func text(_ pipe: Any?) -> String {
      let content = (pipe as! Pipe).fileHandleForReading.readDataToEndOfFile()
      return String(decoding: content, as: UTF8.self)
    }
    let (out, err) = (text(process.standardOutput), text(process.standardError))
    process.waitUntilExit()
    return (process.terminationStatus, out, err)
  }

  private func started(_ arguments: [String]) throws -> Process {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
    var url = URL(filePath: bundle)
    while url.path().contains(".xctest") { url.deleteLastPathComponent() }
    let process = Process()
    process.executableURL = url.appending(path: "perflab")
    process.arguments = arguments
    process.standardOutput = Pipe()
    process.standardError = Pipe()
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func folder() -> String {
    FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      .path(percentEncoded: false)
  }

  /// The first challenge, set, diagnosed and graded.
  @Test(arguments: [["missing-index", "no-keep-alive"], ["hot-row", "no-keep-alive"]])
  func plantedFaultsAreFound(names: [String]) throws {
    let seed = try #require((0..<1_000).first { DiagnosisExercise(seed: $0).names == names })
    let place = folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    let set = try perflab(["assess", "1", "--seed", "\(seed)", "--out", place, "--seconds", "5"])
    #expect(set.code == 0, "\(set.err)")
    let diagnosis = Diagnosis(try Readings(of: ["\(place)/data"]))
    #expect(diagnosis.readings.files.count == 4 && diagnosis.readings.unread.isEmpty)
    let found = Set(diagnosis.findings.map(\.kind))
    let exercise = DiagnosisExercise(seed: seed)
    #expect(found.isSuperset(of: exercise.kinds), "\(found)")
    let places = exercise.kinds.map { Finding.Kind.allCases.firstIndex(of: $0)! + 1 }
    try "Bottleneck 1: \(places[0])\nBottleneck 2: \(places[1])\n".write(
      toFile: "\(place)/answers.md", atomically: true, encoding: .utf8)
    let record = folder()
    defer { try? FileManager.default.removeItem(atPath: record) }
    let graded = try perflab(["assess", "1", "--check", place, "--file", record])
    #expect(graded.code == 0 && graded.out.hasPrefix("# 60 of 100 points"), "\(graded.err)")
    let score = try perflab(["quiz", "--score", "--file", record])
    #expect(score.out.hasPrefix("assessment 1: 60 of 100"))
  }

  /// An exercise is there whole or not at all.
  @Test func anInterruptedExerciseLeavesNothing() throws {
    let place = folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    let process = try started(["assess", "1", "--seconds", "60", "--out", "\(place)/exercise"])
    let errors = (process.standardError as! Pipe).fileHandleForReading
    #expect(String(decoding: errors.availableData, as: UTF8.self).hasPrefix("observing"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: place).count == 1)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let said = String(decoding: errors.readDataToEndOfFile(), as: UTF8.self)
    #expect(said == "perflab: interrupted; nothing was kept\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
  }

  @Test func collectingTakesWhatIsThere() throws {
    let place = folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    let outcome = try perflab([
      "collect", "--seconds", "1", "--every", "0.2", "--out", place,
      "--metrics", "http://127.0.0.1:9/",
    ])
    #expect(outcome.code == 0 && outcome.out.hasPrefix("6 snapshots in"), "\(outcome.err)")
    #expect(outcome.err.contains("left out: connect 127.0.0.1:9"))
    let readings = try Readings(of: [place])
    #expect(readings.mean(.cpuBusy) != nil && readings.mean(.memoryTotal)! > 1e6)
    // Where nobody listens, nothing hangs.
    #expect(readings.exports.isEmpty && readings.unread.count == 1)
    #expect(!Diagnosis(readings).findings.contains { $0.kind == .blockedWorkers })
    #expect(!readings.names(of: .processBusy).isEmpty)
  }

  @Test(arguments: [
    ["diagnose", "/nonesuch"], ["save", "/nonesuch"],
    ["plan", "/nonesuch", "--from", "1k", "--to", "2k"],
    ["assess", "4"], ["assess", "1", "--check", "/nonesuch"], ["save", "/dev/null"],
    ["diagnose", "/dev/null"], ["plan", "/dev/null", "--from", "1k", "--to", "2k"],
    ["plan", "/dev/null", "--from", "many", "--to", "2k"],
    ["save", "/dev/null", "--target", "a third"],
    ["collect", "--out", "/proc/nonesuch", "--seconds", "1"],
    ["collect", "--out", "/tmp", "--metrics", "shop.example"],
    ["collect", "--out", "/dev/null", "--seconds", "1"],
    ["collect", "--out", "/tmp", "--seconds", "nan"],
    ["collect", "--out", "/tmp", "--every", "inf"],
    ["collect", "--out", "/tmp", "--pid", "0"],
    ["collect", "--out", "/tmp", "--pid", "99999999999"],
    ["plan", "/dev/null", "--from", "1e-300", "--to", "2k"],
    ["plan", "/dev/null", "--from", "nan", "--to", "2k"],
    ["save", "/dev/null", "--users", "1k"],
    ["assess", "1", "--seconds", "nan"], ["assess", "2", "--out", "/tmp"],
    ["assess", "2", "--out", "/proc/nonesuch/exercise"],
  ])
  func wrongInputIsOneLine(arguments: [String]) throws {
    let outcome = try perflab(arguments)
    #expect(outcome.code != 0 && outcome.out.isEmpty)
    #expect(outcome.err.hasPrefix("perflab: "))
    #expect(outcome.err.split(separator: "\n").count == 1, "\(outcome.err)")
  }

  /// Every command, with every kind of file that it can't use.
  @Test func filesThatAreNone() throws {
    let place = folder()
    defer { try? FileManager.default.removeItem(atPath: place) }
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
      try Data(bytes).write(to: URL(filePath: "\(place)/\(name)"))
      return "\(place)/\(name)"
    }
    let pipe = "\(place)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let good = try file("bill.csv", Array("BilledCost,ServiceName\n1,x\n".utf8))
    let described = "name: s\nrequests_per_user: 1\ngrowth: 8%\np99_ms: 250\ntiers:\n"
    let bad = [
      place, pipe, try file("empty", []), try file("blank", Array("\n \n".utf8)),
      try file("binary", (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }),
      try file("words", Array("the quick brown fox\n".utf8)),
      try file("commas", Array("BilledCost;ServiceName\n1,5;x\n".utf8)),
      try file("cut", Array("BilledCost,ServiceName\n1,\"x".utf8)),
      try file("huge", Array("BilledCost,ServiceName\n1e300,x\n".utf8)),
      try file("tiers", Array("\(described)  - name: w\n    demand_ms: 1e-300\n".utf8)),
    ]
    let empty = "\(place)/none"
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
    for path in bad {
      let commands = [
        ["diagnose", path == place ? empty : path], ["save", path],
        ["save", good, "--utilisation", path], ["save", good, "--system", path, "--users", "1k"],
        ["plan", path, "--from", "1k", "--to", "2k"], ["assess", "3", "--check", path],
      ]
      for command in commands {
        let outcome = try perflab(command)
        #expect(outcome.code == 1 && outcome.out.isEmpty, "\(command): \(outcome.out)")
        #expect(outcome.err.hasPrefix("perflab: "), "\(command): \(outcome.err)")
        #expect(outcome.err.split(separator: "\n").count == 1, "\(command): \(outcome.err)")
      }
    }
    // An exercise whose files are damaged.
    for (number, name) in [(1, "data"), (2, "answers.md"), (3, "bill.csv")] {
      let exercise = "\(place)/exercise-\(number)"
      try FileManager.default.createDirectory(atPath: exercise, withIntermediateDirectories: false)
      _ = try file("exercise-\(number)/exercise.txt", Array("\(number) 1\n".utf8))
      if number != 2 {
        let answers = "Bottleneck 1: 99999999999999999999999\n"
        _ = try file("exercise-\(number)/answers.md", Array(answers.utf8))
      }
      let outcome = try perflab(["assess", "\(number)", "--check", exercise])
      #expect(outcome.code == 1 && outcome.err.contains("exercise-\(number)/\(name)"))
      #expect(outcome.err.split(separator: "\n").count == 1, "\(outcome.err)")
    }
  }
}
