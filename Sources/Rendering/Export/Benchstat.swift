import Results

/// Go's benchmark format: one line a process, from which benchstat makes its own statistics.
///
/// The lines of configuration name what stays the same from run to run; benchstat puts results that
/// differ in one of them into different tables.
/// Source: golang.org/design/14313-benchmark-format; units: golang/go issue 43744; names and their
/// parts: golang.org/x/perf/benchfmt.
enum Benchstat {
  static func render(_ all: [Export.Series], _ results: Results) -> Export {
    let machine = results.machine
    let goarch = ["x86_64": "amd64", "aarch64": "arm64"][machine.architecture]
    var text = "goos: linux\n"
    text += "goarch: \(goarch ?? single(machine.architecture))\n"
    text += "pkg: perflab\ncpu: \(single(machine.processor))\n\n"
    var units = ["Unit ns/op better=lower"]
    var body = ""
    var omitted: [String] = []
    for series in all {
      let lines = lines(series, procs: results.run.cpus.count)
      if lines.isEmpty { omitted.append(series.name) }
      body += lines.joined()
      if !lines.isEmpty, let unit = metricUnit(series) {
        units.append("Unit \(unit) better=\(series.metric.lowerIsBetter ? "lower" : "higher")")
      }
    }
    var seen: Set<String> = []
    text += units.filter { seen.insert($0).inserted }.joined(separator: "\n") + "\n\n"
    return Export(text: text + body, count: all.count - omitted.count, omitted: omitted)
  }

  private static func lines(_ series: Export.Series, procs: Int) -> [String] {
    // The last part is the number of processors, as Go's own names have it; without it a label such
    // as "level-3" would be taken for one.
    let name =
      base(series.experiment.id) + "/variant=" + part(series.variant.name) + "/"
      + part(series.axis) + "=" + part(series.label) + "-\(max(1, procs))"
    let processes = series.samples.processes
    guard !processes.isEmpty else {
      guard let time = series.time else { return [] }
      return [line(name, series, calls: 1, time: time, value: series.variant.estimate)]
    }
    return processes.map {
      line(name, series, calls: $0.calls, time: $0.time, value: $0.value)
    }
  }

  private static func line(
    _ name: String, _ series: Export.Series, calls: Int, time: Double, value: Double
  ) -> String {
    var fields = [name, String(calls), "\(time) ns/op"]
    // Go's MB is a million bytes.
    let bytes = series.point.work.bytes
    if bytes > 0 { fields.append("\(bytes / time * 1e3) MB/s") }
    if let unit = metricUnit(series) { fields.append("\(value) \(unit)") }
    return fields.joined(separator: "\t") + "\n"
  }

  /// `p99-latency-ns`; nil for time, which has its own unit.
  private static func metricUnit(_ series: Export.Series) -> String? {
    guard !series.metric.isTime else { return nil }
    let unit = series.metric.unit.rawValue
    let words = series.metric.name.split(whereSeparator: \.isWhitespace).joined(separator: "-")
    return (words.isEmpty ? "metric" : words) + (unit.isEmpty ? "" : "-\(part(unit))")
  }

  /// `BenchmarkMemoryAosToSoa`
  private static func base(_ id: String) -> String {
    let words = id.split { !$0.isLetter && !$0.isNumber }
    return "Benchmark" + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  /// Without blanks, which end the name, and without slashes, which begin its next part.
  private static func part(_ text: String) -> String {
    String(
      text.flatMap { character -> [Character] in
        if character.isWhitespace { return ["_"] }
        return character == "/" || character == "%"
          ? Array(character == "/" ? "%2F" : "%25")
          : [character]
      })
  }

  private static func single(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
