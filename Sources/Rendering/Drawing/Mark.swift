/// The shape of a point. Shapes differ, so that nothing depends on colour alone.
enum Mark: Equatable {
  case circle, square, triangle, diamond, wedge, cross
  /// Where something is missing; never a series'.
  case saltire

  private static let sequence = [circle, square, triangle, diamond, wedge, cross]

  /// The mark of the series with this index.
  static func of(_ index: Int) -> Mark { sequence[index % sequence.count] }

  /// Drawn with about the same area whatever the shape.
  func element(at p: Position, radius r: Double, fill: Fill?, stroke: Stroke?) -> Element {
    func path(_ points: [(Double, Double)]) -> Element {
      let corners = points.map { Position(p.x + $0.0 * r, p.y + $0.1 * r) }
      var segments: [Segment] = [.move(corners[0])]
      segments += corners.dropFirst().map { .line($0) }
      segments.append(.close)
      return .path(segments, fill: fill, stroke: stroke)
    }
    switch self {
    case .circle:
      return .rectangle(
        origin: Position(p.x - r, p.y - r), width: 2 * r, height: 2 * r, corner: r, fill: fill,
        stroke: stroke)
    case .square:
      let side = 0.89
      return path([(-side, -side), (side, -side), (side, side), (-side, side)])
    case .triangle: return path([(0, -1.25), (1.17, 0.78), (-1.17, 0.78)])
    case .wedge: return path([(0, 1.25), (1.17, -0.78), (-1.17, -0.78)])
    case .diamond: return path([(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)])
    case .cross: return path(Self.plus)
    // Turned by an eighth.
    case .saltire: return path(Self.plus.map { (($0 - $1) * 0.707, ($0 + $1) * 0.707) })
    }
  }

  private static let plus: [(Double, Double)] = {
    let (arm, long) = (0.42, 1.2)
    return [
      (-arm, -long), (arm, -long), (arm, -arm), (long, -arm), (long, arm), (arm, arm),
      (arm, long), (-arm, long), (-arm, arm), (-long, arm), (-long, -arm), (-arm, -arm),
    ]
  }()
}
