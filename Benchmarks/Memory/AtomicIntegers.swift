import Harness
import Synchronization

/// Atomic integers at chosen distances from one another: on one cache line, or on lines apart.
extension AlignedBuffer<UInt8> {
  /// The integer `offset` bytes from the start, a multiple of 8.
  func atomicInteger(at offset: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    // SAFETY: within the buffer, aligned, and an `Atomic<Int>` has the bytes of its integer.
    UnsafeMutableRawPointer(elements.baseAddress! + offset)
      .assumingMemoryBound(to: Atomic<Int>.self)
  }
}
