import Synchronization

/// A bounded queue from one producing thread to one consuming thread, without locks.
///
/// Each side keeps a copy of the other's index and looks at the original only when the copy says
/// that the ring is full or empty. While neither is the case, a push or a pop touches no cache line
/// that the other side writes, but for the elements themselves.
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
/// Bu and Chandranmenon, *A Lock-Free, Cache-Efficient Shared Ring Buffer*, ANCS 2009.
public final class SPSCRing<Element: Sendable>: @unchecked Sendable {
  // SAFETY (@unchecked): a slot is written by the producer before it raises `tail` (release) and
  // read by the consumer after it sees that (acquire); `head` orders the way back. The cached
  // indices each belong to one side.

  /// The most elements that the ring holds: a power of two.
  public let capacity: Int
  @usableFromInline let slots: UnsafeMutablePointer<Element>
  @usableFromInline let producer: UnsafeMutablePointer<RingSide>
  @usableFromInline let consumer: UnsafeMutablePointer<RingSide>

  /// - Parameter capacity: at least 1; raised to the next power of two.
  public init(capacity: Int) {
    precondition(capacity >= 1, "a ring holds at least one element")
    let capacity = 1 << (Int.bitWidth - (capacity - 1).leadingZeroBitCount)
    self.capacity = capacity
    slots = .allocate(capacity: capacity)
    let lines = UnsafeMutableRawPointer.allocate(byteCount: 2 * 128, alignment: 128)
    producer = lines.bindMemory(to: RingSide.self, capacity: 1)
    consumer = (lines + 128).bindMemory(to: RingSide.self, capacity: 1)
    producer.initialize(to: RingSide())
    consumer.initialize(to: RingSide())
  }

  deinit {
    while pop() != nil {}
    slots.deallocate()
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
    (slots + (tail & (capacity &- 1))).initialize(to: element)
    producer.pointee.index.store(tail &+ 1, ordering: .releasing)
    return true
  }

  /// Removes the oldest element; nil where the ring is empty.
  @inlinable
  public func pop() -> Element? {
    let head = consumer.pointee.index.load(ordering: .relaxed)
    if head == consumer.pointee.cachedOther {
      consumer.pointee.cachedOther = producer.pointee.index.load(ordering: .acquiring)
      if head == consumer.pointee.cachedOther { return nil }
    }
    let element = (slots + (head & (capacity &- 1))).move()
    consumer.pointee.index.store(head &+ 1, ordering: .releasing)
    return element
  }
}

/// What one side of a ring writes.
@usableFromInline
struct RingSide: ~Copyable {
  /// Elements pushed (or popped) so far.
  @usableFromInline let index = Atomic<Int>(0)
  /// The other side's index, as this side last saw it.
  @usableFromInline var cachedOther = 0

  init() {}
}
