import Harness
import Rendering
import Results
import Testing

@Suite("On every instruction set")
struct InstructionSetTests {
  @Test(
    "a page says nothing of an instruction or a width that the build does not have",
    arguments: catalog)
  func pagesHoldWhereTheyAreRead(experiment: Experiment) {
    // Its subject is what a request costs on either of them, wherever it is read.
    guard experiment.id != "scale/instruction-set" else { return }
    for set in InstructionSet.all {
      let page = page(of: experiment, on: set)
      #expect(!page.contains("{register"), "\(set.testDescription)")
      // The code is the experiment's own, for all of them.
      let prose = page.split(separator: "\n```").enumerated().filter { $0.offset.isMultiple(of: 2) }
      let text = prose.map { String($0.element) }.joined(separator: "\n")
      #expect(set.strangers(in: text) == [], "\(set.testDescription)")
    }
  }

  @Test(
    "what is predicted is predicted from the numbers that the build can measure",
    arguments: catalog)
  func predictionsAreTheSameOnes(experiment: Experiment) {
    let first = predicted(experiment, on: .avx512)
    for set in InstructionSet.all {
      let other = predicted(experiment, on: set)
      #expect(other.missing == first.missing, "\(set.testDescription)")
      #expect(
        other.points.map { $0.candidates.map { $0.predicted != nil } }
          == first.points.map { $0.candidates.map { $0.predicted != nil } },
        "\(set.testDescription)")
    }
  }

  @Test("a model asks for the width that was used, whatever the processor has")
  func widthsFollowTheBuild() throws {
    let experiment = try #require(catalog.first { $0.id == "cpu/simd-dot-product" })
    func products(_ set: InstructionSet) throws -> PredictedTerm {
      var point = PointResult(parameter: experiment.sweep.values[0], status: .pending)
      // All numbers, as of a processor with every width.
      _ = experiment.predict(&point, on: .example, registers: set.registers)
      return try #require(point.predictions?[1].terms.first { $0.name == "multiply-adds" })
    }
    for (set, bits) in [(InstructionSet.avx512, 512), (.avx2, 256), (.arm64, 128)] {
      let formula = try products(set).formula
      #expect(formula.contains("fma.throughput.\(bits)"), "\(formula)")
    }
  }

  @Test("the test's own words are found")
  func strangersAreFound() {
    #expect(InstructionSet.avx2.strangers(in: "24 registers of 512 bits") == ["512 bits"])
    #expect(InstructionSet.avx2.strangers(in: "`vpermt2ps`, vpermps") == ["vpermt2ps"])
    #expect(InstructionSet.arm64.strangers(in: "A 128-bit NEON register") == [])
    #expect(InstructionSet.arm64.strangers(in: "a vfmadd231ps of ymm") == ["vfmadd231ps", "ymm"])
    #expect(InstructionSet.avx512.strangers(in: "a mask register, 512-bit") == [])
    #expect(InstructionSet.avx2.strangers(in: "a mask register") == ["mask register"])
  }

  private func predicted(
    _ experiment: Experiment, on set: InstructionSet
  ) -> (points: [PointResult], missing: [MissingModel]) {
    var missing: [MissingModel] = []
    let parts =
      experiment.parts.isEmpty
      ? nil
      : PartShares(
        samples: 1_000,
        parts: experiment.parts.map { .init(name: $0.name, share: 0.4, gain: 8) })
    let points = experiment.sweep.values.map { parameter in
      var point = PointResult(
        parameter: parameter, status: .measured,
        candidates: experiment.variants.dropFirst().map {
          CandidateResult(name: $0.name, speedup: nil, verdict: .unresolved)
        }, work: experiment.work(parameter.value))
      missing += experiment.predict(
        &point, on: set.machine, registers: set.registers, parts: parts)
      return point
    }
    return (points, missing)
  }

  /// The page with each prediction measured just so.
  private func page(of experiment: Experiment, on set: InstructionSet) -> String {
    var points = predicted(experiment, on: set).points
    for index in points.indices {
      points[index].variants = experiment.variants.map { variant in
        let total = points[index].predictions?.first { $0.name == variant.name }?.total ?? 1
        return VariantResult(
          name: variant.name, value: Interval(estimate: total, low: total, high: total),
          unit: experiment.metric.record.unit)
      }
      for candidate in points[index].candidates.indices {
        let speedup = points[index].candidates[candidate].predicted?.speedup ?? 1
        points[index].candidates[candidate].speedup = Interval(
          estimate: speedup, low: speedup, high: speedup)
      }
    }
    var results = Results(
      run: Run(
        started: "", preset: "quick", seed: 1, version: "1",
        flags: BuildFlags(
          optimised: true, compiler: "", instructionSet: "", features: set.features), cpus: [0]),
      machine: set.machine, conditions: [])
    var result = ExperimentResult(
      id: experiment.id, title: experiment.title, evidence: experiment.evidence,
      status: .measured, reason: nil,
      account: experiment.account(sources: [], registers: set.registers), points: points)
    result.run = results.run
    results.experiments = [result]
    return ExperimentPage.render(result, of: results)
  }
}
