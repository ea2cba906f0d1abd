/// Says which of many blocks lie in the few slots of a cache, by CLOCK: a slot that was used since
/// the hand last passed gets a second chance; the first that was not is given to the new block.
///
/// Like LRU without moving anything at a hit: a hit sets a bit. The bytes are the caller's.
///
///     var cache = ClockCache<Int>(slots: 1_000)
///     let slot = cache.slot(of: block) ?? read(block, into: cache.replace(with: block))
///
/// For one thread at a time.
///
/// Source: Corbató, *A Paging Experiment with the Multics System*, MIT 1968.
public struct ClockCache<Key: Hashable & Sendable>: Sendable {
  /// Blocks that it holds at most.
  public let slots: Int
  private var places: [Key: Int]
  private var keys: [Key?]
  private var wasUsed: [Bool]
  private var hand = 0

  /// - Parameter slots: 1 or more.
  public init(slots: Int) {
    precondition(slots >= 1, "a cache has at least one slot")
    self.slots = slots
    places = Dictionary(minimumCapacity: slots)
    keys = Array(repeating: nil, count: slots)
    wasUsed = Array(repeating: false, count: slots)
  }

  /// Blocks that it holds.
  public var count: Int { places.count }

  /// Where a block lies, which is noted as a use; nil where it is not there.
  public mutating func slot(of key: Key) -> Int? {
    guard let slot = places[key] else { return nil }
    wasUsed[slot] = true
    return slot
  }

  /// Gives a slot to a block that is not there; the block that had it is no longer there.
  public mutating func replace(with key: Key) -> Int {
    precondition(places[key] == nil, "it is there")
    while wasUsed[hand] {
      wasUsed[hand] = false
      advance()
    }
    let slot = hand
    if let old = keys[slot] { places[old] = nil }
    keys[slot] = key
    places[key] = slot
    advance()
    return slot
  }

  /// A block is no longer there: reading it failed.
  public mutating func remove(_ key: Key) {
    guard let slot = places.removeValue(forKey: key) else { return }
    keys[slot] = nil
    wasUsed[slot] = false
  }

  private mutating func advance() { hand = hand + 1 == slots ? 0 : hand + 1 }
}
