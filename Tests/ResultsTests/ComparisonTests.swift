import Results
import Statistics
import Testing

@Suite struct ComparisonTests {
  @Test("The ratio's interval adds the distances as squares, for the level asked for")
  func interval() throws {
    let ratio = try #require(
      Runs.compare(Runs.point(1, speedup: 4), Runs.point(1, speedup: 3)).ratio)
    #expect(abs(ratio.estimate - 0.75) < 1e-12)
    let side = ConfidenceInterval(
      estimate: 0, low: -naturalLogarithm(1.01), high: naturalLogarithm(1.01),
      coverage: OrderStatisticInterval.pair(count: 9, level: 0.95).coverage
    ).widened(to: 0.95, processes: 9)
    let reach = exponential(side.high * 2.0.squareRoot())
    #expect(abs(ratio.high / ratio.estimate - reach) < 1e-9)
    #expect(abs(ratio.estimate / ratio.low - reach) < 1e-9)
  }

  @Test("Values of a size and of threads are not compared; an axis with another name is")
  func axes() {
    let sizes = Runs.experiment("a/b", [Runs.point(4, speedup: 4)])
    var (threads, renamed) = (sizes, sizes)
    threads.account.axis = "threads"
    renamed.account.axis = "elements"
    #expect(Runs.compare([sizes], [renamed]).count == 1)
    threads.account.sweepsThreads = true
    let other = Runs.compare([sizes], [threads])
    #expect(other.count == 0 && other.pairs[0].only == [["a/b"], ["a/b"]])
    #expect(Runs.compare([threads], [threads]).pairs[0].only == [[], []])
  }

  @Test("The more comparisons, the wider each interval")
  func correction() throws {
    let few = Runs.compare(Runs.point(1, speedup: 4), Runs.point(1, speedup: 3))
    let points = (1...40).map { Runs.point($0, speedup: 4) }
    let others = (1...40).map { Runs.point($0, speedup: 3) }
    let many = Runs.compare(
      [Runs.experiment("a/b", points)], [Runs.experiment("a/b", others)])
    #expect(many.count == 40)
    let wide = try #require(many.pairs[0].candidates[0].ratio)
    let narrow = try #require(few.ratio)
    #expect(wide.high - wide.low > 1.5 * (narrow.high - narrow.low))
  }

  @Test("A difference clears 2 % and the nulls of both runs; what lies within 2 % is the same")
  func changes() {
    let base = Runs.point(1, speedup: 4)
    #expect(Runs.compare(base, Runs.point(1, speedup: 3)).change == .smaller)
    #expect(Runs.compare(base, Runs.point(1, speedup: 5)).change == .larger)
    #expect(Runs.compare(base, Runs.point(1, speedup: 4.2)).change == .larger)
    #expect(Runs.compare(base, Runs.point(1, speedup: 4.1)).change == .unresolved)
    let precise = Runs.point(1, speedup: 4, by: 1.001)
    #expect(Runs.compare(precise, precise).change == .same)
    #expect(Runs.compare(precise, Runs.point(1, speedup: 4.05, by: 1.001)).change == .same)
    let noisy = Runs.point(1, speedup: 3, null: 1.4)
    #expect(Runs.compare(base, noisy).change == .unresolved)
  }

  @Test("Too few processes give no ratio, disturbed blocks no change")
  func evidence() {
    let base = Runs.point(1, speedup: 4)
    let few = Runs.compare(base, Runs.point(1, speedup: 2, processes: 4))
    #expect(few.ratio == nil)
    #expect(few.change == .unresolved)
    let disturbed = Runs.point(1, speedup: 2, verdict: .unresolved)
    #expect(Runs.compare(base, disturbed).ratio != nil)
    #expect(Runs.compare(base, disturbed).change == .unresolved)
  }

  @Test("What one side lacks is named with its reason, and nothing is compared with it")
  func missing() {
    var skipped = Runs.experiment("a/b", [])
    skipped.status = .skipped
    skipped.reason = "needs 2 NUMA nodes"
    let whole = Runs.experiment("a/b", [Runs.point(1, speedup: 2), Runs.point(2, speedup: 2)])
    let part = Runs.experiment("a/b", [Runs.point(1, speedup: 2)])
    let first = Runs.compare([whole], [skipped]).pairs[0].experiments[0]
    #expect(first.candidates.isEmpty)
    #expect(first.missing.map(\.reason) == ["needs 2 NUMA nodes"])
    #expect(first.missing[0].side == 1)
    let second = Runs.compare([part], [whole]).pairs[0].experiments[0]
    #expect(second.candidates.count == 1)
    #expect(second.missing.map(\.place) == ["2"])
    #expect(second.missing[0].side == 0)
    let third = Runs.compare([whole, Runs.experiment("a/c", [])], [whole]).pairs[0]
    #expect(third.only == [["a/c"], []])
  }

  @Test("A measurement is not compared with itself")
  func oneMeasurement() {
    let results = Runs.results(
      "2026-01-01T00:00:00Z", [Runs.experiment("a/b", [Runs.point(1, speedup: 2)])])
    var later = results
    later.run.started = "2026-01-02T00:00:00Z"
    let pair = Comparison(
      [.init(name: "x", results: results), .init(name: "y", results: later)], numberProcesses: 6
    ).pairs[0]
    #expect(pair.candidates.isEmpty)
    #expect(pair.experiments[0].isOneMeasurement)
  }

  @Test("A new kernel leaves the machine what it is, another cache does not")
  func machines() {
    var newer = Runs.machine
    newer.kernel = "7.0"
    newer.memoryBytes *= 2
    #expect(Runs.machine.isLike(newer))
    newer.caches = [Machine.Cache(level: 1, bytes: 1 << 15, lineBytes: 64, sharedBy: 1)]
    #expect(!Runs.machine.isLike(newer))
  }

  @Test("Facts that differ are shown for both; numbers beyond their intervals, largest first")
  func machineNumbers() {
    let results = Runs.results("2026-01-01T00:00:00Z", [])
    func number(_ value: Double, by ratio: Double = 1.01) -> MachineNumber {
      MachineNumber(Quantity(Runs.around(value, by: ratio), unit: .nanoseconds), method: "")
    }
    var one = results
    var other = results
    one.machine.numbers = ["a": number(10), "b": number(10), "c": number(10, by: 1.5)]
    other.machine.numbers = ["a": number(12), "b": number(30), "c": number(12), "d": number(1)]
    other.machine.kernel = "7.0"
    let pair = Comparison(
      [.init(name: "x", results: one), .init(name: "y", results: other)], numberProcesses: 6
    ).pairs[0]
    #expect(pair.numbers.map(\.name) == ["b", "a"])
    #expect(pair.numbersCompared == 3)
    #expect(pair.facts.map(\.name) == ["kernel"])
    #expect(pair.facts[0].values == ["6.1.0", "7.0"])
  }
}
