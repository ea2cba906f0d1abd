/// A place on a drawing: x to the right, y downwards.
struct Position: Equatable, Sendable {
  var x: Double
  var y: Double

  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// What a colour stands for. The colours themselves belong to the theme, for light and dark.
enum Ink: Equatable, Sendable {
  case surface, text, muted, grid, axis
  /// A band around 1, the region of the noise.
  case noise
  /// The baseline's.
  case baseline
  /// The candidates', in order; wraps around after the palette's end.
  case series(Int)
  /// A shade of one ramp from 0 (low) to 7 (high).
  case shade(Int)
}

/// How a line is drawn.
struct Stroke: Equatable, Sendable {
  var ink: Ink
  var width: Double
  /// Lengths of dashes and gaps; empty for a solid line.
  var dashes: [Double]
  var opacity: Double

  init(_ ink: Ink, width: Double = 1, dashes: [Double] = [], opacity: Double = 1) {
    self.ink = ink
    self.width = width
    self.dashes = dashes
    self.opacity = opacity
  }

  /// Of the interval of a prediction.
  static func predicted(_ ink: Ink) -> Stroke { Stroke(ink, width: 1.2, dashes: [2, 3]) }
}

/// How an area is filled.
struct Fill: Equatable, Sendable {
  var ink: Ink
  var opacity: Double

  init(_ ink: Ink, opacity: Double = 1) {
    self.ink = ink
    self.opacity = opacity
  }
}

/// One piece of a path.
enum Segment: Equatable, Sendable {
  case move(Position)
  case line(Position)
  /// A cubic with its two handles.
  case curve(Position, Position, Position)
  case close
}

/// A piece of text on one line.
struct Label: Equatable, Sendable {
  /// Where the position stands in the text.
  enum Anchor: Equatable, Sendable { case start, middle, end }

  var text: String
  /// On the baseline of the letters.
  var position: Position
  var size: Double
  var anchor: Anchor
  var ink: Ink
  var isBold: Bool
  /// Pieces of different weights that are set instead of the text; none if all have one weight.
  var runs: [Run] = []

  /// A piece of a label.
  struct Run: Equatable, Sendable {
    var text: String
    var isBold: Bool
  }

  init(
    _ text: String, at position: Position, size: Double, anchor: Anchor = .start,
    ink: Ink = .text, isBold: Bool = false
  ) {
    self.text = text
    self.position = position
    self.size = size
    self.anchor = anchor
    self.ink = ink
    self.isBold = isBold
  }
}

/// The primitives.
indirect enum Element: Equatable, Sendable {
  case line(Position, Position, Stroke)
  case path([Segment], fill: Fill?, stroke: Stroke?)
  /// `corner` is the radius of its corners; half its size makes a circle.
  case rectangle(
    origin: Position, width: Double, height: Double, corner: Double, fill: Fill?, stroke: Stroke?)
  case text(Label)
  /// `title` is what a pointer resting on it shows.
  case group([Element], title: String?)
}

/// A picture as a value, before it is written in any format.
struct Drawing: Equatable, Sendable {
  var width: Double
  var height: Double
  var title: String
  /// The picture in words, for those who do not see it.
  var description: String
  var elements: [Element]
}
