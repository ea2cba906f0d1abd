import Foundation
import Testing

@testable import Assessment

/// A real shop with planted faults, loaded and observed as the command does it. What is found are
/// counts, so that a busy machine changes nothing.
@Suite(.serialized) struct ObservedTests {
  private func perflab(_ arguments: [String]) throws -> (code: Int32, out: String, err: String) {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
    var url = URL(filePath: bundle)
    while url.path().contains(".xctest") { url.deleteLastPathComponent() }
    let process = Process()
    process.executableURL = url.appending(path: "perflab")
    process.arguments = arguments
    let (out, err) = (Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = err
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let error = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text, error)
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
    #expect(readings.exports.asked == 6 && readings.exports.unanswered == 6)
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
  ])
  func wrongInputIsOneLine(arguments: [String]) throws {
    let outcome = try perflab(arguments)
    #expect(outcome.code != 0 && outcome.out.isEmpty)
    #expect(outcome.err.hasPrefix("perflab: "))
    #expect(outcome.err.split(separator: "\n").count == 1, "\(outcome.err)")
  }
}
