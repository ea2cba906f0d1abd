import Results

/// JSON of Google Benchmark: a process is a repetition, the estimate is the aggregate `median`.
///
/// `cpu_time` is a mean over all samples, the same in each repetition: no other is kept. Clock rate,
/// load and threads are not known afterwards and left out.
/// Source: google/benchmark, `src/json_reporter.cc` and `docs/user_guide.md` (output formats); what
/// its `tools/compare.py` needs, from `tools/gbench/report.py`.
enum GoogleBenchmark {
  static func render(_ all: [Export.Series], _ results: Results) -> Export {
    var families: [String] = []
    var instances: [String: Int] = [:]
    return Export(all) { series -> [JSON]? in
      guard let time = series.time else { return nil }
      let id = series.experiment.id
      if !families.contains(id) { families.append(id) }
      defer { instances[id, default: 0] += 1 }
      let place = Place(family: families.firstIndex(of: id) ?? 0, instance: instances[id] ?? 0)
      return entries(series, time: time, place)
    } root: { entries in
      .object([.init("context", context(results)), .init("benchmarks", .array(entries))])
    }
  }

  private struct Place {
    var family: Int
    var instance: Int
  }

  private static func entries(
    _ series: Export.Series, time: Double, _ place: Place
  ) -> [JSON] {
    let processes = series.samples.processes
    let single = processes.enumerated().map { index, process in
      entry(
        series, place, time: process.time, value: process.value, iterations: process.calls,
        repetition: index)
    }
    let median = entry(
      series, place, time: time, value: series.variant.estimate,
      iterations: max(1, processes.count), repetition: nil)
    return single + [median]
  }

  /// - Parameter repetition: nil for the aggregate.
  private static func entry(
    _ series: Export.Series, _ place: Place, time: Double, value: Double, iterations: Int,
    repetition: Int?
  ) -> JSON {
    let name = "\(series.experiment.id)/\(series.variant.name)/\(series.axis):\(series.label)"
    let isMedian = repetition == nil
    let members: [JSON.Member] = [
      .init("name", .string(isMedian ? name + "_median" : name)),
      .init("family_index", .integer(place.family)),
      .init("per_family_instance_index", .integer(place.instance)),
      .init("run_name", .string(name)),
      .init("run_type", .string(isMedian ? "aggregate" : "iteration")),
      .init("repetitions", .integer(max(1, series.samples.processes.count))),
      .init("repetition_index", repetition.map(JSON.integer)),
      .init("aggregate_name", isMedian ? .string("median") : nil),
      .init("aggregate_unit", isMedian ? .string("time") : nil),
      .init("iterations", .integer(iterations)),
      .init("real_time", .number(time)),
      .init("cpu_time", series.counter("cpu time").map(JSON.number)),
      .init("time_unit", .string("ns")),
    ]
    return .object(members + counters(series, time: time, value: value))
  }

  /// Rates and quantities that stand beside the times, as user counters do.
  private static func counters(
    _ series: Export.Series, time: Double, value: Double
  ) -> [JSON.Member] {
    let work = series.point.work
    let rates = [("bytes_per_second", work.bytes), ("items_per_second", work.elements)]
    return rates.filter { $0.1 > 0 }.map { .init($0.0, .number($0.1 / time * 1e9)) }
      + (series.metric.isTime ? [] : [.init(series.metric.name, .number(value))])
  }

  private static func context(_ results: Results) -> JSON {
    let machine = results.machine
    let caches = machine.caches.map { cache in
      JSON.object([
        .init("type", .string(cache.level == 1 ? "Data" : "Unified")),
        .init("level", .integer(cache.level)), .init("size", .integer(cache.bytes)),
        .init("num_sharing", .integer(cache.sharedBy)),
      ])
    }
    let isOptimised = results.run.flags.optimised
    return .object([
      .init("date", .string(results.run.started)), .init("host_name", .string(machine.name)),
      .init("executable", .string("perflab")), .init("num_cpus", .integer(machine.threads)),
      .init("caches", .array(caches)),
      .init("library_version", .string(results.run.version)),
      .init("library_build_type", .string(isOptimised ? "release" : "debug")),
      .init("json_schema_version", .integer(1)),
    ])
  }
}
