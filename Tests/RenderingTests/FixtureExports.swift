import Results

@testable import Rendering

extension Fixtures {
  /// Few results whose names hold what quotes, separates and ends in other tools' formats.
  static let exported: Results = {
    let names = ["array, \"of\" structs", "structs/größer 50%"]
    let counters = [
      "cpu time": Counter(99, unit: .nanoseconds), "user time": Counter(90, unit: .nanoseconds),
      "system time": Counter(9, unit: .nanoseconds),
      "cycles": Counter(unavailable: "not offered"),
    ]
    var points = [
      point(
        1, "16 KiB", base: (names[0], 1000), candidates: [(names[1], 4, nil)],
        work: Work(elements: 256, bytes: 16_384)),
      point(2, "level-3", base: (names[0], 2000), candidates: [(names[1], 5, nil)]),
    ]
    points[0].variants[0].counters = counters
    points.append(
      PointResult(
        parameter: Parameter(value: 3, label: "1 GiB"), status: .skipped, reason: "too large"))
    let time = ExperimentResult(
      id: "memory/aos-to-soa", title: "Structs", status: .measured, reason: nil,
      account: account(axis: "working set"), points: points)
    let resident = ExperimentResult(
      id: "memory/leak", title: "Leak", status: .measured, reason: nil,
      account: account(
        axis: "operations",
        metric: MetricRecord(name: "live bytes", unit: .bytes, lowerIsBetter: true)),
      points: [
        point(
          8, "8", base: ("strong", 4096), unit: .bytes, candidates: [("weak 1.0", 2, nil)])
      ])
    return results([time, resident, residentMemory, numa])
  }()

  /// Three processes of each point; the last of the rate's experiment were not kept.
  static let exportedSamples: [String: [SampleRow]] = [
    "memory/aos-to-soa": rows("16 KiB", [1000, 250]) + rows("level-3", [2000, 400]),
    "memory/leak": rows("8", [50, 60], metric: [4096, 2048]),
  ]

  /// Two blocks a process, the second of the first process dropped.
  private static func rows(
    _ label: String, _ times: [Double], metric: [Double]? = nil
  ) -> [SampleRow] {
    var rows: [SampleRow] = []
    for process in 0..<3 {
      for block in 0..<2 {
        for (slot, instance) in [0, 2, 1, 1, 2, 0].enumerated() {
          let variant = max(0, instance - 1)
          let time = times[variant] * (0.95 + Double(process * 2 + block + slot) / 100)
          rows.append(
            SampleRow(
              point: label, process: process, block: block, slot: slot, instance: instance,
              iterations: 10, nanoseconds: time * 10, value: metric?[variant] ?? time,
              dropped: process == 0 && block == 1 ? "preempted" : ""))
        }
      }
    }
    return rows
  }

  static func export(_ format: Export.Format) -> Export {
    Export(exported, samples: exportedSamples, as: format)
  }

  /// The atlas of the fixtures, as a run writes it.
  static func atlas() -> [PageSet.File] {
    let atlas = Atlas(
      catalog: (all + modelled).map { ($0.id, $0.title, $0.account.slot, $0.knownBy) },
      results: results(all + modelled))
    return [PageSet.File(path: PagePath.atlas, contents: atlas.markdown)]
  }

  static func exports() -> [PageSet.File] {
    Export.Format.allCases.map { format in
      let ending =
        switch format {
        case .benchstat: "txt"
        case .csv: "csv"
        default: "json"
        }
      return PageSet.File(
        path: "export/\(format.rawValue).\(ending)", contents: export(format).text)
    }
  }
}
