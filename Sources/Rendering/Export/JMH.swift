import Results

/// JSON of the Java Microbenchmark Harness: a process is a fork, a sample is an iteration.
///
/// Fields about a Java machine, warm-up times and threads are omitted. The confidence
/// interval is perflab's own, from order statistics over the processes at 95%; JMH's is at 99.9%.
/// Source: openjdk/jmh, `jmh-core/…/results/format/JSONResultFormat.java`.
enum JMH {
  static func render(_ all: [Export.Series], _ results: Results) -> Export {
    Export(all) { series in
      series.time.map { [entry(series, time: $0)] }
    } root: {
      .array($0)
    }
  }

  private static func entry(_ series: Export.Series, time: Double) -> JSON {
    // A point separates class and method for those who read it.
    let variant = String(series.variant.name.map { $0 == "." ? "_" : $0 })
    let area = series.experiment.area
    let method = "\(area).\(series.experiment.name).\(variant)"
    return .object([
      .init("benchmark", .string(method)), .init("mode", .string("avgt")),
      .init("forks", .integer(series.point.processes)),
      .init("params", .object([.init(series.axis, .string(series.label))])),
      .init("primaryMetric", primary(series, time: time)),
      .init("secondaryMetrics", .object(secondary(series))),
    ])
  }

  private static func primary(_ series: Export.Series, time: Double) -> JSON {
    let processes = series.samples.processes
    let raw = processes.map { JSON.array($0.times.map(JSON.number)) }
    let interval = series.variant.interval
    return .object(
      [.init("score", .number(time))]
        + (series.metric.isTime ? confidence(interval) : []) + [
          .init("scorePercentiles", percentiles(series.samples.allTimes)),
          .init("scoreUnit", .string("ns/op")),
          .init("rawData", processes.isEmpty ? nil : .array(raw)),
        ])
  }

  /// The interval need not be even; the error is the longer of its sides.
  private static func confidence(_ interval: Interval) -> [JSON.Member] {
    let sides = [interval.high - interval.estimate, interval.estimate - interval.low]
    return [
      .init("scoreError", .number(max(sides[0], sides[1]))),
      .init("scoreConfidence", .array([.number(interval.low), .number(interval.high)])),
    ]
  }

  private static func percentiles(_ times: Spread?) -> JSON? {
    guard let times else { return nil }
    let shares: [(String, Double)] = [
      ("0.0", 0), ("50.0", 0.5), ("90.0", 0.9), ("95.0", 0.95), ("99.0", 0.99), ("99.9", 0.999),
      ("99.99", 0.9999), ("99.999", 0.99999), ("99.9999", 0.999999), ("100.0", 1),
    ]
    return .object(shares.map { .init($0.0, .number(times.quantile($0.1))) })
  }

  /// The metric where it is not time, and the counters that the machine offered.
  private static func secondary(_ series: Export.Series) -> [JSON.Member] {
    var members: [JSON.Member] = []
    if !series.metric.isTime {
      members.append(
        .init(
          series.metric.name,
          .object(
            [.init("score", .number(series.variant.estimate))]
              + confidence(series.variant.interval)
              + [.init("scoreUnit", .string(series.metric.unit.rawValue))])))
    }
    for (name, counter) in series.variant.counters.sorted(by: { $0.key < $1.key })
    where name != series.metric.name {
      guard let value = counter.value else { continue }
      members.append(
        .init(
          name,
          .object([
            .init("score", .number(value)), .init("scoreUnit", .string(counter.unit.rawValue)),
          ])))
    }
    return members
  }
}
