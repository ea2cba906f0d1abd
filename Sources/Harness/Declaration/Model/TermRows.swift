import Results

extension TermNode {
  /// The parts that add up to this one, as the page's table and chart show them: named terms whole,
  /// of what overlaps the longest, the others marked as hidden behind it.
  func rows(unit: Unit) -> [PredictedTerm] {
    var rows: [PredictedTerm] = []
    collect(into: &rows, scale: .constant(1), isHidden: false, unit: unit)
    return Self.merged(rows)
  }

  private func collect(
    into rows: inout [PredictedTerm], scale: TermNode, isHidden: Bool, unit: Unit
  ) {
    switch self {
    case .sum(let nodes):
      for node in nodes {
        node.collect(into: &rows, scale: scale, isHidden: isHidden, unit: unit)
      }
    case .product(let a, let b) where b.hasParts:
      b.collect(
        into: &rows, scale: .product(of: scale, a), isHidden: isHidden, unit: unit)
    case .quotient(let a, let b) where a.hasParts:
      a.collect(
        into: &rows, scale: .quotient(of: scale, b), isHidden: isHidden, unit: unit)
    case .shortest(let nodes):
      // What does not limit is longer than what is seen: nothing overlaps it.
      nodes.first { $0.value == value }?
        .collect(into: &rows, scale: scale, isHidden: isHidden, unit: unit)
    case .longest(let nodes):
      let values = nodes.map(\.value)
      let seen = values.firstIndex(of: value) ?? 0
      for (index, node) in nodes.enumerated() where index == seen || node.value != 0 {
        node.collect(
          into: &rows, scale: scale, isHidden: isHidden || index != seen, unit: unit)
      }
    case .constant(0): break
    case .named(let name, let why, let node):
      rows.append(
        row(name, because: why, .product(of: scale, node), isHidden: isHidden, unit: unit))
    default:
      let whole = TermNode.product(of: scale, self)
      rows.append(row(ownName, because: nil, whole, isHidden: isHidden, unit: unit))
    }
  }

  private func row(
    _ name: String, because why: String?, _ node: TermNode, isHidden: Bool, unit: Unit
  ) -> PredictedTerm {
    PredictedTerm(
      name: name, value: node.value, unit: unit, formula: node.formula, because: why,
      isHidden: isHidden,
      sources: node.inputs.map {
        PredictedTerm.Source(
          name: $0.name, value: $0.estimate, unit: $0.unit, source: $0.source)
      })
  }

  /// Whether it is worth looking into: a single number is not.
  private var hasParts: Bool {
    switch self {
    case .sum, .longest, .shortest, .named: true
    case .product(_, let node), .quotient(let node, _): node.hasParts
    case .constant, .input, .difference, .roundedUp, .applied: false
    }
  }

  /// Of a part that nobody has named: the number that it is made of.
  private var ownName: String {
    let names = inputs.map(\.name)
    return names.count == 1 ? names[0] : "other parts"
  }

  /// Parts of one name become one, such as the levels of a search.
  private static func merged(_ rows: [PredictedTerm]) -> [PredictedTerm] {
    var result: [PredictedTerm] = []
    var counts: [Int] = []
    var formulas: [Set<String>] = []
    for row in rows {
      guard
        let index = result.firstIndex(where: {
          $0.name == row.name && $0.isHidden == row.isHidden
        })
      else {
        result.append(row)
        counts.append(1)
        formulas.append([row.formula])
        continue
      }
      counts[index] += 1
      result[index].value += row.value
      formulas[index].insert(row.formula)
      result[index].formula =
        formulas[index].count > 1
        ? "a sum of \(counts[index]) parts" : repeated(row.formula, counts[index])
      for source in row.sources where !result[index].sources.contains(source) {
        result[index].sources.append(source)
      }
    }
    return result.filter { $0.value != 0 }
  }

  /// `2 × mutex`, `20 × (branch.miss ÷ 2)`: the row's value is that of all its parts.
  private static func repeated(_ formula: String, _ count: Int) -> String {
    formula.contains(" ") ? "\(count) × (\(formula))" : "\(count) × \(formula)"
  }
}
