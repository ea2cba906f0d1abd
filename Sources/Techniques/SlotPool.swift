import CPerflab

/// A pool of equal slots for one type: taking and returning one is a handful of instructions.
///
/// Returned slots form a list through their own first word, the newest return first, so that a
/// slot is handed out again while it is still in the cache. Slots never used yet are cut from the
/// newest chunk one by one, so that memory is not touched before it is needed.
///
///     var pool = SlotPool<Node>()
///     let node = pool.take()
///     node.initialize(to: Node(key: 7))
///     …
///     node.deinitialize(count: 1)
///     pool.giveBack(node)
///
/// In a hot loop, keep the pool in a local variable: its words then stay in registers. In an object
/// or a global variable they are stored and loaded for every slot, since a slot might overlap them
/// as far as the compiler knows.
///
/// Builds for debugging trap where a slot is returned twice, where a pointer is returned that
/// this pool never handed out, and where the pool goes while slots are out. Under AddressSanitizer
/// they also poison each slot that is not out, so that a use after return is reported. Other
/// builds check nothing.
///
/// Limits: one thread at a time (see `MagazinePool`); one type and size; memory goes back to the
/// allocator with the pool, not before; a slot takes at least the size of a pointer.
///
/// Source: Kenwright, *Fast Efficient Fixed-Size Memory Pool*, 2012; the list inside the free
/// slots is older, see Knuth, *The Art of Computer Programming* 1, section 2.2.3.
public struct SlotPool<Element: ~Copyable>: ~Copyable {
  @usableFromInline var free: UnsafeMutableRawPointer?
  @usableFromInline var fresh: UnsafeMutableRawPointer
  @usableFromInline var end: UnsafeMutableRawPointer
  @usableFromInline let chunks: SlotChunks
  #if DEBUG
    @usableFromInline var ledger = SlotLedger()
  #endif

  /// Bytes from one slot to the next.
  @inlinable
  static var stride: Int {
    let alignment = max(MemoryLayout<Element>.alignment, MemoryLayout<Int>.alignment)
    let size = max(MemoryLayout<Element>.size, MemoryLayout<Int>.size)
    return (size + alignment - 1) & ~(alignment - 1)
  }

  /// An empty pool; it has no slots before the first `take`.
  ///
  /// - Parameter slotsPerChunk: slots of the first chunk. Each further chunk is twice as large as
  ///   the one before, up to 1 MiB or the first chunk's size.
  public init(slotsPerChunk: Int = 64) {
    precondition(slotsPerChunk > 0, "a chunk holds at least one slot, not \(slotsPerChunk)")
    let alignment = max(MemoryLayout<Element>.alignment, MemoryLayout<Int>.alignment)
    chunks = SlotChunks(firstBytes: slotsPerChunk * Self.stride, alignment: alignment)
    free = nil
    // SAFETY: both are the same, so the first `take` asks for a chunk and neither is read.
    fresh = UnsafeMutableRawPointer(bitPattern: alignment)!
    end = fresh
  }

  deinit {
    #if DEBUG
      ledger.expectNothingOut()
    #endif
  }

  /// Bytes that a slot takes of the pool's memory.
  public static var bytesPerSlot: Int { stride }

  /// Bytes that the pool has from the allocator.
  public var reservedBytes: Int { chunks.bytes }

  /// Uninitialised memory for one element. Return it with `giveBack`.
  ///
  /// - Complexity: O(1); asks the allocator when all slots are out.
  @inlinable
  public mutating func take() -> UnsafeMutablePointer<Element> {
    let slot: UnsafeMutableRawPointer
    if let returned = free {
      // SAFETY: a slot in the list begins with the address of the next one, or zero.
      SlotChecks.unpoison(returned, bytes: Self.stride)
      free = returned.load(as: UnsafeMutableRawPointer?.self)
      slot = returned
    } else {
      if fresh == end {
        (fresh, end) = Self.grow(chunks)
        #if DEBUG
          ledger.add(fresh, bytes: end - fresh, stride: Self.stride)
        #endif
      }
      slot = fresh
      fresh += Self.stride
      SlotChecks.unpoison(slot, bytes: Self.stride)
    }
    #if DEBUG
      ledger.taken(slot)
    #endif
    // SAFETY: `stride` and the chunk's alignment fit an Element, and no one else has this slot.
    return slot.assumingMemoryBound(to: Element.self)
  }

  /// Takes back a slot. Its element must have been deinitialised.
  ///
  /// - Complexity: O(1).
  @inlinable
  public mutating func giveBack(_ slot: UnsafeMutablePointer<Element>) {
    let raw = UnsafeMutableRawPointer(slot)
    #if DEBUG
      ledger.returned(raw)
    #endif
    // SAFETY: the caller gives up the slot, which has room for a pointer.
    raw.storeBytes(of: free, as: UnsafeMutableRawPointer?.self)
    free = raw
    SlotChecks.poison(raw, bytes: Self.stride)
  }

  /// Kept out of line: the fast path stays a few instructions and spills nothing. It gets the
  /// chunks and not the pool, whose address would keep a local pool in memory.
  @inlinable @inline(never)
  static func grow(
    _ chunks: SlotChunks
  ) -> (start: UnsafeMutableRawPointer, end: UnsafeMutableRawPointer) {
    let chunk = chunks.add(stride: stride)
    SlotChecks.poison(chunk.start, bytes: chunk.bytes)
    return (chunk.start, chunk.start + chunk.bytes)
  }
}

/// What a pool got from the allocator.
@usableFromInline
final class SlotChunks {
  @usableFromInline typealias Chunk = (start: UnsafeMutableRawPointer, bytes: Int)

  private var all: [Chunk] = []
  private var nextBytes: Int
  private let alignment: Int
  private(set) var bytes = 0

  init(firstBytes: Int, alignment: Int) {
    nextBytes = firstBytes
    self.alignment = alignment
  }

  @usableFromInline
  func add(stride: Int) -> Chunk {
    let count = max(1, nextBytes / stride)
    let size = count * stride
    let chunk = Chunk(
      start: .allocate(byteCount: size, alignment: max(alignment, 64)), bytes: size)
    all.append(chunk)
    bytes += size
    nextBytes = max(nextBytes, min(2 * nextBytes, 1 << 20))
    return chunk
  }

  deinit {
    for chunk in all {
      SlotChecks.unpoison(chunk.start, bytes: chunk.bytes)
      chunk.start.deallocate()
    }
  }
}
