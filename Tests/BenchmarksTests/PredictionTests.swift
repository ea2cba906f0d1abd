import Harness
import NetworkBenchmarks
import NumbersBenchmarks
import Results
import ScaleBenchmarks
import Testing

@Suite("Predictions")
struct PredictionTests {
  @Test("depend on the machine's numbers and on nothing else", arguments: catalog)
  func predictionsAreRepeatable(experiment: Experiment) {
    let (first, second) = (predicted(experiment, on: .example), predicted(experiment, on: .example))
    #expect(first.points == second.points)
  }

  @Test("are positive numbers inside their intervals, with a reason", arguments: catalog)
  func predictionsAreFinite(experiment: Experiment) {
    for predicted in predicted(experiment, on: .example).points.flatMap(\.candidates)
      .compactMap(\.predicted)
    {
      #expect(predicted.speedup.isFinite && predicted.speedup > 0)
      #expect(predicted.because.hasSuffix("."), "\(predicted.because)")
      #expect((predicted.low ?? 0) <= predicted.speedup)
      #expect(predicted.speedup <= predicted.high ?? .infinity)
    }
  }

  @Test("are sums of terms that have names, formulas and sources", arguments: catalog)
  func termsAddUp(experiment: Experiment) {
    for point in predicted(experiment, on: .example).points {
      for variant in point.predictions ?? [] {
        let sum = variant.terms.filter { !$0.isHidden }.reduce(0) { $0 + $1.value }
        #expect(abs(sum - variant.total) <= 1e-9 * abs(variant.total), "\(variant)")
        #expect(variant.terms.count <= 8, "\(variant.terms.map(\.name)): too many to read")
        for term in variant.terms {
          #expect(!term.name.isEmpty && !term.formula.isEmpty && term.value.isFinite)
          #expect(term.value >= 0, "\(term.name)")
        }
      }
    }
  }

  @Test("are in the metric's unit, on one scale for all variants", arguments: catalog)
  func unitsMatch(experiment: Experiment) {
    for point in predicted(experiment, on: .example).points {
      let all = point.predictions ?? []
      #expect(Set(all.map(\.unit)).count <= 1 && Set(all.map(\.perMetric)).count <= 1)
      for variant in all where variant.perMetric != nil {
        #expect([experiment.metric.record.unit, .count].contains(variant.unit), "\(variant.unit)")
        // What a kernel reports is not of an element.
        #expect(experiment.metric == .time || variant.perMetric == 1)
      }
    }
  }

  @Test("name the number that a machine has not been asked for", arguments: catalog)
  func missingNumbersAreNamed(experiment: Experiment) {
    var machine = Machine.example
    machine.numbers = [:]
    for lack in predicted(experiment, on: machine).missing {
      #expect(Machine.example.numbers[lack.number] != nil, "\(lack.number) is no number we take")
    }
  }

  @Test("ask for no other area's numbers than the catalog says", arguments: catalog)
  func numbersOfOtherAreasAreNotNeeded(experiment: Experiment) {
    let numbers = numberCatalog(for: .example).with(messageNumbers + shopNumbers)
    let others = numbers.areas.subtracting(numbers.areas(of: [experiment]))
    let foreign = numbers.part(of: others, withGeneral: false)
    let names = Set(foreign.probes.map(\.name) + foreign.derived.map(\.name))
    var machine = Machine.example
    machine.numbers = machine.numbers.filter { !names.contains($0.key) }
    let lacks = predicted(experiment, on: machine).missing.map(\.number)
    #expect(lacks.allSatisfy { !names.contains($0) }, "\(lacks)")
  }

  /// Every point with what the models expect.
  private func predicted(
    _ experiment: Experiment, on machine: Machine
  ) -> (points: [PointResult], missing: [MissingModel]) {
    var missing: [MissingModel] = []
    let parts = PartShares(
      samples: 1_000, parts: experiment.parts.map { .init(name: $0.name, share: 0.4, gain: 8) })
    let points = experiment.sweep.values.map { parameter in
      var point = PointResult(
        parameter: parameter, status: .pending,
        candidates: experiment.variants.dropFirst().map {
          CandidateResult(name: $0.name, speedup: nil, verdict: .skipped)
        })
      missing += experiment.predict(
        &point, on: machine, parts: experiment.parts.isEmpty ? nil : parts)
      return point
    }
    return (points, missing)
  }
}
