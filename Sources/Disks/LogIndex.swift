/// Where the newest versions of records lie in a log that is written round and round, and which
/// slots the next versions go to.
///
/// The oldest slot is freed before its place is needed: what is still live there is appended again
/// (*cleaned*), which costs a write of its own. A slot that was freed by a batch is used by a later
/// one, when that batch is durable: a reserve of free slots is what batches are written to.
///
/// Source: Rosenblum and Ousterhout, *The Design and Implementation of a Log-Structured File System*,
/// 1992; with first-in-first-out cleaning.
struct LogIndex {
  /// A record that is to be written into a slot.
  struct Move: Equatable {
    let slot: Int
    let key: Int
    let version: Int
    /// The slot that it is copied from; nil where it is new.
    let source: Int?
  }

  /// Slots that are kept free, so that a batch with its copies has room: enough for batches of 64 up
  /// to a fill of 95%.
  static let reserve = 2_048

  /// Slots of the file.
  let slots: Int
  /// Slot of each key's newest version.
  private(set) var places: [Int32]
  private(set) var versions: [Int32]
  /// Key and version that were last written into each slot; the key is -1 where nothing was.
  private(set) var keys: [Int32]
  private(set) var written: [Int32]
  private var head: Int
  private var tail = 0
  private var free: Int

  /// All records in order, in version 0.
  /// - Parameter slots: beside the reserve; records ÷ slots is how full the log is.
  init(records: Int, slots: Int) {
    precondition(records < slots, "a full log can't be cleaned")
    let slots = slots + Self.reserve
    self.slots = slots
    places = (0..<Int32(records)).map { $0 }
    versions = Array(repeating: 0, count: records)
    keys = (0..<Int32(slots)).map { $0 < records ? $0 : -1 }
    written = Array(repeating: 0, count: slots)
    head = records
    free = slots - records
  }

  /// Assigns slots to new versions of `keys`, and to what must be copied so that the reserve is free
  /// again.
  mutating func append(_ keys: [Int]) -> [Move] {
    var moves: [Move] = []
    for key in keys { moves.append(take(key, version: Int(versions[key]) + 1, from: nil)) }
    // Freed slots are not used for this batch: its copies must be durable first.
    var freed = 0
    while free + freed < Self.reserve {
      let slot = tail
      tail = tail + 1 == slots ? 0 : tail + 1
      freed += 1
      let key = Int(self.keys[slot])
      if key >= 0, Int(places[key]) == slot {
        moves.append(take(key, version: Int(versions[key]), from: slot))
      }
    }
    free += freed
    return moves
  }

  private mutating func take(_ key: Int, version: Int, from source: Int?) -> Move {
    precondition(free > 0, "the log has too little space beyond its records")
    let slot = head
    head = head + 1 == slots ? 0 : head + 1
    free -= 1
    places[key] = Int32(slot)
    versions[key] = Int32(version)
    keys[slot] = Int32(key)
    written[slot] = Int32(version)
    return Move(slot: slot, key: key, version: version, source: source)
  }
}
