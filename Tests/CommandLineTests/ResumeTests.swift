import Foundation
import Results
import Testing

/// A run that is interrupted and goes on with `--resume`.
@Suite(.serialized) struct ResumeTests {
  private let folder: URL
  private let count: URL

  init() throws {
    folder = try Perflab.scratch()
    count = folder.appending(path: "count")
  }

  private let words = ["run", "planted/stalling", "--preset", "quick", "--machine", "box"]

  private func unfinished(_ name: String = "stalling") -> URL {
    folder.appending(path: "Reports/box/samples/planted/\(name).unfinished.json.gz")
  }

  private func exists(_ file: URL) -> Bool {
    FileManager.default.fileExists(atPath: file.path(percentEncoded: false))
  }

  private var processes: Int { (try? Data(contentsOf: count).count) ?? 0 }

  /// Starts a run and ends it while its process of this number waits.
  private func interrupt(
    at number: Int, with end: Int32, _ more: [String] = [], _ variables: [String: String] = [:]
  ) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: Perflab.path("planted-lab"))
    process.arguments = words + more
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging([
      "PLANTED_COUNT": count.path(percentEncoded: false), "PLANTED_STALL": "\(number)",
    ]) { $1 }.merging(variables) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    while process.isRunning, processes < number { usleep(10_000) }
    kill(process.processIdentifier, end)
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func resume(
    _ more: [String] = [], _ variables: [String: String] = [:]
  ) throws -> Perflab.Outcome {
    try Perflab.run(
      words + ["--resume"] + more, in: folder,
      environment: variables.merging(["PLANTED_COUNT": count.path(percentEncoded: false)]) { $1 },
      product: "planted-lab")
  }

  private func result() throws -> ExperimentResult {
    let path = folder.appending(path: "Reports/box/results/planted/stalling.json")
    return try JSONDecoder().decode(StoredExperiment.self, from: Data(contentsOf: path)).experiment
  }

  /// A run takes three processes in the first pass and three in the second; each has two instances
  /// of the baseline and one of the candidate, which counts. The one that waited is lost.
  @Test(arguments: [
    (3, SIGINT, 7), (5, SIGINT, 7), (4, SIGHUP, 7), (4, SIGKILL, 7), (5, SIGKILL, 8),
  ])
  func goesOnInsideAPassAndBetweenTwo(number: Int, end: Int32, taken: Int) throws {
    let code = try interrupt(at: number, with: end)
    #expect(code == (end == SIGKILL ? SIGKILL : 128 + end))
    try #require(exists(unfinished()))
    let resumed = try resume()
    #expect(resumed.code == 0 && !resumed.err.contains("anew"), "\(resumed.err)")
    #expect(processes == taken)
    let point = try #require(try result().points.first)
    #expect(
      point.processes == 6 && point.stop == .precise && point.candidates[0].verdict == .faster)
    #expect(!exists(unfinished()))
  }

  @Test func aDamagedFileIsNamedAndTheExperimentMeasuredAnew() throws {
    _ = try interrupt(at: 4, with: SIGINT)
    var bytes = try Data(contentsOf: unfinished())
    bytes.removeLast(bytes.count / 2)
    try bytes.write(to: unfinished())
    let resumed = try resume()
    #expect(resumed.code == 0)
    #expect(
      resumed.err.contains(
        "planted/stalling is measured anew: "
          + "Reports/box/samples/planted/stalling.unfinished.json.gz is damaged\n"))
    #expect(processes == 4 + 6)
    #expect(try result().points[0].processes == 6)
  }

  @Test func samplesOfAnotherSeedAreMeasuredAnew() throws {
    _ = try interrupt(at: 4, with: SIGINT)
    let resumed = try resume(["--seed", "7"])
    #expect(
      resumed.err.contains("measured anew: its samples so far are from another seed\n"),
      "\(resumed.err)")
    #expect(processes == 4 + 6)
  }

  @Test func aNewRunDoesNotGoOn() throws {
    _ = try interrupt(at: 4, with: SIGINT)
    let run = try Perflab.run(words, in: folder, product: "planted-lab")
    #expect(run.code == 0 && !run.err.contains("anew"))
    #expect(try result().points[0].processes == 6)
    #expect(!exists(unfinished()))
  }

  @Test func whatIsMissingNowOrCannotBeReadStaysAsItIs() throws {
    let need = folder.appending(path: "need")
    let needs = ["PLANTED_NEED": need.path(percentEncoded: false)]
    try Data().write(to: need)
    _ = try interrupt(at: 4, with: SIGINT, [], needs)
    let before = try result()
    try FileManager.default.removeItem(at: need)
    let missing = try resume([], needs)
    #expect(missing.code == 0 && missing.err.contains("planted/stalling is left as it is: needs "))
    #expect(try result() == before && exists(unfinished()))

    let aside = folder.appending(path: "aside")
    try Data().write(to: need)
    try FileManager.default.moveItem(at: unfinished(), to: aside)
    try FileManager.default.createDirectory(at: unfinished(), withIntermediateDirectories: false)
    let unreadable = try resume([], needs)
    #expect(unreadable.err.contains("left as it is: Reports/box/samples/planted/stalling."))
    #expect(unreadable.err.contains("can't be read: ") && processes == 4)
    try FileManager.default.removeItem(at: unfinished())
    try FileManager.default.moveItem(at: aside, to: unfinished())
    #expect(try resume([], needs).code == 0 && processes == 7)
  }

  @Test func aSideFileThatCannotBeWrittenLosesNoResult() throws {
    try FileManager.default.createDirectory(at: unfinished(), withIntermediateDirectories: true)
    #expect(try interrupt(at: 5, with: SIGINT) == 128 + SIGINT)
    #expect(try result().points[0].processes == 4)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1))
  func anInterruptLeavesTheResultOfWhatIsSkipped() throws {
    let team = ["run", "planted/team", "--preset", "quick", "--machine", "box"]
    try #require(try Perflab.run(team, in: folder, product: "planted-lab").code == 0)
    let file = folder.appending(path: "Reports/box/results/planted/team.json")
    let before = try Data(contentsOf: file)
    #expect(try interrupt(at: 5, with: SIGINT, ["planted/team", "--cpus", "0"]) == 128 + SIGINT)
    #expect(try Data(contentsOf: file) == before)
  }

  @Test func noFileStaysOfWhatIsFinished() throws {
    let left = unfinished("reporting")
    try FileManager.default.createDirectory(
      at: left.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data().write(to: left)
    _ = try interrupt(at: 5, with: SIGINT, ["planted/simulated"])
    #expect(!exists(left) && !exists(unfinished("simulated")) && exists(unfinished()))
    // As if it had been ended before the file was removed.
    try Data().write(to: unfinished("simulated"))
    #expect(try resume(["planted/simulated"]).code == 0)
    #expect(!exists(unfinished("simulated")) && !exists(unfinished()))
  }

  /// Needs a mount of its own, which not every kernel lets an ordinary user make.
  @Test func anotherFileSystemUnderTheScratchFoldersIsAnotherOrigin() throws {
    let other = folder.appending(path: "other")
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: false)
    _ = try interrupt(at: 4, with: SIGINT)
    let script =
      "mount -t ramfs none \"$1\" && export PERFLAB_SCRATCH=\"$1\" && shift && exec \"$@\""
    let mounted = ["unshare", "-Urm", "sh", "-c", script, "sh", other.path(percentEncoded: false)]
    guard try Perflab.start(mounted + ["true"]).code == 0 else { return }
    let resumed = try Perflab.run(
      words + ["--resume"], in: folder, under: mounted, product: "planted-lab")
    #expect(
      resumed.err.contains("samples so far are from another file system under its scratch folders"),
      "\(resumed.err)")
  }
}
