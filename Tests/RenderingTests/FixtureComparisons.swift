import Results

@testable import Rendering

extension Fixtures {
  /// A run at a time, with its speedups and predictions changed.
  static func later(
    _ started: String, machine: Machine = machine,
    scaling: (_ id: String, _ value: Int) -> Double = { _, _ in 1 },
    predicting: Double = 1
  ) -> Results {
    var results = results()
    results.machine = machine
    results.run.started = started
    for index in results.experiments.indices {
      results.experiments[index].run = results.run
      let id = results.experiments[index].id
      for point in results.experiments[index].points.indices {
        let value = results.experiments[index].points[point].parameter.value
        let factor = scaling(id, value)
        for one in results.experiments[index].points[point].candidates.indices {
          results.experiments[index].points[point].candidates[one].scale(factor, predicting)
        }
        let variants = results.experiments[index].points[point].variants.indices
        for one in variants.dropFirst() {
          results.experiments[index].points[point].variants[one].estimate /= factor
        }
      }
    }
    return results
  }

  /// Five runs; the last on another kernel, the second of another preset.
  static var history: [Results] {
    let days = ["2025-11-02", "2025-11-30", "2025-12-01", "2025-12-24", "2026-01-02"]
    return days.enumerated().map { index, day in
      var run = later("\(day)T03:04:05Z", scaling: { _, _ in 1 + 0.02 * Double(index % 3) })
      if index == 1 { run.run.preset = "thorough" }
      if index == 4 { run.machine.kernel = "6.12.0" }
      return run
    }
  }

  private static var before: Results {
    var results = later("2026-01-02T03:04:05Z").withoutMany
    results.machine.numbers = numbers.byName
    return results
  }

  /// One speedup fell, one rose, one experiment was not measured again.
  private static var after: Results {
    var results = later("2026-02-03T04:05:06Z") { id, value in
      switch (id, value) {
      case ("cpu/simd-dot-product", 32 << 20): 0.71
      case ("memory/aos-to-soa", 4 << 20): 1.2
      default: 1
      }
    }.withoutMany
    results.machine.numbers = numbers.byName
    results.conditions[1].grade = .poor
    results.conditions[1].value = "3.2"
    results.experiments[3] = before.experiments[3]
    results.experiments[4].status = .failed
    results.experiments[4].reason = "worker | hung"
    return results
  }

  /// Another machine, on which much is otherwise.
  private static var other: Results {
    var machine = machine
    machine.processor = "Ampere Altra"
    machine.cores = 8
    machine.numbers = numbers.byName.mapValues { number in
      let value = number.quantity
      let isSlower = value.estimate > 100
      return MachineNumber(
        Quantity(interval(value.estimate * (isSlower ? 2 : 1), 0.01), unit: value.unit),
        method: number.method)
    }
    var results = later(
      "2026-02-03T04:05:06Z", machine: machine, scaling: { _, value in value > 4096 ? 1.8 : 1 },
      predicting: 1.7)
    results.experiments.removeFirst()
    return results
  }

  static var comparison: Comparison {
    Comparison(
      [.init(name: "before", results: before), .init(name: "after", results: after)],
      numberProcesses: 6)
  }

  static var comparisonOfThree: Comparison {
    Comparison(
      [
        .init(name: "before", results: before), .init(name: "after", results: after),
        .init(name: "acht <Kerne>", results: other),
      ], numberProcesses: 6)
  }

  static var gate: Gate {
    var gate = Gate(comparison, share: 0.05)
    gate.confirm(
      after.experiments.filter { $0.id == "cpu/simd-dot-product" }, against: before
    ) { _ in "no reason" }
    return gate
  }

  static var comparisonPages: [PageSet.File] {
    let one = ComparisonPage.files(comparison, gate: gate, stem: "before and after") { _, path in
      "../\(path)"
    }
    let three = ComparisonPage.files(comparisonOfThree, stem: "three") { _, _ in nil }
    return (one + three).map { PageSet.File(path: "comparisons/\($0.path)", contents: $0.contents) }
  }
}

extension Results {
  /// Without the experiment of many points, of which a few would do.
  fileprivate var withoutMany: Results {
    var results = self
    results.experiments.removeAll { $0.id == "cpu/search-layouts" }
    return results
  }
}

extension CandidateResult {
  fileprivate mutating func scale(_ factor: Double, _ predicting: Double) {
    if let old = speedup {
      speedup = Interval(
        estimate: old.estimate * factor, low: old.low * factor, high: old.high * factor)
    }
    if predicting != 1, let old = predicted {
      predicted = PredictedSpeedup(
        speedup: old.speedup * predicting, because: "\(old.because) × \(predicting)")
    }
  }
}
