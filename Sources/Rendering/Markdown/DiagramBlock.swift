import Results

/// The experiment's drawing in Mermaid, with this machine's values in it.
public enum DiagramBlock {
  /// A fenced block; empty where the experiment has no drawing.
  public static func render(_ experiment: ExperimentResult) -> String {
    let diagram = experiment.account.diagram
    guard !diagram.isEmpty else { return "" }
    return Markdown.fenced(filled(diagram, values(experiment)), language: "mermaid")
  }

  /// What each place in the drawing stands for.
  static func values(_ experiment: ExperimentResult) -> [String: String] {
    let missing = "not measured"
    var values = ["speedup": missing, "point": missing]
    for name in experiment.variantNames { values[name] = missing }
    guard let headline = experiment.headline else { return values }
    let view = MetricView(experiment)
    for variant in headline.point.variants {
      values[variant.name] = view.text(variant, at: headline.point)
    }
    let last = headline.point.candidates.last { $0.speedup != nil }
    values["speedup"] = last?.speedup.map { Figures.ratio($0.estimate) } ?? missing
    values["point"] = headline.point.parameter.label
    return values
  }

  /// Replaces known places alone: braces are also Mermaid's own, for rhombs and hexagons.
  static func filled(_ diagram: String, _ values: [String: String]) -> String {
    var result = ""
    var rest = Substring(diagram)
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      rest = rest[rest.index(after: open)...]
      if let close = rest.firstIndex(of: "}"), let value = values[String(rest[..<close])] {
        result += escaped(value)
        rest = rest[rest.index(after: close)...]
      } else {
        result += "{"
      }
    }
    return result + rest
  }

  /// Mermaid writes special characters as `#` codes, within quotation marks and without.
  /// https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "#", ";", "(", ")", "[", "]", "{", "}", "<", ">", "|", "&", "`", "\\", "%":
        result += "#\(scalar.value);"
      case "\n", "\r", "\t": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
