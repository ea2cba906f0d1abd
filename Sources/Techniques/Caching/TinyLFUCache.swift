/// A cache that admits a new key only if it was used more often lately than the key that it would
/// replace (W-TinyLFU).
///
/// New keys enter a window of 1% of the entries, by last use. What leaves the window competes with
/// the oldest of the main part's *probation* list: a sketch of counters says which of them was used
/// more often, and the other goes. A key that is used on probation moves to the *protected* list,
/// four fifths of the main part, whose oldest fall back.
///
/// Limits: when popularity shifts at once, the counters of the old keys keep the new ones out until
/// they are halved. A window whose size adapts, as Caffeine's does, shortens that.
///
/// Source: G. Einziger, R. Friedman, B. Manes, "TinyLFU: a highly efficient cache admission policy",
/// ACM Trans. Storage 13(4), 2017.
public struct TinyLFUCache: EvictingCache, ~Copyable {
  private static let (window, probation, protected) = (0, 1, 2)
  private var entries: LinkedEntries
  private var sketch: FrequencySketch
  private let windowSize: Int
  private let protectedSize: Int

  /// - Parameter capacity: in entries, at least two.
  public init(capacity: Int) {
    entries = LinkedEntries(capacity: capacity, lists: 3)
    sketch = FrequencySketch(capacity: capacity)
    windowSize = max(1, capacity / 100)
    protectedSize = (capacity - windowSize) * 4 / 5
  }

  /// See `EvictingCache`.
  public mutating func value(of key: UInt64) -> UInt64? {
    sketch.use(key)
    guard let place = entries.place(of: key) else { return nil }
    if entries[place].list == Self.window {
      entries.move(place, to: Self.window)
    } else {
      entries.move(place, to: Self.protected)
      if entries.count(of: Self.protected) > protectedSize,
        let oldest = entries.oldest(of: Self.protected)
      {
        entries.move(oldest, to: Self.probation)
      }
    }
    return entries[place].value
  }

  /// See `EvictingCache`.
  public mutating func insert(_ value: UInt64, for key: UInt64) {
    if entries.count(of: Self.window) >= windowSize,
      let candidate = entries.oldest(of: Self.window)
    {
      if entries.count == entries.capacity {
        makeRoom(for: candidate)
      } else {
        entries.move(candidate, to: Self.probation)
      }
    }
    entries.add(key, value, to: Self.window)
  }

  /// The candidate of the window replaces the victim of the main part, or goes itself.
  private mutating func makeRoom(for candidate: Int32) {
    let oldest = entries.oldest(of: Self.probation) ?? entries.oldest(of: Self.protected)
    if let victim = oldest,
      sketch.frequency(of: entries[candidate].key) > sketch.frequency(of: entries[victim].key)
    {
      entries.remove(victim)
      entries.move(candidate, to: Self.probation)
    } else {
      entries.remove(candidate)
    }
  }
}
