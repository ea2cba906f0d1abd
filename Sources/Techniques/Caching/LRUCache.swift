/// A cache that evicts what has not been used for the longest time.
///
/// How often it hits by the popularity of the keys, Che's approximation says
/// (H. Che, Y. Tung, Z. Wang, "Hierarchical web caching systems", IEEE JSAC 20(7), 2002).
public struct LRUCache: EvictingCache, ~Copyable {
  private var entries: LinkedEntries

  /// - Parameter capacity: in entries, at least two.
  public init(capacity: Int) { entries = LinkedEntries(capacity: capacity, lists: 1) }

  /// See `EvictingCache`.
  public mutating func value(of key: UInt64) -> UInt64? {
    guard let place = entries.place(of: key) else { return nil }
    entries.move(place, to: 0)
    return entries[place].value
  }

  /// See `EvictingCache`.
  public mutating func insert(_ value: UInt64, for key: UInt64) {
    if entries.count == entries.capacity, let oldest = entries.oldest(of: 0) {
      entries.remove(oldest)
    }
    entries.add(key, value, to: 0)
  }
}
