import CPerflab
import Synchronization

/// A bounded queue from one producing thread to one consuming thread, without locks.
///
/// The slots lie in blocks of a cache line, and each block begins with the index up to which the
/// producer has filled it. So an element and the news of it come with one line, and a consumer that
/// follows close behind waits for that line alone. With one index for the whole ring the producer
/// stores alternately to two lines that the consumer takes from it, and since its stores become
/// visible in order, each of them then waits for a line.
///
/// Each side keeps a copy of the other's index and looks at the original only when the copy says
/// that the ring is full or empty.
///
/// ```swift
/// let ring = SPSCRing<Int>(capacity: 1024)
/// // one thread                         // another
/// while !ring.push(7) { pause() }       while let value = ring.pop() { use(value) }
/// ```
///
/// At any time at most one thread may push, and at most one pop; the two may be different ones.
/// Which thread that is may change, where something else orders the hand-over.
///
/// Source: Lamport, *Specifying Concurrent Program Modules*, 1983; the cached indices are from Lee,
/// Bu and Chandranmenon, *A Lock-Free, Cache-Efficient Shared Ring Buffer*, ANCS 2009; control and
/// data on one line from Giacomoni, Moseley and Vachharajani, *FastForward*, PPoPP 2008.
public final class SPSCRing<Element: Sendable>: @unchecked Sendable {
  // SAFETY (@unchecked): a slot is written by the producer before it raises its block's end
  // (release) and read by the consumer after it sees that (acquire); the consumer's index orders
  // the way back. What else a side keeps belongs to it alone.

  /// The most elements that the ring holds: a power of two.
  public let capacity: Int
  @usableFromInline let blocks: RingBlocks<Element>
  @usableFromInline let producer: UnsafeMutablePointer<RingSide>
  @usableFromInline let consumer: UnsafeMutablePointer<RingSide>

  /// - Parameter capacity: at least 1; raised to the next power of two.
  public init(capacity: Int) {
    precondition(capacity >= 1, "a ring holds at least one element")
    let capacity = 1 << (Int.bitWidth - (capacity - 1).leadingZeroBitCount)
    self.capacity = capacity
    blocks = RingBlocks(holding: capacity)
    let lines = UnsafeMutableRawPointer.allocate(byteCount: 2 * 128, alignment: 128)
    producer = lines.bindMemory(to: RingSide.self, capacity: 1)
    consumer = (lines + 128).bindMemory(to: RingSide.self, capacity: 1)
    producer.initialize(to: RingSide(block: blocks.first))
    consumer.initialize(to: RingSide(block: blocks.first))
  }

  deinit {
    while pop() != nil {}
    blocks.deallocate()
    UnsafeMutableRawPointer(producer).deallocate()
  }

  /// Appends an element. Returns false, and does nothing, where the ring is full.
  @inlinable
  public func push(_ element: Element) -> Bool {
    let tail = producer.pointee.index.load(ordering: .relaxed)
    if tail &- producer.pointee.cachedOther == capacity {
      producer.pointee.cachedOther = consumer.pointee.index.load(ordering: .acquiring)
      if tail &- producer.pointee.cachedOther == capacity { return false }
    }
    if producer.pointee.slot == RingBlocks<Element>.slots {
      producer.pointee.block = blocks.next(after: producer.pointee.block)
      producer.pointee.slot = 0
      // While this block is filled, the next one is on its way.
      perflab_prefetch_to_write(blocks.next(after: producer.pointee.block))
    }
    let (block, slot) = (producer.pointee.block, producer.pointee.slot)
    blocks.element(slot, of: block).initialize(to: element)
    blocks.end(of: block).pointee.store(tail &+ 1, ordering: .releasing)
    producer.pointee.slot = slot &+ 1
    producer.pointee.index.store(tail &+ 1, ordering: .relaxed)
    return true
  }

  /// Removes the oldest element; nil where the ring is empty.
  @inlinable
  public func pop() -> Element? {
    let head = consumer.pointee.index.load(ordering: .relaxed)
    if head == consumer.pointee.cachedOther {
      if consumer.pointee.slot == RingBlocks<Element>.slots {
        consumer.pointee.block = blocks.next(after: consumer.pointee.block)
        consumer.pointee.slot = 0
      }
      let end = blocks.end(of: consumer.pointee.block).pointee.load(ordering: .acquiring)
      // Until the producer reaches a block, its end is that of the lap before.
      if end &- head <= 0 { return nil }
      consumer.pointee.cachedOther = end
    }
    let slot = consumer.pointee.slot
    let element = blocks.element(slot, of: consumer.pointee.block).move()
    consumer.pointee.slot = slot &+ 1
    consumer.pointee.index.store(head &+ 1, ordering: .releasing)
    return element
  }
}

/// What one side of a ring writes.
@usableFromInline
struct RingSide: ~Copyable {
  /// Elements pushed (or popped) so far. The other side reads the consumer's alone.
  @usableFromInline let index = Atomic<Int>(0)
  /// The other side's index, as this side last saw it.
  @usableFromInline var cachedOther = 0
  /// The block of the next element, and its slot there; after the last slot comes the next block.
  @usableFromInline var block: UnsafeMutableRawPointer
  @usableFromInline var slot = 0

  init(block: UnsafeMutableRawPointer) { self.block = block }
}

/// The ring's memory: blocks of an index and some slots.
@usableFromInline
struct RingBlocks<Element> {
  @usableFromInline let first: UnsafeMutableRawPointer
  @usableFromInline let last: UnsafeMutableRawPointer

  /// From a block's start to its first slot.
  @inlinable static var offset: Int {
    max(MemoryLayout<Atomic<Int>>.stride, MemoryLayout<Element>.alignment)
  }

  /// In a block: as many as fill a line with the index, at least one.
  @inlinable static var slots: Int { max(1, (64 - offset) / MemoryLayout<Element>.stride) }

  @inlinable static var bytes: Int {
    let line = max(64, MemoryLayout<Element>.alignment)
    return (offset + slots * MemoryLayout<Element>.stride + line - 1) / line * line
  }

  /// So many blocks that the producer, which is at most `capacity` elements ahead, neither writes
  /// to the consumer's block nor fetches it.
  init(holding capacity: Int) {
    let slots = Self.slots
    let count = (capacity + 2 * slots - 1 + slots - 1) / slots
    let (offset, bytes) = (Self.offset, Self.bytes)
    first = .allocate(byteCount: count * bytes, alignment: max(64, MemoryLayout<Element>.alignment))
    last = first + (count - 1) * bytes
    for block in 0..<count {
      let start = first + block * bytes
      start.bindMemory(to: Atomic<Int>.self, capacity: 1).initialize(to: Atomic(0))
      (start + offset).bindMemory(to: Element.self, capacity: slots)
    }
  }

  func deallocate() { first.deallocate() }

  /// The index after the last element of a block.
  @inlinable
  func end(of block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Atomic<Int>> {
    block.assumingMemoryBound(to: Atomic<Int>.self)
  }

  @inlinable
  func element(_ slot: Int, of block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Element> {
    (block + Self.offset).assumingMemoryBound(to: Element.self) + slot
  }

  @inlinable
  func next(after block: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    block == last ? first : block + Self.bytes
  }
}
