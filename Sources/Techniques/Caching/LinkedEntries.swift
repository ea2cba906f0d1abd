/// The entries of a cache, each in one of a few doubly linked lists from the oldest to the newest.
struct LinkedEntries: ~Copyable {
  struct Entry {
    var key: UInt64
    var value: UInt64
    /// Towards what came before and after it in its list.
    var older: Int32
    var newer: Int32
    var list: Int32
  }

  private struct Ends {
    var oldest = Int32(-1)
    var newest = Int32(-1)
    var count = 0
  }

  let capacity: Int
  private let entries: UnsafeMutablePointer<Entry>
  private let lists: UnsafeMutablePointer<Ends>
  private var places: FlatTable<Int32>
  /// Entries from here on have never been used.
  private var fresh = Int32(0)
  /// The last one that was removed, if it has not been used again.
  private var free = Int32(-1)

  init(capacity: Int, lists count: Int) {
    precondition(capacity >= 2, "a cache holds at least two entries")
    self.capacity = capacity
    entries = .allocate(capacity: capacity)
    lists = .allocate(capacity: count)
    lists.initialize(repeating: Ends(), count: count)
    places = FlatTable(minimumCapacity: capacity)
  }

  deinit {
    entries.deallocate()
    lists.deallocate()
  }

  var count: Int { places.count }

  func count(of list: Int) -> Int { lists[list].count }

  /// The oldest entry of a list; nil if it is empty.
  func oldest(of list: Int) -> Int32? {
    let place = lists[list].oldest
    return place < 0 ? nil : place
  }

  /// Where a key is; nil where it is not there.
  func place(of key: UInt64) -> Int32? { places[Int(bitPattern: UInt(key))] }

  subscript(place: Int32) -> (key: UInt64, value: UInt64, list: Int) {
    let entry = entries[Int(place)]
    return (entry.key, entry.value, Int(entry.list))
  }

  /// Makes an entry the newest of a list, which need not be its own.
  mutating func move(_ place: Int32, to list: Int) {
    if lists[list].newest == place { return }
    unlink(place)
    append(place, to: list)
  }

  /// Adds a key that is not there, as the newest of a list. There must be room.
  mutating func add(_ key: UInt64, _ value: UInt64, to list: Int) {
    var place = free
    if place >= 0 {
      free = -1
    } else {
      place = fresh
      fresh += 1
    }
    precondition(place < capacity, "a full cache evicts before it adds")
    (entries + Int(place)).initialize(
      to: Entry(key: key, value: value, older: -1, newer: -1, list: 0))
    places.set(place, for: Int(bitPattern: UInt(key)))
    append(place, to: list)
  }

  /// Removes an entry. Only one may be removed before another is added.
  mutating func remove(_ place: Int32) {
    precondition(free < 0, "the place that was freed before is used first")
    unlink(place)
    places.removeValue(for: Int(bitPattern: UInt(entries[Int(place)].key)))
    free = place
  }

  private mutating func unlink(_ place: Int32) {
    let entry = entries[Int(place)]
    let list = lists + Int(entry.list)
    if entry.newer < 0 {
      list.pointee.newest = entry.older
    } else {
      entries[Int(entry.newer)].older = entry.older
    }
    if entry.older < 0 {
      list.pointee.oldest = entry.newer
    } else {
      entries[Int(entry.older)].newer = entry.newer
    }
    list.pointee.count -= 1
  }

  private mutating func append(_ place: Int32, to list: Int) {
    let ends = lists + list
    let newest = ends.pointee.newest
    entries[Int(place)].older = newest
    entries[Int(place)].newer = -1
    entries[Int(place)].list = Int32(list)
    if newest < 0 { ends.pointee.oldest = place } else { entries[Int(newest)].newer = place }
    ends.pointee.newest = place
    ends.pointee.count += 1
  }
}
