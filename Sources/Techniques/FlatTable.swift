import Glibc

/// A hash table from integers to small values: one array of entries, searched from the key's own
/// place onwards.
///
///     var discounts = FlatTable<Int>(minimumCapacity: customers.count)
///     for customer in customers { discounts.set(customer.discount, for: customer.id) }
///     let discount = discounts[17]
///
/// The places of the array are a power of two, at least twice the number of entries. A product
/// mixes the key's bits, and a part of it is the key's place; if another key is there, the next
/// places are searched up to the key or to an empty one. Half of the places are empty, so most
/// searches end at the first place, with one cache miss in a large table; the next places mostly
/// share its line. Removal closes the gap, so that removed keys cost later searches nothing.
///
/// In a hot loop, keep the table in a local variable: its words then stay in registers.
///
/// Limits: integer keys, and values that are copied bit by bit; one thread at a time. An entry takes
/// 2 to 4 places, more than in tables with a byte of the hash for each place. The memory's address
/// takes part in the hash, so that keys chosen in advance don't collide in every process; against
/// an adversary who can measure times this is no protection, and n colliding keys take O(n²) time.
/// Growing moves all entries at once.
///
/// Sources: D. Knuth, "The Art of Computer Programming" vol. 3, section 6.4, algorithms L (search)
/// and R (removal); Wang Yi, wyhash (the folded product).
public struct FlatTable<Value: BitwiseCopyable>: ~Copyable {
  @usableFromInline typealias Entry = (key: Int, value: Value)

  /// Key 0 marks an empty place; the memory starts as zeros.
  @usableFromInline var entries: UnsafeMutablePointer<Entry>
  /// The number of places less one.
  @usableFromInline var mask: Int
  /// Entries in the array.
  @usableFromInline var stored = 0
  /// The value of key 0, which has no place in the array.
  @usableFromInline var ofZero: Value?

  /// An empty table that takes so many keys before it grows.
  @inlinable @inline(__always)
  public init(minimumCapacity: Int = 0) {
    (entries, mask) = Self.make(minimumCapacity)
  }

  deinit { free(entries) }

  /// The number of keys.
  public var count: Int { stored + (ofZero == nil ? 0 : 1) }

  /// Bytes of the array.
  public var reservedBytes: Int { (mask + 1) * MemoryLayout<Entry>.stride }

  /// The value of a key; nil where the table does not have it.
  /// - Complexity: O(1) expected.
  @inlinable
  public subscript(key: Int) -> Value? {
    if key == 0 { return ofZero }
    // SAFETY: places are within the mask; at least half of them are empty, so each search ends.
    var place = Self.home(of: key, in: entries, mask)
    while true {
      let found = entries[place].key
      if found == key { return entries[place].value }
      if found == 0 { return nil }
      place = (place &+ 1) & mask
    }
  }

  /// Adds a key, or replaces its value.
  /// - Complexity: O(1) expected, amortised over growth.
  @inlinable
  public mutating func set(_ value: Value, for key: Int) {
    if key == 0 {
      ofZero = value
      return
    }
    let place = Self.place(of: key, in: entries, mask)
    let isNew = entries[place].key == 0
    entries[place] = (key, value)
    if isNew {
      stored &+= 1
      if 2 &* stored > mask &+ 1 { (entries, mask) = Self.grow(entries, mask) }
    }
  }

  /// Removes a key and returns its value; nil where the table does not have it.
  /// - Complexity: O(1) expected.
  @discardableResult
  public mutating func removeValue(for key: Int) -> Value? {
    if key == 0 {
      defer { ofZero = nil }
      return ofZero
    }
    var gap = Self.place(of: key, in: entries, mask)
    guard entries[gap].key == key else { return nil }
    let value = entries[gap].value
    stored -= 1
    // An entry moves back if its own place is not after the gap, counted around the end.
    var next = (gap + 1) & mask
    while entries[next].key != 0 {
      let home = Self.home(of: entries[next].key, in: entries, mask)
      if (next - home) & mask >= (next - gap) & mask {
        entries[gap] = entries[next]
        gap = next
      }
      next = (next + 1) & mask
    }
    entries[gap].key = 0
    return value
  }

  /// Where a key other than 0 is, or else the empty place where it belongs.
  @inlinable @inline(__always)
  static func place(of key: Int, in entries: UnsafeMutablePointer<Entry>, _ mask: Int) -> Int {
    var place = home(of: key, in: entries, mask)
    while entries[place].key != key && entries[place].key != 0 { place = (place &+ 1) & mask }
    return place
  }

  /// Where the search for a key begins.
  @inlinable @inline(__always)
  static func home(of key: Int, in entries: UnsafeMutablePointer<Entry>, _ mask: Int) -> Int {
    let mixed = UInt(bitPattern: key) ^ UInt(bitPattern: entries)
    let product = mixed.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    return Int(bitPattern: product.high ^ product.low) & mask
  }

  // Out of line, and without the table's own address, which would keep a local table in memory.

  @inlinable @inline(never)
  static func make(_ minimumCapacity: Int) -> (entries: UnsafeMutablePointer<Entry>, mask: Int) {
    precondition(minimumCapacity >= 0, "a table can't hold \(minimumCapacity) keys")
    let places = max(8, 2 * minimumCapacity)
    let mask = 1 << (Int.bitWidth - (places - 1).leadingZeroBitCount) - 1
    return (allocate(mask + 1), mask)
  }

  @inlinable @inline(never)
  static func grow(
    _ old: UnsafeMutablePointer<Entry>, _ mask: Int
  ) -> (entries: UnsafeMutablePointer<Entry>, mask: Int) {
    let wider = 2 * mask + 1
    let new = allocate(wider + 1)
    for index in 0...mask where old[index].key != 0 {
      new[place(of: old[index].key, in: new, wider)] = old[index]
    }
    free(old)
    return (new, wider)
  }

  /// From `calloc`, which need not clear pages that are new from the system.
  @usableFromInline
  static func allocate(_ places: Int) -> UnsafeMutablePointer<Entry> {
    precondition(MemoryLayout<Entry>.alignment <= 16, "calloc aligns to 16 bytes")
    guard let memory = calloc(places, MemoryLayout<Entry>.stride) else {
      fatalError("no memory for a table of \(places) places")
    }
    return memory.bindMemory(to: Entry.self, capacity: places)
  }
}
