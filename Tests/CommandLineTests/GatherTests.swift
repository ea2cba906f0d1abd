import Foundation
import Results
import Testing

/// `perflab gather` on results made by hand.
@Suite struct GatherTests {
  private func write(
    _ name: String, in folder: URL, speedup: Double, verdict: Verdict, predicted: Double? = nil
  ) throws {
    var results = Box.results
    results.machine.name = name
    results.conditions = [Condition(name: "governor", grade: .poor, value: "v", why: "w", fix: "f")]
    for point in results.experiments[0].points.indices {
      results.experiments[0].points[point].candidates[0].speedup = Interval(
        estimate: speedup, low: speedup * 0.99, high: speedup * 1.01)
      results.experiments[0].points[point].candidates[0].verdict = verdict
      results.experiments[0].points[point].candidates[0].predicted = predicted.map {
        PredictedSpeedup(speedup: $0, because: "")
      }
    }
    try Box.write(results, to: folder.appending(path: name))
  }

  @Test func whatTurnsAndWhereModelsFailIsNamed() throws {
    let folder = try Perflab.scratch()
    try write("one", in: folder, speedup: 3, verdict: .faster, predicted: 2.9)
    try write("two", in: folder, speedup: 0.8, verdict: .slower, predicted: 3)
    let outcome = try Perflab.run(["gather", ".", "--html"], in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.out.contains("2 machines, 1 experiment; 1 is faster on one machine"))
    #expect(outcome.out.contains("one: 1 without a digest; poor: governor"))
    let page = try String(contentsOf: folder.appending(path: "gallery.md"), encoding: .utf8)
    #expect(page.contains("| `memory/aos-to-soa` | one 3.0× | two 0.80× |"))
    #expect(page.contains("| `memory/aos-to-soa` | 1 of 2 | two |"))
    #expect(page.contains("| `memory/aos-to-soa` | 3.0× (2.9×) | **0.80×** (3.0×!) |"))
    let site = try String(contentsOf: folder.appending(path: "gallery.html"), encoding: .utf8)
    #expect(site.contains("style=\"background:#57c67a\" title=\"one: faster 3.0"))
    #expect(site.contains("<h2>Where models fail</h2>"))
    // The same folders give the same bytes.
    #expect(try Perflab.run(["gather", "one", "two", "--out", "b.md"], in: folder).code == 0)
    #expect(try String(contentsOf: folder.appending(path: "b.md"), encoding: .utf8) == page)
  }

  @Test func anotherHeadlineIsNotComparedAndACopyIsNoMachine() throws {
    let folder = try Perflab.scratch()
    try write("one", in: folder, speedup: 3, verdict: .faster)
    try write("three", in: folder, speedup: 0.8, verdict: .slower)
    var other = Box.results
    other.machine.name = "two"
    other.experiments[0].points.removeLast()
    other.experiments[0].points[0].candidates[0].verdict = .slower
    try Box.write(other, to: folder.appending(path: "two"))
    try FileManager.default.copyItem(
      at: folder.appending(path: "three"), to: folder.appending(path: "copy"))
    let pair = try Perflab.run(["gather", "one", "two"], in: folder)
    #expect(pair.out.contains("2 machines, 1 experiment; none is faster"), "\(pair.out)")
    let page = try String(contentsOf: folder.appending(path: "gallery.md"), encoding: .utf8)
    #expect(page.contains("| `memory/aos-to-soa` | soa at 4 MiB | 2: soa at 16 KiB |"))
    #expect(page.contains("| `memory/aos-to-soa` | 3.0× | **4.0×** † |"), "\(page)")
    // Of what has one headline, all are compared.
    let all = try Perflab.run(["gather", "one", "two", "three", "copy", "--html"], in: folder)
    #expect(all.code == 0 && all.out.contains("3 machines, 1 experiment; 1 is faster"))
    #expect(all.err.contains("copy is left out: it holds the same results as three"))
    let site = try String(contentsOf: folder.appending(path: "gallery.html"), encoding: .utf8)
    #expect(site.contains("soa at 16 KiB\">4.0× †</td>"), "\(site)")
    // Two machines of one name.
    var twin = Box.results
    twin.run.seed = 43
    twin.machine.name = "one"
    try Box.write(twin, to: folder.appending(path: "twin"))
    #expect(try Perflab.run(["gather", "one", "twin"], in: folder).code == 0)
    let twins = try String(contentsOf: folder.appending(path: "gallery.md"), encoding: .utf8)
    #expect(twins.contains("| 2 | one (twin) |"), "\(twins)")
  }

