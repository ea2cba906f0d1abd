import Synchronization

/// The slots of a `TaskQueue`, which are used round and round.
struct TaskRing: ~Copyable {
  let capacity: Int
  private let slots: UnsafeMutablePointer<Slot>
  /// The ring that this one replaced, which threads may still be reading.
  private let outgrown: UnsafeMutablePointer<TaskRing>?

  private struct Slot: ~Copyable {
    let function = Atomic<UInt>(0)
    let context = Atomic<UInt>(0)
  }

  private init(capacity: Int, outgrown: UnsafeMutablePointer<TaskRing>?) {
    self.capacity = capacity
    self.outgrown = outgrown
    slots = .allocate(capacity: capacity)
    for index in 0..<capacity { (slots + index).initialize(to: Slot()) }
  }

  deinit {
    slots.deinitialize(count: capacity)
    slots.deallocate()
    if let outgrown { Self.free(outgrown) }
  }

  /// - Parameter capacity: a power of two.
  static func make(
    capacity: Int, outgrown: UnsafeMutablePointer<TaskRing>? = nil
  ) -> UnsafeMutablePointer<TaskRing> {
    let ring = UnsafeMutablePointer<TaskRing>.allocate(capacity: 1)
    ring.initialize(to: TaskRing(capacity: capacity, outgrown: outgrown))
    return ring
  }

  /// Frees a ring and all that it has replaced. The closures in it are not released.
  static func free(_ ring: UnsafeMutablePointer<TaskRing>) {
    ring.deinitialize(count: 1)
    ring.deallocate()
  }

  /// A ring of twice the capacity that holds the same tasks at `indices`, and keeps `ring` alive.
  static func grown(
    _ ring: UnsafeMutablePointer<TaskRing>, _ indices: Range<Int>
  ) -> UnsafeMutablePointer<TaskRing> {
    let larger = make(capacity: 2 * ring.pointee.capacity, outgrown: ring)
    for index in indices { larger.pointee.store(ring.pointee.load(index), at: index) }
    return larger
  }

  /// The words are atomic, since a slot may be read while it is written. Whoever reads finds out
  /// whether that has happened before it makes a closure of them.
  func store(_ words: ClosureWords, at index: Int) {
    let slot = slots + (index & (capacity - 1))
    slot.pointee.function.store(words.function, ordering: .relaxed)
    slot.pointee.context.store(words.context, ordering: .relaxed)
  }

  func load(_ index: Int) -> ClosureWords {
    let slot = slots + (index & (capacity - 1))
    return ClosureWords(
      function: slot.pointee.function.load(ordering: .relaxed),
      context: slot.pointee.context.load(ordering: .relaxed))
  }
}

/// A closure that waits to be run.
///
/// As a field it stays the two words that it is. As an element of an array or an optional it would
/// be wrapped in a second closure, with an allocation of its own.
struct QueuedTask {
  let run: @Sendable () -> Void
}

/// The two words of a closure, which somebody owns.
struct ClosureWords {
  var function: UInt
  var context: UInt
}

extension ClosureWords {
  /// Takes `task` over, reference and all.
  init(_ task: consuming QueuedTask) {
    self.init(function: 0, context: 0)
    var task = Optional(task)
    withUnsafeMutablePointer(to: &self) { words in
      // SAFETY: a closure is two words; the reference in it moves along.
      _ = UnsafeMutableRawPointer(words).initializeMemory(as: QueuedTask.self, to: task.take()!)
    }
  }

  /// The closure, to which the caller's ownership of the words moves.
  func task() -> QueuedTask {
    var words = self
    return withUnsafeMutablePointer(to: &words) { words in
      // SAFETY: the words were made of a closure, and the caller owns them.
      UnsafeMutableRawPointer(words).assumingMemoryBound(to: QueuedTask.self).move()
    }
  }
}
