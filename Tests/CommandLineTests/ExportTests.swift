import Foundation
import Results
import Testing

/// `perflab export`, as a user runs it.
@Suite struct ExportTests {
  private func box() throws -> URL {
    let folder = try Perflab.scratch()
    try Box.write(to: folder.appending(path: "Reports/box"))
    return folder
  }

  private func isOneLine(_ text: String) -> Bool {
    text.hasPrefix("perflab: ") && text.filter { $0 == "\n" }.count == 1
  }

  @Test(arguments: ["box", "Reports/box/run.json", "./Reports/box"])
  func aMachineAndAFileAreTheSame(source: String) throws {
    let outcome = try Perflab.run(["export", "--format", "hyperfine", source], in: box())
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.err.isEmpty)
    #expect(outcome.out.contains("\"command\": \"memory/aos-to-soa: soa (4 MiB)\""))
  }

  @Test func aFileIsWrittenWhole() throws {
    let folder = try box()
    let outcome = try Perflab.run(
      ["export", "--format", "jmh", "box", "--output", "ün/out.json"], in: folder)
    #expect(outcome.code == 0 && outcome.out.isEmpty, "\(outcome.err)")
    let data = try Data(contentsOf: folder.appending(path: "ün/out.json"))
    #expect((try JSONSerialization.jsonObject(with: data) as? [Any])?.count == 4)
  }

  @Test func anUnknownFormatListsTheFormats() throws {
    let outcome = try Perflab.run(["export", "--format", "xml", "box"], in: box())
    #expect(outcome.code == 64)
    #expect(isOneLine(outcome.err))
    #expect(outcome.err.contains("google-benchmark, benchstat, jmh, hyperfine, github-smaller"))
  }

  @Test(arguments: [
    (
      ["--only", "memory/aos-to-so"], 64,
      "did you mean memory/aos-to-soa or memory/page-reuse or memory/arc-traffic?"
    ),
    (["--only", "gpu/*"], 64, "no experiment matches 'gpu/*'"),
    (["--only", "cpu/*"], 1, "run.json has no result of cpu/* yet"),
    (["--only", ","], 64, "--only names no experiment"),
  ])
  func aSelectionWithoutAMatchSaysSo(words: [String], code: Int32, reason: String) throws {
    let outcome = try Perflab.run(["export", "--format", "jmh", "box"] + words, in: box())
    #expect(outcome.code == code)
    #expect(isOneLine(outcome.err))
    #expect(outcome.err.contains(reason))
  }

  @Test(arguments: ["nowhere", "nowhere.json", "gone/results.json"])
  func whatIsNotThereIsNamed(source: String) throws {
    let outcome = try Perflab.run(["export", "--format", "jmh", source], in: box())
    #expect(outcome.code == 1)
    #expect(isOneLine(outcome.err))
    #expect(outcome.err.contains(source))
  }

  @Test func withoutSamplesThereIsNoTable() throws {
    let outcome = try Perflab.run(["export", "--format", "csv", "box"], in: box())
    #expect(outcome.code == 1 && outcome.out.isEmpty)
    #expect(isOneLine(outcome.err))
    #expect(outcome.err.contains("no measured result that csv can represent"))
  }

  @Test func damagedSamplesAreNamed() throws {
    let folder = try box()
    let path = "Reports/box/samples/memory/aos-to-soa.csv.gz"
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data("no gzip".utf8).write(to: file)
    let outcome = try Perflab.run(["export", "--format", "benchstat", "box"], in: folder)
    #expect(outcome.code == 1 && outcome.out.isEmpty)
    #expect(isOneLine(outcome.err))
    #expect(outcome.err.contains(path))
  }

  @Test(arguments: [
    ("\"$0\" export --format jmh box > /dev/full", "No space left"),
    ("\"$0\" export --format jmh box --output /dev/full", "No space left"),
  ])
  func whatCannotBeWrittenIsOneLine(script: String, reason: String) throws {
    let outcome = try Perflab.run(
      [], in: box(), under: ["bash", "-c", script])
    #expect(outcome.code == 1)
    #expect(isOneLine(outcome.err), "\(outcome.err)")
    #expect(outcome.err.contains(reason))
  }

  @Test func aReaderThatHasLeftEndsItQuietly() throws {
    let script = "(sleep 0.2; \"$0\" export --format jmh box) | true; exit ${PIPESTATUS[0]}"
    let outcome = try Perflab.run([], in: box(), under: ["bash", "-c", script])
    // 128 and SIGPIPE's number, as of any Unix tool.
    #expect(outcome.code == 141 && outcome.err.isEmpty)
  }

  static let compare = "/usr/share/benchmark/compare.py"

  /// Debian's libbenchmark-tools, which needs SciPy.
  static let hasCompare =
    FileManager.default.fileExists(atPath: compare)
    && (try? Perflab.run(
      [], under: ["bash", "-c", "python3 -c 'import scipy, numpy'"]
    ).code) == 0

  @Test(.enabled(if: hasCompare, "libbenchmark-tools or SciPy is not installed"))
  func googleBenchmarksCompareReadsIt() throws {
    let folder = try box()
    var slower = Box.results
    slower.experiments[0].points[0].variants[1].estimate *= 1.5
    try Box.write(slower, to: folder.appending(path: "Reports/later"))
    for machine in ["box", "later"] {
      let words = ["export", "--format", "google-benchmark", machine]
      let outcome = try Perflab.run(words + ["--output", "\(machine).json"], in: folder)
      #expect(outcome.code == 0, "\(outcome.err)")
    }
    let script = "python3 \(Self.compare) --no-color benchmarks box.json later.json"
    let outcome = try Perflab.run([], in: folder, under: ["bash", "-c", script])
    #expect(outcome.code == 0, "\(outcome.err)")
    let line = outcome.out.split(separator: "\n").first { $0.contains("soa/working set:16 KiB") }
    #expect(line?.contains("+0.5000") == true, "\(outcome.out)")
    #expect(line?.contains(" 25 ") == true && line?.contains(" 38 ") == true)
  }
}
