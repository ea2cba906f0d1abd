/// Metrics as text, a family at a time.
struct OpenMetricsText {
  enum Kind: String {
    case counter, gauge, histogram
  }

  private var text = ""
  private var name = ""

  mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    text += "# TYPE \(name) \(kind.rawValue)\n# HELP \(name) \(help).\n"
  }

  /// A sample of the last family. Values of labels must not need escaping.
  mutating func sample(_ suffix: String, _ labels: [(name: String, value: String)], _ value: String)
  {
    let inner = labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
    text += "\(name)\(suffix)\(inner.isEmpty ? "" : "{\(inner)}") \(value)\n"
  }

  var ended: String { text + "# EOF\n" }
}
