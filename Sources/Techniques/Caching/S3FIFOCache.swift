/// A cache of three queues: new keys pass through a small one, and only those that are used again
/// there reach the main one. A hit moves nothing, it counts up to three.
///
/// The small queue holds a tenth of the entries. What leaves it unused is remembered by its key
/// alone (the *ghost* queue), and goes to the main queue if it comes back soon. The main queue gives
/// an entry that was used another round, and takes one from its count.
///
/// Limits: a key that is used twice and then again only after both its stay in the small queue and
/// in the ghost queue never gets into the main one. The queues need no order of use, so that
/// hits by many threads do not contend; this one is for one thread at a time.
///
/// Source: J. Yang, Y. Zhang, Z. Qiu, Y. Yue, K. V. Rashmi, "FIFO queues are all you need for cache
/// eviction", SOSP 2023, algorithm 1.
public struct S3FIFOCache: EvictingCache, ~Copyable {
  private static let (small, main) = (0, 1)
  private var entries: LinkedEntries
  private let uses: UnsafeMutablePointer<UInt8>
  private let smallSize: Int
  /// Keys that have left the small queue, with their number in the order of leaving.
  private var ghosts: FlatTable<Int>
  private var ghostKeys: [UInt64]
  private var ghostNumber = 0

  /// - Parameter capacity: in entries, at least two.
  public init(capacity: Int) {
    entries = LinkedEntries(capacity: capacity, lists: 2)
    uses = .allocate(capacity: capacity)
    smallSize = max(1, capacity / 10)
    ghosts = FlatTable(minimumCapacity: capacity)
    ghostKeys = Array(repeating: 0, count: max(1, capacity - smallSize))
  }

  deinit { uses.deallocate() }

  /// See `EvictingCache`.
  public mutating func value(of key: UInt64) -> UInt64? {
    guard let place = entries.place(of: key) else { return nil }
    // Not `uses[…] += 1`: with the thread sanitiser the compiler (6.3.1) fails at a pointer that is
    // a part of a value that can't be copied.
    let count = uses + Int(place)
    if count.pointee < 3 { count.pointee += 1 }
    return entries[place].value
  }

  /// See `EvictingCache`.
  public mutating func insert(_ value: UInt64, for key: UInt64) {
    if entries.count == entries.capacity { evict() }
    let isBack = ghosts.removeValue(for: Int(bitPattern: UInt(key))) != nil
    entries.add(key, value, to: isBack ? Self.main : Self.small)
    if let place = entries.place(of: key) { uses[Int(place)] = 0 }
  }

  private mutating func evict() {
    if entries.count(of: Self.small) >= smallSize, evictFromSmall() { return }
    evictFromMain()
  }

  /// - Returns: whether an entry has gone; else all that were there have moved to the main queue.
  private mutating func evictFromSmall() -> Bool {
    while let oldest = entries.oldest(of: Self.small) {
      if uses[Int(oldest)] > 1 {
        uses[Int(oldest)] = 0
        entries.move(oldest, to: Self.main)
      } else {
        remember(entries[oldest].key)
        entries.remove(oldest)
        return true
      }
    }
    return false
  }

  private mutating func evictFromMain() {
    while let oldest = entries.oldest(of: Self.main) {
      let count = uses + Int(oldest)
      if count.pointee == 0 { return entries.remove(oldest) }
      count.pointee -= 1
      entries.move(oldest, to: Self.main)
      // Alone in its queue it is the newest as well, and its count reaches 0 all the same.
    }
  }

  private mutating func remember(_ key: UInt64) {
    let slot = ghostNumber % ghostKeys.count
    let forgotten = Int(bitPattern: UInt(ghostKeys[slot]))
    // Unless it has come back and left again since.
    if ghosts[forgotten] == ghostNumber - ghostKeys.count { ghosts.removeValue(for: forgotten) }
    ghostKeys[slot] = key
    ghosts.set(ghostNumber, for: Int(bitPattern: UInt(key)))
    ghostNumber += 1
  }
}
