/// A place on a drawing: x to the right, y downwards.
public struct Position: Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// What a colour stands for. The colours themselves belong to the theme, for light and dark.
public enum Ink: Hashable, Sendable {
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
public struct Stroke: Hashable, Sendable {
  public var ink: Ink
  public var width: Double
  /// Lengths of dashes and gaps; empty for a solid line.
  public var dashes: [Double]
  public var opacity: Double

  public init(_ ink: Ink, width: Double = 1, dashes: [Double] = [], opacity: Double = 1) {
    self.ink = ink
    self.width = width
    self.dashes = dashes
    self.opacity = opacity
  }
}

/// How an area is filled.
public struct Fill: Hashable, Sendable {
  public var ink: Ink
  public var opacity: Double

  public init(_ ink: Ink, opacity: Double = 1) {
    self.ink = ink
    self.opacity = opacity
  }
}

/// One piece of a path.
public enum Segment: Hashable, Sendable {
  case move(Position)
  case line(Position)
  case close
}

/// A piece of text on one line.
public struct Label: Hashable, Sendable {
  /// Where the position stands in the text.
  public enum Anchor: Hashable, Sendable { case start, middle, end }

  public var text: String
  /// On the baseline of the letters.
  public var position: Position
  public var size: Double
  public var anchor: Anchor
  public var ink: Ink
  public var isBold: Bool

  public init(
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
public indirect enum Element: Hashable, Sendable {
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
public struct Drawing: Hashable, Sendable {
  public var width: Double
  public var height: Double
  public var title: String
  /// The picture in words, for those who do not see it.
  public var description: String
  public var elements: [Element]

  public init(
    width: Double, height: Double, title: String, description: String, elements: [Element]
  ) {
    self.width = width
    self.height = height
    self.title = title
    self.description = description
    self.elements = elements
  }
}
