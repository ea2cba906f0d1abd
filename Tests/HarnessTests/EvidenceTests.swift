import Harness
import PlantedExperiments
import Platform
import Results
import Testing

@Suite("Simulated and computed points, and percentiles", .serialized)
struct EvidenceTests {
  private func run(_ name: String, share: Double? = 0.5) throws -> ExperimentResult {
    var machine = anyMachine
    if let share {
      let number = Quantity(Interval(estimate: share, low: share, high: share), unit: .count)
      machine.numbers["planted.share"] = MachineNumber(number, method: "planted")
    }
    return try plantedOrchestrator(several, machine: machine).run(
      plantedExperiment(name), sources: []
    ) { _ in }
  }

  /// Enough replications for a verdict.
  private let several = Preset(
    name: "several", processes: 9...9, secondsPerProcess: 0.002, pointSeconds: 0, halfWidth: 0.01)

  @Test("common random numbers leave no noise in a ratio; other streams do in the null")
  func simulated() throws {
    let result = try run("simulated")
    #expect(result.evidence == .simulated && result.status == .measured)
    for point in result.points {
      let speedup = try #require(point.candidates[0].speedup)
      #expect(abs(speedup.estimate - 2) < 1e-12 && abs(speedup.high - speedup.low) < 1e-12)
      let null = try #require(point.null)
      #expect(null.low < 1 && 1 < null.high)
      #expect(point.candidates[0].verdict == .faster)
      #expect(point.processes == 9)
      // Nothing was timed.
      #expect(point.variants.allSatisfy { $0.counters["user time"] == nil })
    }
  }

  @Test("one seed gives one result")
  func isRepeatable() throws {
    let runs = try (0..<2).map { _ in try run("simulated").points.map(\.variants) }
    #expect(runs[0] == runs[1])
  }

  @Test("the number of processors changes no result")
  func processors() throws {
    let preset = Preset(
      name: "odd", processes: 7...19, secondsPerProcess: 0.002, pointSeconds: 60, halfWidth: 0.01)
    let cpus = Array(try Affinity.allowed().prefix(2))
    let counts = try (1...cpus.count).map { count in
      let orchestrator = plantedOrchestrator(preset, cpus: Array(cpus.prefix(count)))
      return try orchestrator.run(plantedExperiment("simulated"), sources: []) { _ in }
        .points.map(\.processes)
    }
    #expect(counts.allSatisfy { $0 == [7, 7] })
  }

  @Test("a variant that is offered other work is a wrong result")
  func otherArrivals() throws {
    let result = try run("other-arrivals")
    #expect(result.status == .failed)
    #expect(result.reason?.hasPrefix("wrong result: after") == true)
  }

  @Test("a simulation that crashes loses its point, with the signal")
  func crash() throws {
    #expect(try run("simulated-crash").points[0].reason?.contains("SIGABRT") == true)
  }

