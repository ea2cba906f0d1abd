import Foundation
import Results
import Testing

/// `calibrate` over pairs whose ratio is what they report.
@Suite(.serialized) struct CalibrateTests {
  private func calibrate(_ more: [String], in folder: URL) throws -> Perflab.Outcome {
    try Perflab.run(
      ["calibrate", "--machine", "box"] + more, in: folder, environment: ["PLANTED_KIT": "1"],
      product: "planted-lab")
  }

  private func stored(in folder: URL) throws -> Calibration {
    let path = folder.appending(path: "Reports/box/calibration.json")
    return try JSONDecoder().decode(Calibration.self, from: Data(contentsOf: path))
  }

  @Test func pairsAndExperimentsAreMeasuredTwice() throws {
    let folder = try Perflab.scratch()
    let first = try calibrate(
      ["--comparisons", "1", "--only", "planted/reporting,planted/wrong"], in: folder)
    #expect(first.code == 0, "\(first.err)")
    #expect(first.err.contains("planted/wrong was not measured twice: wrong result"))
    #expect(first.out.contains("measured twice: 3/3 second estimates inside"), "\(first.out)")
    let found = try stored(in: folder)
    #expect(found.series.map(\.comparisons.count) == [2])
    let ratios = try #require(found.repetitions?.first?.ratios)
    #expect(
      ratios.map(\.name) == ["reports same", "reports slower-5", "planted/reporting"])
    #expect(ratios.map(\.first.estimate) == ratios.map(\.second.estimate))
    let page = folder.appending(path: "Reports/box/calibration.md")
    #expect(try String(contentsOf: page, encoding: .utf8).contains("## Repeatability"))

    let second = try calibrate(["--comparisons", "0"], in: folder)
    #expect(second.code == 0 && !second.out.contains("false verdicts"), "\(second.err)")
    let later = try stored(in: folder)
    #expect(later.series == found.series && later.repetitions?.map(\.ratios.count) == [2])
  }

  @Test func eachSessionHasASeedOfItsOwn() throws {
    let folder = try Perflab.scratch()
    let words = ["--comparisons", "0", "--seed", "3", "--only", "planted/drawing"]
    #expect(try calibrate(words, in: folder).code == 0)
    let ratio = try #require(try stored(in: folder).repetitions?.first?.ratios.last)
    #expect(ratio.name == "planted/drawing" && ratio.first != ratio.second)
  }

  @Test(arguments: [
    (["--only", "planted/*"], "; planted/simulated is simulated\n"),
    (["--only", "planted/computed"], "; planted/computed is computed\n"),
    (["--only", "planted/same", "--no-pinning"], "--only names experiments for the two sessions"),
    (["--comparisons", "0", "--no-pinning"], "--comparisons takes 1 or more"),
    (["--comparisons", "0", "--neighbour", "other"], "--comparisons takes 1 or more"),
  ])
  func whatCannotBeMeasuredTwiceIsRefused(words: [String], why: String) throws {
    let folder = try Perflab.scratch()
    let outcome = try calibrate(words, in: folder)
    #expect(outcome.code == 64 && outcome.err.contains(why), "\(outcome.err)")
  }
}
