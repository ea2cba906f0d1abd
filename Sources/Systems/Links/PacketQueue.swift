import Glibc

/// Packets in the order in which they are due, in memory that is reserved once.
///
/// A packet that is due after all others is appended; one that is due earlier moves up past those
/// which it overtakes, which are few. For one thread.
struct PacketQueue: ~Copyable {
  private struct Entry {
    var due: UInt64
    var slot: Int32
    var length: Int32
  }

  private static let slotBytes = 2_048
  private let capacity: Int
  private let bytes: UnsafeMutableRawPointer
  private let entries: UnsafeMutablePointer<Entry>
  private let free: UnsafeMutablePointer<Int32>
  private var first = 0
  private(set) var count = 0

  /// - Parameter capacity: packets; rounded up to a power of two. Pages that hold none take no
  ///   memory.
  init(capacity: Int) {
    var size = 1
    while size < capacity { size *= 2 }
    self.capacity = size
    // One slot more, for the packet that is being read.
    bytes = .allocate(byteCount: (size + 1) * Self.slotBytes, alignment: 64)
    entries = .allocate(capacity: size)
    free = .allocate(capacity: size + 1)
    for slot in 0...size { free[slot] = Int32(size - slot) }
  }

  deinit {
    bytes.deallocate()
    entries.deallocate()
    free.deallocate()
  }

  var isFull: Bool { count == capacity }

  /// When the first packet is due; nil where there is none.
  var due: UInt64? { count == 0 ? nil : entries[first].due }

  /// The memory of the next packet that is appended.
  var room: UnsafeMutableRawBufferPointer {
    let slot = Int(free[capacity - count])
    return UnsafeMutableRawBufferPointer(
      start: bytes + slot * Self.slotBytes, count: Self.slotBytes)
  }

  /// Takes in the packet that lies in `room`. There must be room for it.
  /// - Returns: whether it overtakes others.
  mutating func insert(length: Int, due: UInt64) -> Bool {
    precondition(!isFull)
    var place = count
    while place > 0, entries[index(place - 1)].due > due {
      entries[index(place)] = entries[index(place - 1)]
      place -= 1
    }
    entries[index(place)] = Entry(
      due: due, slot: free[capacity - count], length: Int32(clamping: length))
    defer { count += 1 }
    return place < count
  }

  /// The first packet, which must be there.
  var packet: UnsafeRawBufferPointer {
    let entry = entries[first]
    return UnsafeRawBufferPointer(
      start: bytes + Int(entry.slot) * Self.slotBytes, count: Int(entry.length))
  }

  /// Removes the first packet, which must be there.
  mutating func removeFirst() {
    precondition(count > 0)
    free[capacity - count + 1] = entries[first].slot
    first = (first + 1) & (capacity - 1)
    count -= 1
  }

  private func index(_ place: Int) -> Int { (first + place) & (capacity - 1) }
}
