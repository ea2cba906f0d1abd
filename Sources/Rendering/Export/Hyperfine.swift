import Results

/// What `hyperfine --export-json` writes: a process is a run, its time that of one kernel call, in
/// seconds. Exit codes are left out: a process that ends badly leaves no result.
/// Source: sharkdp/hyperfine, `src/benchmark/benchmark_result.rs`.
enum Hyperfine {
  static func render(_ all: [Export.Series]) -> Export {
    Export(all) { series in
      series.time.map { [entry(series, time: $0)] }
    } root: {
      .object([.init("results", .array($0))])
    }
  }

  private static func entry(_ series: Export.Series, time: Double) -> JSON {
    let times = series.samples.times
    let seconds = { (nanoseconds: Double) in JSON.number(nanoseconds / 1e9) }
    let single = series.samples.processes.map { seconds($0.time) }
    return .object([
      .init("command", .string(series.name)), .init("mean", times.map { seconds($0.mean) }),
      .init("stddev", times.flatMap(\.deviation).map(seconds)),
      .init("median", seconds(time)),
      .init("user", series.counter("user time").map(seconds)),
      .init("system", series.counter("system time").map(seconds)),
      .init("min", times.map { seconds($0.minimum) }),
      .init("max", times.map { seconds($0.maximum) }),
      .init("times", single.isEmpty ? nil : .array(single)),
      .init(
        "parameters",
        .object([
          .init("experiment", .string(series.experiment.id)),
          .init("variant", .string(series.variant.name)),
          .init(series.axis, .string(series.label)),
        ])),
    ])
  }
}
