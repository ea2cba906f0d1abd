/// A set whose copies are changed apart from each other. A removal removes the additions that its
/// copy has seen, and no others: an element that is added elsewhere at the same time stays.
///
///     var (here, there) = (ReplicatedSet<String>(), ReplicatedSet<String>())
///     here.insert("book", at: 1)
///     there.insert("pen", at: 2)
///     here.merged(with: there).elements        // both
///
/// What was removed leaves nothing behind: each copy knows by a version vector which additions it
/// has seen, so that one which it does not hold has been removed.
///
/// Source: A. Bieniusa et al., "An optimized conflict-free replicated set", arXiv:1210.3368, 2012.
public struct ReplicatedSet<Element: Hashable & Sendable>: Replicated {
  private var dots: [Element: Set<VersionVector.Dot>] = [:]
  private var seen = VersionVector()

  /// An empty set.
  public init() {}

  /// Its elements.
  public var elements: Set<Element> { Set(dots.keys) }

  /// Adds an element at a node. Each copy must have a node of its own.
  public mutating func insert(_ element: Element, at node: Int) {
    dots[element] = [seen.advance(at: node)]
  }

  /// Removes an element as this copy knows it.
  public mutating func remove(_ element: Element) { dots[element] = nil }

  /// See `Replicated`.
  public func merged(with other: Self) -> Self {
    var result = ReplicatedSet()
    result.seen = seen.merged(with: other.seen)
    for element in elements.union(other.elements) {
      let (own, others) = (dots[element] ?? [], other.dots[element] ?? [])
      let kept = own.intersection(others)
        .union(own.filter { !other.seen.contains($0) })
        .union(others.filter { !seen.contains($0) })
      if !kept.isEmpty { result.dots[element] = kept }
    }
    return result
  }
}
