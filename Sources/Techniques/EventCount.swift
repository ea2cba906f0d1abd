import CPerflab
import Synchronization

/// Lets threads sleep until something has changed, without a lock and without a lost wake-up.
///
/// Who waits takes a key, looks once more, and sleeps with the key; who changes something makes
/// the change and then notifies. A change after the key was taken makes the key stale, and `wait`
/// returns at once.
///
/// ```swift
/// let key = events.prepare()
/// if !queue.isEmpty { return }
/// events.wait(key)  // may return for no reason: look again
/// ```
///
/// Source: Vyukov's eventcount (1024cores.net); here over one futex word.
struct EventCount: ~Copyable, @unchecked Sendable {
  // SAFETY (@unchecked): the words are atomics, alive as long as the value.
  private let words: UnsafeMutablePointer<Words>

  private struct Words: ~Copyable {
    let epoch = Atomic<UInt32>(0)
    let sleepers = Atomic<UInt32>(0)
  }

  init() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
    words = memory.bindMemory(to: Words.self, capacity: 1)
    words.initialize(to: Words())
  }

  deinit {
    words.deinitialize(count: 1)
    UnsafeMutableRawPointer(words).deallocate()
  }

  /// A key for `wait`. What was changed before the key was taken is visible to the caller.
  func prepare() -> UInt32 { words.pointee.epoch.load(ordering: .sequentiallyConsistent) }

  /// Sleeps unless there was a `notify` since the key was taken. May return for no reason.
  func wait(_ key: UInt32) {
    words.pointee.sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    // SAFETY: `Atomic<UInt32>`, the first field, has the layout and the address of a `UInt32`.
    perflab_futex_wait(UnsafeRawPointer(words).assumingMemoryBound(to: UInt32.self), key)
    words.pointee.sleepers.wrappingSubtract(1, ordering: .relaxed)
  }

  /// Makes all keys stale and wakes up to `count` sleepers. No system call where none sleeps.
  func notify(_ count: Int32) {
    words.pointee.epoch.wrappingAdd(1, ordering: .sequentiallyConsistent)
    // Either the sleeper's count is seen here, or the kernel sees the new epoch there.
    if words.pointee.sleepers.load(ordering: .sequentiallyConsistent) == 0 { return }
    // SAFETY: as in `wait`.
    perflab_futex_wake(UnsafeRawPointer(words).assumingMemoryBound(to: UInt32.self), count)
  }
}
