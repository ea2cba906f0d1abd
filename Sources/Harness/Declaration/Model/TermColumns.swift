extension TermNode {
  /// The values for many draws at once, column by column: a walk over the expression for each draw
  /// would take most of a computed point's time.
  /// - Parameter column: of an input: one value for each draw.
  func values(draws: Int, _ column: (TermInput) -> [Double]) -> [Double] {
    switch self {
    case .constant(let value): Array(repeating: value, count: draws)
    case .input(let input): column(input)
    case .named(_, _, let node): node.values(draws: draws, column)
    case .roundedUp(let node):
      node.values(draws: draws, column).map { $0.rounded(.up) }
    case .sum(let nodes): Self.folded(nodes, draws, column) { $0 + $1 }
    case .longest(let nodes): Self.folded(nodes, draws, column) { max($0, $1) }
    case .shortest(let nodes): Self.folded(nodes, draws, column) { min($0, $1) }
    case .difference(let a, let b): Self.folded([a, b], draws, column) { $0 - $1 }
    case .product(let a, let b): Self.folded([a, b], draws, column) { $0 * $1 }
    case .quotient(let a, let b): Self.folded([a, b], draws, column) { $0 / $1 }
    case .applied(let function, let nodes):
      Self.applied(function, nodes.map { $0.values(draws: draws, column) }, draws)
    }
  }

  private static func folded(
    _ nodes: [TermNode], _ draws: Int, _ column: (TermInput) -> [Double],
    _ combine: (Double, Double) -> Double
  ) -> [Double] {
    guard let first = nodes.first else { return Array(repeating: 0, count: draws) }
    var result = first.values(draws: draws, column)
    for node in nodes.dropFirst() {
      // Most factors are counts: no column is made for them.
      if case .constant(let value) = node {
        for draw in result.indices { result[draw] = combine(result[draw], value) }
      } else {
        let other = node.values(draws: draws, column)
        for draw in result.indices { result[draw] = combine(result[draw], other[draw]) }
      }
    }
    return result
  }

  /// Once where all arguments are the same for every draw.
  private static func applied(
    _ function: TermFunction, _ columns: [[Double]], _ draws: Int
  ) -> [Double] {
    var known: (arguments: [Double], value: Double)?
    return (0..<draws).map { draw in
      let arguments = columns.map { $0[draw] }
      if let known, known.arguments == arguments { return known.value }
      let value = function.body(arguments)
      known = (arguments, value)
      return value
    }
  }
}
