import Results

/// The experiment's drawing in Mermaid, with this machine's values in it.
public enum DiagramBlock {
  /// A fenced block; empty where the experiment has no drawing.
  public static func render(_ experiment: ExperimentResult) -> String {
    let diagram = experiment.account.diagram
    guard !diagram.isEmpty else { return "" }
    let values = values(experiment)
    let names = experiment.variantNames + ["speedup", "point"]
    let text = shortened(diagram, missing: names.filter { values[$0] == nil })
    return Markdown.fenced(filled(text, values), language: "mermaid")
  }

  /// What each place in the drawing stands for, as far as it was measured.
  private static func values(_ experiment: ExperimentResult) -> [String: String] {
    guard let headline = experiment.headline else { return [:] }
    var values = ["point": headline.point.parameter.label]
    let view = MetricView(experiment)
    for variant in headline.point.variants {
      values[variant.name] = view.text(variant, at: headline.point)
    }
    values["speedup"] = headline.candidate.speedup.map { Figures.ratio($0.estimate) }
    return values
  }

  /// Without what was not measured: `"rows: {rows}"` becomes `"rows"`, and a label that begins with
  /// a speedup says that there is none.
  static func shortened(_ diagram: String, missing names: [String]) -> String {
    names.reduce(diagram) { text, name in
      let lines = text.replacing(": {\(name)}", with: "").split(
        separator: "\n", omittingEmptySubsequences: false)
      return lines.map { line in
        guard name == "speedup", let start = line.firstRange(of: "\"{speedup}"),
          let end = line[start.upperBound...].firstIndex(of: "\"")
        else { return line.replacing("{\(name)}", with: "…") }
        return line[..<start.lowerBound] + "\"not measured" + line[end...]
      }.joined(separator: "\n")
    }
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
