import Glibc
import Harness
import Techniques

/// Which of the live blocks each step of a kernel call replaces.
enum ReplacementOrder {
  /// Blocks that one kernel call replaces.
  static let steps = 8_192

  /// How many of so many lines a call visits, expected.
  static func visited(of lines: Double) -> Double { lines * (1 - exp(-Double(steps) / lines)) }

  static func random(for point: Point) -> AlignedBuffer<Int32> {
    var random = point.generator()
    let live = Int32(point.value)
    return AlignedBuffer(count: steps) { _ in .random(in: 0..<live, using: &random) }
  }
}

/// 64 bytes, as `malloc(64)`.
struct PooledBlock {
  var tag: Int
  var payload: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
}

/// The same as an object.
final class ObjectBlock {
  let tag: Int
  // With the object's header of 16 bytes, 64 in all.
  let payload: (Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0)
  init(tag: Int) { self.tag = tag }
}

/// Live blocks from the process's allocator.
final class MallocBlocks: @unchecked Sendable {
  // SAFETY (@unchecked): used only by the kernel's thread, as are the others.
  let order: AlignedBuffer<Int32>
  let live: AlignedBuffer<UnsafeMutablePointer<Int>>

  init(_ point: Point) {
    order = ReplacementOrder.random(for: point)
    live = AlignedBuffer(count: point.value) { slot in
      // SAFETY: 64 bytes hold an `Int`.
      let block = malloc(64)!.assumingMemoryBound(to: Int.self)
      block.pointee = slot
      return block
    }
  }
}

/// Live objects.
final class InstanceBlocks: @unchecked Sendable {
  let order: AlignedBuffer<Int32>
  var live: [ObjectBlock]

  init(_ point: Point) {
    order = ReplacementOrder.random(for: point)
    live = (0..<point.value).map(ObjectBlock.init)
  }
}

/// Live blocks from a pool.
final class PoolBlocks: @unchecked Sendable {
  let order: AlignedBuffer<Int32>
  let live: AlignedBuffer<UnsafeMutablePointer<PooledBlock>>
  var pool = SlotPool<PooledBlock>()

  init(_ point: Point) {
    order = ReplacementOrder.random(for: point)
    var pool = SlotPool<PooledBlock>()
    live = AlignedBuffer(count: point.value) { slot in
      let block = pool.take()
      block.initialize(to: PooledBlock(tag: slot))
      return block
    }
    self.pool = pool
  }

  deinit { for block in live.elements { pool.giveBack(block) } }
}
