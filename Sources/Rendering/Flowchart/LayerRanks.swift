/// Which layer each box of a graph belongs to, and which of its arrows run back.
struct LayerRanks {
  private(set) var ranks: [Int]
  private(set) var isBack: [Bool]

  /// - Parameter isSingle: whether each box gets a layer of its own.
  init(count: Int, edges: [LayeredGraph.Edge], isSingle: Bool) {
    ranks = Array(repeating: 0, count: count)
    isBack = Array(repeating: false, count: edges.count)
    let order = order(count, edges)
    for (place, box) in order.enumerated() {
      if isSingle && place > 0 { ranks[box] = max(ranks[box], ranks[order[place - 1]] + 1) }
      for (index, edge) in edges.enumerated() where edge.from != edge.to {
        let (first, last) = isBack[index] ? (edge.to, edge.from) : (edge.from, edge.to)
        guard first == box else { continue }
        // A label, and the way back beside the way there, need a layer between.
        let length = edge.label != nil || isBack[index] ? 2 : 1
        ranks[last] = max(ranks[last], ranks[first] + length)
      }
    }
  }

  /// Depth first, in the order of declaration: an arrow to a box that is still being visited
  /// closes a circle and runs back.
  /// - Returns: the boxes, each before all that its other arrows lead to.
  private mutating func order(_ count: Int, _ edges: [LayeredGraph.Edge]) -> [Int] {
    enum State { case new, open, done }
    var states = Array(repeating: State.new, count: count)
    var finished: [Int] = []

    func descend(_ box: Int) {
      states[box] = .open
      // The last first, so that the first comes first when the order is turned round.
      for (index, edge) in edges.enumerated().reversed() where edge.from == box {
        if edge.to == box { continue }
        switch states[edge.to] {
        case .new: descend(edge.to)
        case .open: isBack[index] = true
        case .done: break
        }
      }
      states[box] = .done
      finished.append(box)
    }
    // What no arrow leads to begins; what is left lies on circles.
    let targets = Set(edges.filter { $0.from != $0.to }.map(\.to))
    let starts = (0..<count).filter { !targets.contains($0) }
    for box in starts.reversed() + (0..<count).filter(targets.contains)
    where states[box] == .new { descend(box) }
    return finished.reversed()
  }
}
