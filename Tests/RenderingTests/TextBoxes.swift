import Testing

@testable import Rendering

/// Where the texts of a drawing lie.
enum TextBoxes {
  static func labels(_ drawing: Drawing) -> [Label] { drawing.elements.flatMap(labels) }

  private static func labels(_ element: Element) -> [Label] {
    switch element {
    case .text(let label): [label]
    case .group(let elements, _): elements.flatMap(labels)
    default: []
    }
  }

  private static func box(_ label: Label) -> Box {
    let width = TextMetrics.width(label.text, size: label.size, isBold: label.isBold)
    let left =
      switch label.anchor {
      case .start: label.position.x
      case .middle: label.position.x - width / 2
      case .end: label.position.x - width
      }
    return Box(
      left: left, right: left + width, top: label.position.y - label.size * 0.75,
      bottom: label.position.y + label.size * 0.2)
  }

  /// Records an issue for each two texts that run into one another, or one that leaves the picture.
  static func expectApart(_ drawing: Drawing) {
    let boxes = labels(drawing).map { ($0.text, box($0)) }
    for (index, (text, box)) in boxes.enumerated() {
      #expect(box.left >= 0 && box.right <= drawing.width + 0.5, "\(text) leaves \(drawing.title)")
      #expect(box.top >= 0 && box.bottom <= drawing.height, "\(text) leaves \(drawing.title)")
      for (other, otherBox) in boxes[..<index] where box.overlaps(otherBox) {
        Issue.record("\(text) runs into \(other) in \(drawing.title)")
      }
    }
  }
}

/// A failure names the drawing instead of spelling it out.
extension Drawing: CustomTestStringConvertible {
  /// Its title.
  public var testDescription: String { title }
}
