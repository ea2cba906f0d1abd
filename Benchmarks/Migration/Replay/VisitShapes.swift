import Shop

/// What requests have in common when names and numbers are taken away.
enum VisitShapes {
  private struct Shape: Hashable {
    enum Route: Hashable {
      case product, search, nextPage, recommendations, add, cart, checkout, checkoutAgain, order
    }

    let route: Route
    /// The one before.
    let previous: Route?
    /// The response was no success when it was recorded.
    let hasFailed: Bool
    /// Of pieces, or of the lines that are bought: the power of two below it.
    let magnitude: Int
    /// Whether the session has asked for the same before.
    let isRepeated: Bool
  }

  /// Sessions with rare shapes first, short ones before long ones; those that show no new shape come
  /// when all shapes are there.
  /// - Returns: sessions that have together at least so many steps.
  static func chosen(_ requests: Int, of day: [VisitScript]) -> [VisitScript] {
    let shapes = day.map { Self.shapes(of: $0) }
    var counts: [Shape: Int] = [:]
    for shape in shapes.joined() { counts[shape, default: 0] += 1 }
    let costs = zip(day, shapes).map { script, shapes in
      script.steps.count * (shapes.map { counts[$0]! }.min() ?? day.count)
    }
    var (seen, chosen, rest) = (Set<Shape>(), [Int](), [Int]())
    for index in day.indices.sorted(by: { (costs[$0], $0) < (costs[$1], $1) }) {
      if seen.isSuperset(of: shapes[index]) {
        rest.append(index)
      } else {
        chosen.append(index)
        seen.formUnion(shapes[index])
      }
    }
    var order = (chosen + rest.sorted()).makeIterator()
    return VisitScript.filling(requests) { order.next().map { day[$0] } }
  }

  private static func shapes(of script: VisitScript) -> Set<Shape> {
    var (shapes, lines, previous) = (Set<Shape>(), 0, nil as Shape.Route?)
    var asked: Set<VisitStep> = []
    for step in script.steps {
      var (same, route, size, hasFailed) = (step, Shape.Route.cart, 0, false)
      switch step {
      case .product(let product):
        (route, hasFailed) = (.product, product > DataSize.small.products)
      case .search: route = .search
      case .nextPage: route = .nextPage
      case .recommendations: route = .recommendations
      case .add(let product, let pieces):
        (route, size, lines) = (.add, pieces, lines + 1)
        same = .add(product: product, pieces: 0)
      case .cart: break
      case .checkout: (route, size, lines) = (.checkout, lines, 0)
      case .checkoutAgain: route = .checkoutAgain
      case .order: route = .order
      }
      let isRepeated = !asked.insert(same).inserted
      shapes.insert(
        Shape(
          route: route, previous: previous, hasFailed: hasFailed,
          magnitude: size.bitWidth - size.leadingZeroBitCount, isRepeated: isRepeated))
      previous = route
    }
    return shapes
  }
}
