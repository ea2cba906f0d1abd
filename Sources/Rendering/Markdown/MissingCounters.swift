import Results

/// The counters that a machine lacks: wanted by its experiments, and never given.
struct MissingCounters {
  /// By the counter's name.
  private let reasons: [String: String]

  /// Of a machine, by all of its experiments.
  init(_ results: Results) {
    var reasons: [String: String] = [:]
    var counted: Set<String> = []
    for variant in results.experiments.flatMap(\.measuredPoints).flatMap(\.variants) {
      for (name, counter) in variant.counters {
        if counter.value != nil { counted.insert(name) }
        if let reason = counter.unavailable { reasons[name] = min(reason, reasons[name] ?? reason) }
      }
    }
    self.reasons = reasons.filter { !counted.contains($0.key) }
  }

  func contains(_ name: String) -> Bool { reasons[name] != nil }

  /// A sentence for each reason; empty where nothing is missing.
  var sentences: String {
    Dictionary(grouping: reasons.keys) { reasons[$0] ?? "" }.sorted { $0.key < $1.key }
      .map { reason, names in
        // A processor without these two counts nothing of its own.
        let isAll = Set(["cycles", "instructions"]).isSubset(of: names)
        let what =
          isAll ? "No hardware counters" : "Not counted: \(names.sorted().joined(separator: ", "))"
        return Markdown.text(Answer.ended("\(what): \(reason)")) + "\n"
      }.joined()
  }
}