  @Test func whatWasAlteredAfterItsRunIsNamed() throws {
    let folder = try Perflab.scratch()
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "box"]
    #expect(try Perflab.run(run, in: folder, product: "planted-lab").code == 0)
    let whole = try Perflab.run(["gather", "Reports"], in: folder, product: "planted-lab")
    #expect(whole.code == 0 && !whole.out.contains("altered"), "\(whole.out)")
    let file = folder.appending(path: "Reports/box/results/planted/reporting.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing("\"processes\":", with: "\"processes\": ").write(
      to: file, atomically: true, encoding: .utf8)
    let altered = try Perflab.run(["gather", "Reports/box"], in: folder, product: "planted-lab")
    #expect(altered.code == 0 && altered.out.contains("box: 1 altered"), "\(altered.out)")
    let page = try String(contentsOf: folder.appending(path: "gallery.md"), encoding: .utf8)
    #expect(page.contains("- Changed or removed after their run on box: planted/reporting"))
    try FileManager.default.copyItem(
      at: file, to: file.deletingLastPathComponent().appending(path: "added.json"))
    try FileManager.default.removeItem(at: file)
    let moved = try Perflab.run(["gather", "Reports/box"], in: folder, product: "planted-lab")
    #expect(moved.out.contains("box: 1 altered, 1 without a digest, 1 can't be read"))
  }

  @Test func badFoldersAreOneLine() throws {
    let folder = try Perflab.scratch()
    func expect(_ words: [String], _ code: Int32, _ says: String) throws {
      let outcome = try Perflab.run(["gather"] + words, in: folder)
      #expect(outcome.code == code && outcome.err.contains(says), "\(outcome.err)")
    }
    try expect(["nowhere"], 65, "nowhere is no folder")
    try expect(["."], 65, "is no machine's folder, and there is none in it")
    try write("one", in: folder, speedup: 3, verdict: .faster)
    try expect(["one", "--out", "x.txt"], 64, "--out takes a Markdown file")
    try "{".write(
      to: folder.appending(path: "one/run.json"), atomically: true, encoding: .utf8)
    try expect(["one"], 1, "is not a results file of perflab (it is no complete JSON); choose ")
    // The others are gathered all the same.
    try write("two", in: folder, speedup: 3, verdict: .faster)
    let rest = try Perflab.run(["gather", "."], in: folder)
    #expect(rest.code == 1 && rest.out.hasPrefix("1 machine, 1 experiment."), "\(rest.out)")
  }

  @Test func aDigestNamesNothingOutsideOfItsFolder() throws {
    let folder = try Perflab.scratch()
    try write("one", in: folder, speedup: 3, verdict: .faster)
    // Read to its end, this would never end.
    try "0 \(String(repeating: "../", count: 40))dev/zero\n0 results/gone.json\n".write(
      to: folder.appending(path: "one/digest.txt"), atomically: true, encoding: .utf8)
    let outcome = try Perflab.run(["gather", "one"], in: folder)
    #expect(outcome.out.contains("one: 1 altered, 1 without a digest"), "\(outcome.out)")
  }

  @Test func ofManyMachinesToDoubtSomeAreNamed() throws {
    let folder = try Perflab.scratch()
    // Of equal results all but one would be copies.
    for name in 10..<33 {
      try write("m\(name)", in: folder, speedup: Double(name), verdict: .faster)
    }
    let outcome = try Perflab.run(["gather", "."], in: folder)
    #expect(outcome.out.hasPrefix("23 machines") && outcome.out.contains("\nm29: "))
    #expect(outcome.out.hasSuffix("and 3 more machines, which the page lists\n"), "\(outcome.out)")
  }
}
