import Glibc
import Harness
import Results

/// The cost of allocators where the freed block is seldom the next one allocated.
enum Allocators {
  static let probes = ([nil] + Preloaded.allCases.map(Optional.some)).map(mixed)

  /// Live blocks.
  fileprivate static let live = 1024

  private static func mixed(_ allocator: Preloaded?) -> Probe {
    repeated(
      "malloc.free.mixed\(allocator.map { ".\($0.name)" } ?? "")", group: "Memory management",
      title: "malloc and free, 16 to 1,040 bytes\(allocator.map { ", \($0.name)" } ?? "")",
      method: "of \(live) live blocks a random one freed and replaced by one of random size",
      needs: Preloaded.needs(allocator), count: 4 * live, smoke: 64,
      environment: Preloaded.environment(allocator),
      prepare: { Mixture($0) }, run: { mixture, count in mixture.replace(count) })
  }
}

private typealias Blocks = UnsafeMutableBufferPointer<UnsafeMutablePointer<Int>>

private func filled(_ count: Int) -> Blocks {
  let blocks = Blocks.allocate(capacity: count)
  for slot in 0..<count { blocks[slot] = block(64, slot) }
  return blocks
}

@inline(__always)
private func block(_ bytes: Int, _ tag: Int) -> UnsafeMutablePointer<Int> {
  // SAFETY: at least 16 bytes, which hold an `Int`.
  let block = malloc(bytes)!.assumingMemoryBound(to: Int.self)
  block.pointee = tag
  return block
}

private final class Mixture {
  private let blocks = filled(Allocators.live)
  private let plan: AlignedBuffer<(slot: Int32, bytes: Int32)>

  init(_ point: Point) {
    var random = Xorshift(point.seed)
    plan = AlignedBuffer(count: point.value) { _ in
      (Int32(random.below(Allocators.live)), Int32(1 + random.below(65)) * 16)
    }
  }

  deinit {
    for block in blocks { free(block) }
    blocks.deallocate()
  }

  func replace(_ count: Int) -> Int {
    for step in plan.elements.prefix(count) {
      let slot = Int(step.slot)
      free(blocks[slot])
      blocks[slot] = block(Int(step.bytes), slot)
    }
    return count
  }
}
