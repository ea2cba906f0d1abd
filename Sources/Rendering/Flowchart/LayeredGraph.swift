/// Boxes in layers, so that arrows run from one layer to the next: Sugiyama, Tagawa and Toda,
/// "Methods for visual understanding of hierarchical system structures" (1981).
///
/// *Main* is the way the arrows run, *cross* the way across.
struct LayeredGraph {
  struct Size: Equatable {
    var main: Double
    var cross: Double
  }

  struct Edge {
    let from: Int
    let to: Int
    /// Of its label, which takes a place in a layer of its own.
    var label: Size?
  }

  /// A box, or where an arrow passes through a layer.
  struct Item {
    var size: Size
    var layer: Int
    /// Middle of the box, across.
    var centre = 0.0
    /// Where it begins along the main way.
    var start = 0.0
    /// The items before and after it in their layers.
    var before: [Int] = []
    var after: [Int] = []
  }

  private static let gap = 30.0
  private static let separation = 18.0
  private static let lane = Size(main: 0, cross: 6)

  /// First the boxes as they came, then places that arrows pass through.
  private(set) var items: [Item]
  /// For each edge the items from its beginning to its end.
  private(set) var chains: [[Int]] = []
  /// For each edge the item that holds its label.
  private(set) var labels: [Int?] = []
  private(set) var size = Size(main: 0, cross: 0)
  /// Where each layer begins and ends.
  private(set) var extents: [(start: Double, end: Double)] = []
  private var layers: [[Int]] = []

  /// - Parameter isSingle: whether each box gets a layer of its own.
  init(sizes: [Size], edges: [Edge], isSingle: Bool = false) {
    let ranks = LayerRanks(count: sizes.count, edges: edges, isSingle: isSingle)
    items = zip(sizes, ranks.ranks).map { Item(size: $0, layer: $1) }
    for (index, edge) in edges.enumerated() {
      add(edge, isBack: ranks.isBack[index])
    }
    layers = Array(repeating: [], count: (items.map(\.layer).max() ?? -1) + 1)
    for (index, item) in items.enumerated() { layers[item.layer].append(index) }
    order()
    align()
    place()
  }

  /// Arrows that run back are laid out as if they ran forward.
  private mutating func add(_ edge: Edge, isBack: Bool) {
    let (first, last) = isBack ? (edge.to, edge.from) : (edge.from, edge.to)
    guard first != last else {
      chains.append([first])
      labels.append(nil)
      return
    }
    var chain = [first]
    let between = items[first].layer + 1..<items[last].layer
    let middle = between.lowerBound + (between.count - 1) / 2
    var label: Int?
    for layer in between {
      let holdsLabel = layer == middle && edge.label != nil
      if holdsLabel { label = items.count }
      chain.append(items.count)
      items.append(Item(size: holdsLabel ? edge.label ?? Self.lane : Self.lane, layer: layer))
    }
    chain.append(last)
    for (a, b) in zip(chain, chain.dropFirst()) {
      items[a].after.append(b)
      items[b].before.append(a)
    }
    chains.append(isBack ? chain.reversed() : chain)
    labels.append(label)
  }

  // MARK: Order within a layer

  private mutating func order() {
    var best = layers
    var fewest = crossings()
    for round in 0..<6 where fewest > 0 {
      let isForward = round.isMultiple(of: 2)
      for layer in isForward ? Array(layers.indices) : layers.indices.reversed() {
        sort(layer, by: isForward ? \.before : \.after)
      }
      let count = crossings()
      if count < fewest { (best, fewest) = (layers, count) }
    }
    layers = best
  }

  private mutating func sort(_ layer: Int, by neighbours: KeyPath<Item, [Int]>) {
    let places = places()
    let keys = layers[layer].enumerated().map { place, index -> (key: Double, index: Int) in
      let others = items[index][keyPath: neighbours].map { Double(places[$0]) }
      let mean = others.reduce(0, +) / Double(max(others.count, 1))
      return (others.isEmpty ? Double(place) : mean, index)
    }
    // Stable: what is equal keeps its order.
    layers[layer] = keys.enumerated()
      .sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
      .map(\.element.index)
  }

  private func places() -> [Int] {
    var places = Array(repeating: 0, count: items.count)
    for layer in layers { for (place, index) in layer.enumerated() { places[index] = place } }
    return places
  }

  private func crossings() -> Int {
    let places = places()
    var count = 0
    for layer in layers {
      let legs = layer.flatMap { a in items[a].after.map { (places[a], places[$0]) } }
      for (i, one) in legs.enumerated() {
        for other in legs[(i + 1)...] {
          count += (one.0 - other.0) * (one.1 - other.1) < 0 ? 1 : 0
        }
      }
    }
    return count
  }

  // MARK: Coordinates

  /// Each as near to its neighbours' middle as the others let it.
  private mutating func align() {
    for layer in layers {
      spread(layer, wanted: Array(repeating: 0, count: layer.count))
    }
    for round in 0..<8 {
      for layer in round.isMultiple(of: 2) ? layers : layers.reversed() {
        let wanted = layer.map { index in
          let others = (items[index].before + items[index].after).map { items[$0].centre }
          return others.isEmpty
            ? items[index].centre : others.reduce(0, +) / Double(others.count)
        }
        spread(layer, wanted: wanted)
      }
    }
  }

  /// Least squares under minimum distances: isotonic regression by pooling what violates them
  /// (Barlow and others, "Statistical inference under order restrictions", 1972).
  private mutating func spread(_ layer: [Int], wanted: [Double]) {
    var offsets: [Double] = []
    var offset = 0.0
    for (place, index) in layer.enumerated() {
      if place > 0 {
        let sizes = items[layer[place - 1]].size.cross + items[index].size.cross
        offset += sizes / 2 + Self.separation
      }
      offsets.append(offset)
    }
    var pools: [(sum: Double, count: Int)] = []
    for (want, offset) in zip(wanted, offsets) {
      pools.append((want - offset, 1))
      while pools.count > 1 {
        let (a, b) = (pools[pools.count - 2], pools[pools.count - 1])
        guard a.sum / Double(a.count) > b.sum / Double(b.count) else { break }
        pools.removeLast(2)
        pools.append((a.sum + b.sum, a.count + b.count))
      }
    }
    let settled = pools.flatMap { Array(repeating: $0.sum / Double($0.count), count: $0.count) }
    for (place, index) in layer.enumerated() {
      items[index].centre = settled[place] + offsets[place]
    }
  }

  private mutating func place() {
    var start = 0.0
    for layer in layers {
      let thickness = layer.map { items[$0].size.main }.max() ?? 0
      for index in layer { items[index].start = start + (thickness - items[index].size.main) / 2 }
      extents.append((start, start + thickness))
      start += thickness + Self.gap
    }
    size.main = max(start - Self.gap, 0)
    let low = items.map { $0.centre - $0.size.cross / 2 }.min() ?? 0
    let high = items.map { $0.centre + $0.size.cross / 2 }.max() ?? 0
    for index in items.indices { items[index].centre -= low }
    size.cross = high - low
  }
}
