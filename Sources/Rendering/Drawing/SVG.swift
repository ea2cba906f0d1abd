import Results

/// A drawing as SVG: one string, the same for the same drawing.
///
/// Colours are classes, so that one file serves light and dark surroundings and paper. The surface
/// is drawn too: a page may be dark while the reader's system is light.
enum SVG {
  /// How wide the picture shows where there is room. Its own units scale to any width.
  private static let displayScale = 1.35

  private static let fonts =
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

  /// The picture as a part of an HTML page, whose style sheet `styles` has the colours.
  static func inline(_ drawing: Drawing) -> String {
    var writer = Writer()
    let (width, height) = (number(drawing.width), number(drawing.height))
    for element in drawing.elements { writer.write(element, depth: 1) }
    return """
      <svg viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
      aria-label="\(XML.attribute(drawing.title))">
      <desc>\(XML.text(drawing.description))</desc>
      \(writer.body)</svg>

      """
  }

  /// For all pictures of a page: each ink as a fill and a stroke of the page's own variables.
  static var styles: String {
    Theme.inks.map { ink in
      let name = Theme.name(ink)
      return ".f-\(name){fill:var(--\(name))}.k-\(name){stroke:var(--\(name))}"
    }.joined(separator: "\n")
  }

  /// The picture as a document of its own.
  static func render(_ drawing: Drawing) -> String {
    var writer = Writer()
    let (width, height) = (number(drawing.width), number(drawing.height))
    for element in drawing.elements { writer.write(element, depth: 1) }
    let shown = number((drawing.width * displayScale).rounded())
    let shownHeight = number((drawing.height * displayScale).rounded())
    let background = "<rect width=\"\(width)\" height=\"\(height)\" rx=\"6\" class=\"f-surface\"/>"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      width="\(shown)" height="\(shownHeight)" role="img" \
      aria-label="\(XML.attribute(drawing.title))" font-family="\(fonts)">
      <title>\(XML.text(drawing.title))</title>
      <desc>\(XML.text(drawing.description))</desc>
      <style>
      \(writer.styleSheet)
      </style>
      \(background)
      \(writer.body)</svg>

      """
  }

  /// Tenths are enough: a pixel of a phone is wider.
  static func number(_ value: Double) -> String { Figures.shortFixed(value, places: 1) }

  private struct Writer {
    var body = ""
    /// By name: inks beyond the palette's end share one.
    private var inks = [Theme.name(.surface): Uses(ink: .surface, fill: true)]

    struct Uses {
      let ink: Ink
      var fill = false
      var stroke = false
    }

    var styleSheet: String {
      var light: [String] = []
      var dark: [String] = []
      for (name, uses) in inks.sorted(by: { $0.key < $1.key }) {
        let colour = Theme.colour(uses.ink)
        if uses.fill {
          light.append(".f-\(name){fill:\(colour.light)}")
          dark.append(".f-\(name){fill:\(colour.dark)}")
        }
        if uses.stroke {
          light.append(".k-\(name){stroke:\(colour.light)}")
          dark.append(".k-\(name){stroke:\(colour.dark)}")
        }
      }
      return light.joined(separator: "\n") + "\n@media screen and (prefers-color-scheme:dark){\n"
        + dark.joined(separator: "\n") + "\n}"
    }

    mutating func write(_ element: Element, depth: Int) {
      switch element {
      case .line(let from, let to, let stroke):
        let ends =
          "x1=\"\(number(from.x))\" y1=\"\(number(from.y))\" x2=\"\(number(to.x))\""
          + " y2=\"\(number(to.y))\""
        body += "<line \(ends)\(paint(nil, stroke))/>\n"
      case .path(let segments, let fill, let stroke):
        body += "<path d=\"\(path(segments))\"\(paint(fill, stroke))/>\n"
      case .rectangle(let origin, let width, let height, let corner, let fill, let stroke):
        let round = corner > 0 ? " rx=\"\(number(corner))\"" : ""
        body +=
          "<rect x=\"\(number(origin.x))\" y=\"\(number(origin.y))\" width=\"\(number(width))\""
          + " height=\"\(number(height))\"\(round)\(paint(fill, stroke))/>\n"
      case .text(let label): write(label)
      case .group(let elements, let title):
        body += "<g>"
        if let title { body += "<title>\(XML.text(title))</title>" }
        body += "\n"
        for element in elements { write(element, depth: depth + 1) }
        body += "</g>\n"
      }
    }

    private mutating func write(_ label: Label) {
      let anchor =
        switch label.anchor {
        case .start: ""
        case .middle: " text-anchor=\"middle\""
        case .end: " text-anchor=\"end\""
        }
      let weight = label.isBold ? " font-weight=\"600\"" : ""
      let place = "x=\"\(number(label.position.x))\" y=\"\(number(label.position.y))\""
      body +=
        "<text \(place) font-size=\"\(number(label.size))\"\(anchor)\(weight)"
        + "\(paint(Fill(label.ink), nil))>\(text(label))</text>\n"
    }

    private func text(_ label: Label) -> String {
      if label.runs.isEmpty { return XML.text(label.text) }
      return label.runs.map { run in
        run.isBold
          ? "<tspan font-weight=\"600\">\(XML.text(run.text))</tspan>" : XML.text(run.text)
      }.joined()
    }

    private func path(_ segments: [Segment]) -> String {
      segments.map { segment in
        switch segment {
        case .move(let to): "M\(number(to.x)) \(number(to.y))"
        case .line(let to): "L\(number(to.x)) \(number(to.y))"
        case .curve(let a, let b, let to):
          "C\(number(a.x)) \(number(a.y)) \(number(b.x)) \(number(b.y)) "
            + "\(number(to.x)) \(number(to.y))"
        case .close: "Z"
        }
      }.joined()
    }

    private mutating func paint(_ fill: Fill?, _ stroke: Stroke?) -> String {
      var classes: [String] = []
      var attributes = ""
      if let fill {
        inks[Theme.name(fill.ink), default: Uses(ink: fill.ink)].fill = true
        classes.append("f-\(Theme.name(fill.ink))")
        if fill.opacity < 1 {
          attributes += " fill-opacity=\"\(Figures.short(fill.opacity, digits: 2))\""
        }
      } else {
        attributes += " fill=\"none\""
      }
      if let stroke {
        inks[Theme.name(stroke.ink), default: Uses(ink: stroke.ink)].stroke = true
        classes.append("k-\(Theme.name(stroke.ink))")
        if stroke.width != 1 { attributes += " stroke-width=\"\(number(stroke.width))\"" }
        if !stroke.dashes.isEmpty {
          let dashes = stroke.dashes.map(number).joined(separator: " ")
          attributes += " stroke-dasharray=\"\(dashes)\""
        }
        if stroke.opacity < 1 {
          attributes += " stroke-opacity=\"\(Figures.short(stroke.opacity, digits: 2))\""
        }
      }
      return " class=\"\(classes.joined(separator: " "))\"" + attributes
    }
  }
}

/// Text inside XML.
enum XML {
  static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n", "\t", "\r": result += " "
      // XML 1.0 §2.2 has no place for other control characters, not even escaped.
      case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func attribute(_ value: String) -> String {
    var result = ""
    for character in text(value).unicodeScalars {
      if character == "\"" {
        result += "&quot;"
      } else {
        result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
