import CPerflab
import Synchronization

/// A word that a thread sleeps on until another signals, 128 bytes for itself.
final class Futex: @unchecked Sendable {
  // SAFETY (@unchecked): the word is atomic, and the pointer is constant.

  private let word: UnsafeMutablePointer<Atomic<UInt32>>

  init() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
    word = memory.bindMemory(to: Atomic<UInt32>.self, capacity: 1)
    word.initialize(to: Atomic(0))
  }

  deinit { word.deallocate() }

  /// Stores a value that is not 0 and wakes the sleeper.
  func signal(_ value: UInt32 = 1) {
    word.pointee.store(value, ordering: .releasing)
    perflab_futex_wake(address, 1)
  }

  /// Sleeps until there is a value, takes it, and returns it.
  func await() -> UInt32 {
    while true {
      let value = word.pointee.exchange(0, ordering: .acquiring)
      if value != 0 { return value }
      perflab_futex_wait(address, 0)
    }
  }

  private var address: UnsafePointer<UInt32> {
    // SAFETY: `Atomic<UInt32>` has the layout of a `UInt32`.
    UnsafeRawPointer(word).assumingMemoryBound(to: UInt32.self)
  }
}
