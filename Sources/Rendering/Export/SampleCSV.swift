import Results

/// The raw samples of all experiments in one table, dropped ones included.
enum SampleCSV {
  static func render(_ results: Results, samples: [String: [SampleRow]]) -> Export {
    var text = CSV.line([
      "experiment", "axis", "point", "process", "block", "slot", "variant", "instance",
      "iterations", "nanoseconds", "value", "unit", "dropped",
    ])
    var count = 0
    for experiment in results.experiments {
      for row in samples[experiment.id] ?? [] {
        let point = experiment.points.first { $0.parameter.label == row.point }
        let index = max(0, row.instance - 1)
        guard let point, point.variants.indices.contains(index) else { continue }
        let variant = point.variants[index]
        count += 1
        text += CSV.line([
          experiment.id, experiment.account.axis, row.point, String(row.process),
          String(row.block), String(row.slot), variant.name, String(row.instance),
          String(row.iterations), String(Int(row.nanoseconds)), row.value.description,
          variant.unit.rawValue, row.dropped,
        ])
      }
    }
    return Export(text: text, count: count)
  }
}
