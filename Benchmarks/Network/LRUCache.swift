import Techniques

/// A cache that evicts what has not been used for the longest time.
struct LRUCache: ~Copyable {
  private struct Entry {
    var key: UInt64
    var value: UInt64
    /// Towards what was used before and after it.
    var older, newer: Int32
  }

  private let capacity: Int
  private var places: FlatTable<Int32>
  private var entries: [Entry] = []
  private var (oldest, newest) = (Int32(-1), Int32(-1))

  /// - Parameter capacity: in entries, at least two.
  init(capacity: Int) {
    self.capacity = capacity
    places = FlatTable(minimumCapacity: capacity)
    entries.reserveCapacity(capacity)
  }

  /// The value of a key, which becomes the one that was used last; nil where it is not there.
  mutating func value(of key: UInt64) -> UInt64? {
    guard let place = places[Int(bitPattern: UInt(key))] else { return nil }
    if place != newest {
      unlink(place)
      append(place)
    }
    return entries[Int(place)].value
  }

  /// Adds a key that is not there, in place of the one that was used first if the cache is full.
  mutating func insert(_ value: UInt64, for key: UInt64) {
    var place = Int32(entries.count)
    let entry = Entry(key: key, value: value, older: -1, newer: -1)
    if entries.count == capacity {
      place = oldest
      unlink(place)
      _ = places.removeValue(for: Int(bitPattern: UInt(entries[Int(place)].key)))
      entries[Int(place)] = entry
    } else {
      entries.append(entry)
    }
    places.set(place, for: Int(bitPattern: UInt(key)))
    append(place)
  }

  private mutating func unlink(_ place: Int32) {
    let (older, newer) = (entries[Int(place)].older, entries[Int(place)].newer)
    if older < 0 { oldest = newer } else { entries[Int(older)].newer = newer }
    if newer < 0 { newest = older } else { entries[Int(newer)].older = older }
  }

  private mutating func append(_ place: Int32) {
    entries[Int(place)].older = newest
    entries[Int(place)].newer = -1
    if newest < 0 { oldest = place } else { entries[Int(newest)].newer = place }
    newest = place
  }
}