  @Test("a computed ratio has the interval of its inputs, at every point the same draws")
  func computed() throws {
    let result = try run("computed")
    #expect(result.evidence == .computed)
    let speedups = try result.points.map { try #require($0.candidates[0].speedup) }
    #expect(abs(speedups[0].estimate - 5) < 0.05)
    #expect(abs(speedups[0].low - 4) < 0.1 && abs(speedups[0].high - 6.25) < 0.15)
    #expect(abs(speedups[0].estimate - speedups[1].estimate) < 1e-9)
    let point = result.points[0]
    #expect(point.candidates[0].verdict == .faster)
    #expect(point.inputs?.map(\.name) == ["price", "planted.share"])
    #expect(point.variants[1].counters["share"]?.value == 0.5)
    let null = try #require(point.null)
    #expect(null.low < 1.001 && null.high > 0.999 && null.high - null.low < 0.1)
  }

  @Test("the break-even is where the better one changes, with the interval of the inputs")
  func breakEven() throws {
    let decision = try #require(try run("break-even").decision)
    #expect(decision.candidate == "each")
    let turn = try #require(decision.breakEven)
    #expect(!turn.isBetterAbove && turn.always == 0 && turn.never == 0)
    #expect(abs(try #require(turn.value).value - 100) < 0.5)
    #expect(turn.value?.label == "100 pieces")
    // Uniform on either side of the estimate: 5% of a side lie beyond the interval's end.
    #expect(abs(try #require(turn.low).value - 52.5) < 1)
    #expect(abs(try #require(turn.high).value - 290) < 4)
    let decider = try #require(decision.deciders.first)
    #expect(decision.deciders.count == 1 && decider.input.name == "sum")
    #expect(abs(decider.ratioAtLow - 0.5) < 1e-9 && abs(decider.ratioAtHigh - 3) < 1e-9)
    #expect(decider.breakEvenAtHigh?.label == "300 pieces")
    #expect(abs(try #require(decider.turn) - 100) < 0.1)
  }

  @Test("an uncertain input of a simulation is moved by itself, to where the answer turns")
  func uncertain() throws {
    let result = try run("uncertain")
    let decision = try #require(result.decision)
    #expect(decision.candidate == "after" && decision.breakEven == nil)
    // The other input moves nothing.
    let decider = try #require(decision.deciders.first)
    #expect(decision.deciders.count == 1 && decider.input.name == "factor")
    #expect(abs(decider.ratioAtLow - 4) < 1e-9 && abs(decider.ratioAtHigh - 0.5) < 1e-9)
    #expect(abs(try #require(decider.turn) - 1) < 0.01)
    #expect(result.points[0].inputs?.map(\.name) == ["nothing", "factor"])
  }

  @Test("a computed figure is that of the inputs' estimates, in the outcomes and in their ratio")
  func estimates() throws {
    for point in try run("break-even").points {
      let speedup = try #require(point.candidates[0].speedup)
      let ratio = point.variants[0].estimate / point.variants[1].estimate
      #expect(abs(speedup.estimate / ratio - 1) < 1e-9)
      #expect(speedup.low <= speedup.estimate && speedup.estimate <= speedup.high)
    }
  }

  @Test("an answer that does not turn has no break-even")
  func noBreakEven() throws {
    let decision = try #require(try run("computed").decision)
    let turn = try #require(decision.breakEven)
    #expect(turn.value == nil && turn.low == nil && turn.high == nil)
    #expect(turn.always == 1 && turn.never == 0)
  }

  @Test("two inputs of one name are drawn alike, each around its own value")
  func twoPrices() throws {
    let point = try run("two-prices").points[0]
    let speedup = try #require(point.candidates[0].speedup)
    #expect(abs(speedup.low - 4) < 1e-9 && abs(speedup.high - 4) < 1e-9)
    #expect(point.inputs?.map(\.quantity.estimate) == [12, 3])
  }

  @Test("a computed point without one of its numbers names it")
  func missingNumber() throws {
    let result = try run("computed", share: nil)
    #expect(result.status == .skipped && result.reason?.contains("planted.share") == true)
  }

  @Test("a percentile is that of a process's observations, and all of them are kept")
  func percentile() throws {
    let point = try run("percentile").points[0]
    #expect(point.status == .measured)
    let speedup = try #require(point.candidates[0].speedup)
    #expect(abs(speedup.estimate - 2) < 0.01)
    let all = try #require(point.variants[0].distribution)
    #expect(all.count >= 9 * 1_000)
    #expect(abs(point.variants[0].estimate - 990) < 2)
  }

  @Test("a percentile of too few observations is refused")
  func fewObservations() throws {
    let result = try run("few-observations")
    #expect(result.status == .failed)
    #expect(result.reason?.contains("p99 latency needs 1000 observations") == true)
    let candidate = try run("few-in-candidate")
    #expect(candidate.status == .failed && candidate.reason?.contains("after had") == true)
  }
}
