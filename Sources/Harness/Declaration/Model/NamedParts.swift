extension TermNode {
  /// Whether some of its parts already have rows of their own.
  var hasNamedParts: Bool {
    switch self {
    case .named: true
    case .sum(let nodes), .longest(let nodes), .shortest(let nodes), .applied(_, let nodes):
      nodes.contains(where: \.hasNamedParts)
    case .product(_, let node), .quotient(let node, _): node.hasNamedParts
    case .constant, .input, .difference, .roundedUp: false
    }
  }
}
