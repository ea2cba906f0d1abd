import Results

/// A quantity that a model takes from outside, with its interval and where it is from.
struct TermInput: Sendable, Hashable {
  var name: String
  var estimate: Double
  var low: Double
  var high: Double
  var unit: Unit
  var source: String
  var spread = Spread.interval

  /// How it is drawn where an outcome is computed from it.
  enum Spread: Sendable, Equatable {
    /// Log-normal, 95% between the ends: what was measured.
    case interval
    /// Anything between the ends is as likely: an assumption.
    case range
  }
}

/// The expression behind a term.
indirect enum TermNode: Sendable, Equatable {
  case constant(Double)
  case input(TermInput)
  case sum([TermNode])
  case difference(TermNode, TermNode)
  case product(TermNode, TermNode)
  case quotient(TermNode, TermNode)
  case longest([TermNode])
  case shortest([TermNode])
  case roundedUp(TermNode)
  case applied(TermFunction, [TermNode])
  case named(String, because: String?, TermNode)

  /// With every input at its estimate.
  var value: Double { value { $0.estimate } }

  /// With the inputs at other values.
  func value(_ input: (TermInput) -> Double) -> Double {
    switch self {
    case .constant(let value): value
    case .input(let quantity): input(quantity)
    case .sum(let nodes): nodes.reduce(0) { $0 + $1.value(input) }
    case .difference(let a, let b): a.value(input) - b.value(input)
    case .product(let a, let b): a.value(input) * b.value(input)
    case .quotient(let a, let b): a.value(input) / b.value(input)
    case .longest(let nodes): nodes.map { $0.value(input) }.max() ?? 0
    case .shortest(let nodes): nodes.map { $0.value(input) }.min() ?? 0
    case .roundedUp(let node): node.value(input).rounded(.up)
    case .applied(let function, let nodes): function.body(nodes.map { $0.value(input) })
    case .named(_, _, let node): node.value(input)
    }
  }

  /// In the order in which they stand, each once. Two of one name and different values are two, as
  /// are two points of a curve whose names are rounded alike.
  var inputs: [TermInput] {
    var found: [TermInput] = []
    collect(into: &found)
    return found
  }

  private func collect(into found: inout [TermInput]) {
    switch self {
    case .constant: break
    case .input(let quantity):
      if !found.contains(quantity) { found.append(quantity) }
    case .sum(let nodes), .longest(let nodes), .shortest(let nodes), .applied(_, let nodes):
      nodes.forEach { $0.collect(into: &found) }
    case .difference(let a, let b), .product(let a, let b), .quotient(let a, let b):
      a.collect(into: &found)
      b.collect(into: &found)
    case .roundedUp(let node), .named(_, _, let node): node.collect(into: &found)
    }
  }

  /// A sum without sums in it, and without nothing.
  static func sum(of a: TermNode, _ b: TermNode) -> TermNode {
    if case .constant(0) = a { return b }
    if case .constant(0) = b { return a }
    if case .sum(let nodes) = a { return .sum(nodes + [b]) }
    return .sum([a, b])
  }

  /// Constants are multiplied at once, so that a formula shows one count; none of something is
  /// nothing.
  static func product(of a: TermNode, _ b: TermNode) -> TermNode {
    switch (a, b) {
    case (.constant(let x), .constant(let y)): .constant(x * y)
    case (.constant(0), _), (_, .constant(0)): .constant(0)
    case (.constant(1), let node), (let node, .constant(1)): node
    case (.constant(let x), .product(.constant(let y), let node)):
      product(of: .constant(x * y), node)
    case (.constant, _): .product(a, b)
    case (_, .constant): product(of: b, a)
    case (.product(.constant(let x), let node), _):
      product(of: .constant(x), product(of: node, b))
    case (_, .product(.constant(let x), let node)):
      product(of: .constant(x), product(of: a, node))
    default: .product(a, b)
    }
  }

  static func quotient(of a: TermNode, _ b: TermNode) -> TermNode {
    if case .constant(let y) = b { return product(of: .constant(1 / y), a) }
    if case .constant(1) = a, case .quotient(.constant(1), let node) = b { return node }
    return .quotient(a, b)
  }
}
