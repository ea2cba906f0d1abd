import Techniques

/// A cart in one region, in each of the three forms.
struct Cart {
  /// Which of them its users see.
  enum Kind { case lastWriter, union, replicatedSet }

  var written = LastWriterWins<Set<Int>>([], at: -10, node: 0)
  var items: Set<Int> = []
  var replicated = ReplicatedSet<Int>()

  func elements(_ kind: Kind) -> Set<Int> {
    switch kind {
    case .lastWriter: written.value
    case .union: items
    case .replicatedSet: replicated.elements
    }
  }

  mutating func change(_ item: Int, isAdded: Bool, at time: Double, node: Int) {
    var next = written.value
    if isAdded { next.insert(item) } else { next.remove(item) }
    written.set(next, at: time, node: node)
    if isAdded { items.insert(item) } else { items.remove(item) }
    if isAdded { replicated.insert(item, at: node) } else { replicated.remove(item) }
  }

  mutating func merge(_ other: Cart) {
    written = written.merged(with: other.written)
    items.formUnion(other.items)
    replicated = replicated.merged(with: other.replicated)
  }
}
