import Results

extension TermNode {
  /// Longer formulas help nobody; the sources of their numbers stand beside them.
  private static let longestFormula = 90

  /// `5 × add.integer.latency + ½ branch.miss`: machine numbers and named terms by their names.
  /// `n numbers` where that is too long.
  var formula: String {
    let text = written(inside: .top)
    if text.count <= Self.longestFormula { return text }
    let count = inputs.count
    return "an expression of \(count) \(count == 1 ? "number" : "numbers")"
  }

  /// What a part stands in, for its brackets.
  private enum Place { case top, sum, product, divisor }

  private func written(inside place: Place) -> String {
    switch self {
    case .constant(let value): value.brief
    case .input(let quantity): quantity.name
    case .named(let name, _, _): name
    case .sum(let nodes):
      bracketed(nodes.map { $0.written(inside: .sum) }.joined(separator: " + "), in: place)
    case .difference(let a, let b):
      bracketed("\(a.written(inside: .sum)) − \(b.written(inside: .product))", in: place)
    case .product(.constant(let value), let node)
    where value != 0 && abs(value) < 1 && Self.isWhole(1 / value):
      bracketed(
        "\(node.written(inside: .product)) ÷ \((1 / value).rounded().brief)", in: place,
        if: [.divisor])
    case .product(let a, let b):
      bracketed(
        "\(a.written(inside: .product)) × \(b.written(inside: .product))", in: place,
        if: [.divisor])
    case .quotient(let a, let b):
      bracketed(
        "\(a.written(inside: .product)) ÷ \(b.written(inside: .divisor))", in: place,
        if: [.divisor])
    case .longest(let nodes): "longest of (\(Self.list(nodes)))"
    case .shortest(let nodes): "least of (\(Self.list(nodes)))"
    case .roundedUp(let node): "⌈\(node.written(inside: .top))⌉"
    case .applied(let function, let nodes): "\(function.name)(\(Self.list(nodes)))"
    }
  }

  private func bracketed(
    _ text: String, in place: Place, if places: Set<Place> = [.product, .divisor]
  ) -> String { places.contains(place) ? "(\(text))" : text }

  private static func list(_ nodes: [TermNode]) -> String {
    nodes.map { $0.written(inside: .top) }.joined(separator: ", ")
  }

  private static func isWhole(_ value: Double) -> Bool {
    abs(value - value.rounded()) < 1e-9 && value.rounded() >= 2 && value < 1e6
  }
}

extension Double {
  /// Three significant digits, for a formula or a sentence: `0.274`, `12.3`, `4120`, `10`.
  public var brief: String {
    guard isFinite, self != 0 else { return self == 0 ? "0" : "\(self)" }
    var scale = 1.0
    while abs(self) * scale < 100 && scale < 1e12 { scale *= 10 }
    let text = "\((self * scale).rounded() / scale)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
