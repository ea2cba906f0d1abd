import Synchronization

/// An unbounded queue of closures: first in, first out, for any number of threads at both ends.
///
/// Appending takes a lock, which is held for some instructions; removing takes one
/// compare-exchange and waits for nobody. The slots are a ring that doubles when it is full. What
/// has been outgrown is kept to the end, since a thread may still be reading in it: no more than
/// the last ring's size in all.
///
/// Source: the thieves' end of the deque of Chase and Lev (*Dynamic Circular Work-Stealing Deque*,
/// SPAA 2005) with the memory orders of Lê et al. (*Correct and Efficient Work-Stealing for Weak
/// Memory Models*, PPoPP 2013).
final class TaskQueue: @unchecked Sendable {
  // SAFETY (@unchecked): everything in here is atomic or behind the lock. Rings are freed only with
  // the queue.

  private let front = Front()

  /// What the threads that remove tasks write, on a line of its own: objects and their fields begin
  /// at multiples of 16 bytes here, so that the pair is not split between two.
  private struct Front: ~Copyable {
    private let before = InlineArray<8, UInt64>(repeating: 0)
    /// Tasks removed so far: the index of the first one.
    let head = Atomic<Int>(0)
    /// A value of `tail` that was read earlier. A thread that takes one task of many leaves the line
    /// of `tail` with the threads that append.
    let knownTail = Atomic<Int>(0)
    private let behind = InlineArray<8, UInt64>(repeating: 0)
  }

  /// Tasks appended so far.
  private let tail = PaddedAtomic<Int>(0)

  private let ring: Atomic<UnsafeMutablePointer<TaskRing>>
  private let closed = Atomic<Bool>(false)
  /// A value of `head` that was read earlier. The lock is held while appending.
  private let knownHead = Locked(0)

  init() { ring = Atomic(TaskRing.make(capacity: 64)) }

  deinit {
    precondition(isEmpty, "a queue is released with tasks in it")
    TaskRing.free(ring.load(ordering: .relaxed))
  }

  /// Tasks appended so far.
  var appended: Int { tail.value.load(ordering: .sequentiallyConsistent) }

  /// Tasks that wait.
  var count: Int {
    // In this order: the tail does not fall behind a head that was read before it.
    let first = front.head.load(ordering: .acquiring)
    return appended - first
  }

  var isEmpty: Bool { count == 0 }

  /// Whether it takes no more tasks.
  var isClosed: Bool { closed.load(ordering: .sequentiallyConsistent) }

  /// Takes no more tasks from now on.
  func close() {
    knownHead.withLock { _ in closed.store(true, ordering: .sequentiallyConsistent) }
  }

  /// Adds a task at the end. False where the queue is closed.
  func append(_ task: consuming QueuedTask) -> Bool {
    let words = ClosureWords(task)
    let accepted = knownHead.withLock { knownHead in
      // The lock orders these two: no one else writes them.
      if closed.load(ordering: .relaxed) { return false }
      let index = tail.value.load(ordering: .relaxed)
      var slots = ring.load(ordering: .relaxed)
      if index - knownHead == slots.pointee.capacity {
        knownHead = front.head.load(ordering: .acquiring)
        if index - knownHead == slots.pointee.capacity {
          slots = TaskRing.grown(slots, knownHead..<index)
          ring.store(slots, ordering: .releasing)
        }
      }
      slots.pointee.store(words, at: index)
      tail.value.store(index + 1, ordering: .sequentiallyConsistent)
      return true
    }
    if !accepted { _ = words.task() }
    return accepted
  }

  /// Removes the task at the front; nil where none waits.
  func popFirst() -> QueuedTask? {
    var index = front.head.load(ordering: .acquiring)
    while true {
      if index >= front.knownTail.load(ordering: .acquiring) {
        let tail = tail.value.load(ordering: .acquiring)
        if index == tail { return nil }
        front.knownTail.store(tail, ordering: .releasing)
      }
      // Whoever takes this index leaves its slot as it is until the head has moved on: what was read
      // is good if the head is still there.
      let words = ring.load(ordering: .acquiring).pointee.load(index)
      let (done, seen) = front.head.compareExchange(
        expected: index, desired: index + 1, ordering: .acquiringAndReleasing)
      if done { return words.task() }
      index = seen
    }
  }
}
