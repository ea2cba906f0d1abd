import Results
import Testing

@testable import Rendering

/// The page of two builds in turns.
@Suite struct ABPageTests {
  @Test func aPageOfManyRowsIsShortEnoughForAComment() throws {
    let flags = BuildFlags(optimised: true, compiler: "", instructionSet: "", features: [])
    var comparison = ABComparison(
      kind: .builds,
      run: Run(started: "", preset: "quick", seed: 1, version: "", flags: flags, cpus: []),
      machine: Machine(
        name: "", processor: "", architecture: "", cores: 1, threads: 1, packages: 1, numaNodes: 1,
        memoryBytes: 0, caches: [], kernel: "", system: "", hypervisor: nil),
      conditions: [], sides: [.init(name: "main"), .init(name: "working tree")])
    let long = "a name of a variant that is long"
    let id = "migration/an-experiment-with-a-long-name"
    let slower = Interval(estimate: 0.5, low: 0.49, high: 0.51)
    for number in 0..<400 {
      comparison.rows.append(
        ABRow(
          experiment: id, variant: "\(long) \(number)", parameter: nil, axis: "", metric: .time,
          before: slower, after: slower, ratio: slower,
          null: Interval(estimate: 1, low: 0.999, high: 1.001), processes: 9, blocks: 9,
          discarded: [:], stop: .precise, isDisturbed: false, first: .slower, counts: []))
      let counts = [1.0, 2].map { CallCount(name: "retains", values: [$0]) }
      comparison.counts.append(
        try #require(
          ABCountChange(experiment: id, variant: long, before: counts[0], after: counts[1])))
      comparison.missing.append(.init(side: 1, place: "\(id), \(long)", reason: "none"))
    }
    comparison.isComplete = true
    let page = ABPage.render(comparison, gate: 0.03)
    #expect(page.unicodeScalars.count < 65_536 - 100, "\(page.unicodeScalars.count)")
    #expect(page.contains("All 400 measurements"))
    #expect(page.contains("And 320 more, which the file of --json has."))
  }
}
