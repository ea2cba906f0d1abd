/// A dictionary of bounded size that evicts what has not been used for the longest time.
struct RecentlyUsed<Value> {
  private struct Entry {
    let key: Int
    var value: Value
    /// Towards what was used before and after it; −1 at the ends.
    var older, newer: Int
  }

  private let capacity: Int
  private var places: [Int: Int] = [:]
  private var entries: [Entry] = []
  private var (oldest, newest) = (-1, -1)

  /// - Parameter capacity: at least one.
  init(capacity: Int) { self.capacity = max(1, capacity) }

  var count: Int { entries.count }

  /// The value of a key, which becomes the one that was used last.
  subscript(_ key: Int) -> Value? {
    mutating get {
      guard let place = places[key] else { return nil }
      if place != newest {
        unlink(place)
        append(place)
      }
      return entries[place].value
    }
  }

  /// Sets a value, in place of the one that was used first if there is no room.
  mutating func insert(_ value: Value, for key: Int) {
    if let place = places[key] {
      entries[place].value = value
      unlink(place)
      append(place)
      return
    }
    var place = entries.count
    let entry = Entry(key: key, value: value, older: -1, newer: -1)
    if place == capacity {
      place = oldest
      unlink(place)
      places[entries[place].key] = nil
      entries[place] = entry
    } else {
      entries.append(entry)
    }
    places[key] = place
    append(place)
  }

  /// Changes all values.
  mutating func update(_ change: (Value) -> Value) {
    for place in entries.indices { entries[place].value = change(entries[place].value) }
  }

  mutating func removeAll() {
    places.removeAll()
    entries.removeAll()
    (oldest, newest) = (-1, -1)
  }

  private mutating func unlink(_ place: Int) {
    let (older, newer) = (entries[place].older, entries[place].newer)
    if older < 0 { oldest = newer } else { entries[older].newer = newer }
    if newer < 0 { newest = older } else { entries[newer].older = older }
  }

  private mutating func append(_ place: Int) {
    entries[place].older = newest
    entries[place].newer = -1
    if newest < 0 { oldest = place } else { entries[newest].newer = place }
    newest = place
  }
}
