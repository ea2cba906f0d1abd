/// Metrics as an application exports them, once or several times one after the other. A comment
/// `# collected SECONDS` gives the time of the next export, `# unanswered SECONDS` stands for one
/// that did not come.
///
/// Source: OpenMetrics 1.0; Prometheus exposition format 0.0.4.
struct OpenMetricsReader: TextReader {
  static let format = "OpenMetrics"

  private var types: [Substring: Substring] = [:]
  private var time = 0.0
  private var isTimed = false
  private var count = 0
  private var seen: Set<Readings.Metric> = []
  /// This file's place among those with times.
  private var place: Int?
  private var source = 0

  static func recognises(_ head: [Substring]) -> Bool {
    head.contains {
      ["# TYPE ", "# HELP ", "# unanswered ", "# collected "].contains(where: $0.hasPrefix)
    }
  }

  mutating func take(text: Substring, _ readings: inout Readings) throws {
    guard !text.isEmpty else { return }
    if text.first == "#" {
      let words = text.words
      if words.count == 4, words[1] == "TYPE" {
        types[Substring(String(words[2]))] = Substring(String(words[3]))
      }
      if words.count == 3, words[1] == "unanswered", let seconds = Double(words[2]) {
        export(at: seconds, isAnswered: false, &readings)
        count += 1
      }
      if words.count == 3, words[1] == "collected", let seconds = Double(words[2]),
        abs(seconds) <= Readings.largest
      {
        time = seconds
        isTimed = true
        export(at: seconds, isAnswered: true, &readings)
        seen = []
      }
      if words.count == 2, words[1] == "EOF", !isTimed { next() }
      return
    }
    guard let sample = Self.sample(text) else {
      throw LineProblem("'\(text.prefix(60))' is no sample of a metric")
    }
    let base = sample.name.hasSuffix("_total") ? sample.name.dropLast(6) : sample.name
    let grows =
      sample.name.hasSuffix("_total") || types[sample.name] == "counter"
      || ["_count", "_sum", "_bucket"].contains { sample.name.hasSuffix($0) }
    let metric = Readings.Metric(
      name: String(base), labels: String(sample.labels), isCounter: grows, source: source)
    // Prometheus' own format has no end mark: a metric that comes again begins the next export.
    if !seen.insert(metric).inserted, !isTimed {
      next()
      seen.insert(metric)
    }
    // Otherwise of a quotient that is not defined yet, or damaged.
    if abs(sample.value) <= Readings.largest {
      readings.metrics[metric, default: Series()].append(sample.value, at: time)
    }
    count += 1
  }

  /// Files that follow each other are of one application; at the same time, of several, whose
  /// counters may have the same names.
  private mutating func export(at time: Double, isAnswered: Bool, _ readings: inout Readings) {
    let place = place ?? readings.exports.count
    if self.place == nil {
      self.place = place
      if readings.exports.contains(where: { $0.goOn(at: time) }) { source = place }
      readings.exports.append(Readings.Exports())
    }
    readings.exports[place].add(at: time, isAnswered: isAnswered)
  }

  private mutating func next() {
    time += 1
    seen = []
  }

  mutating func finish(_ readings: inout Readings) throws -> Int { count }

  /// `name{labels} value [time]`
  private static func sample(
    _ text: Substring
  ) -> (name: Substring, labels: Substring, value: Double)? {
    let open = text.firstIndex(of: "{")
    let name = text.prefix { $0 != "{" && $0 != " " }
    var rest = text.dropFirst(name.count)
    var labels: Substring = ""
    if let open, open == rest.startIndex {
      guard let close = rest.lastIndex(of: "}") else { return nil }
      labels = rest[rest.index(after: open)..<close]
      rest = rest[rest.index(after: close)...]
    }
    guard let word = rest.words.first, !name.isEmpty else { return nil }
    let value = word == "+Inf" ? Double.infinity : word == "NaN" ? .nan : Double(word)
    return value.map { (name, labels, $0) }
  }
}
