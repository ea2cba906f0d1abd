import CPerflab
import Glibc
import Harness
import Results
import Synchronization
import Techniques

/// The cost of allocators where the freed block is seldom the next one allocated.
enum Allocators {
  static let probes = ([nil] + Preloaded.allCases.map(Optional.some)).map(mixed) + [remote]

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

/// A free that another thread's malloc can't take back from a cache of its own: producers and consumers.
private let remote = repeated(
  "malloc.free.64.remote", group: "Memory management",
  title: "malloc and free, 64 B, by two threads",
  method: "blocks that one thread allocates, and another frees as soon as it is told of "
    + "\(Handover.batch); time of a block", needs: [.cores(2)], count: 4096,
  smoke: Handover.batch, startsThreads: true,
  prepare: { point in Handover(try point.team(2), blocks: point.value) },
  run: { handover, count in handover.pass(count) })

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

/// A member of a team that allocates blocks and one that frees them.
private final class Handover: Sendable {
  static let batch = 16
  private let team: Team
  /// Their addresses. A batch is two lines.
  private let blocks: AlignedBuffer<Int>
  /// Blocks allocated so far.
  private let there = PaddedAtomic<Int>(0)

  init(_ team: Team, blocks count: Int) {
    self.team = team
    blocks = AlignedBuffer(count: count, alignment: 128) { _ in 0 }
  }

  /// - Parameter count: a multiple of a batch.
  func pass(_ count: Int) -> Int {
    precondition(count % Self.batch == 0 && count <= blocks.elements.count, "batches of blocks")
    there.value.store(0, ordering: .relaxed)
    team.run { member in if member == 0 { allocate(count) } else { release(count) } }
    return count
  }

  private func allocate(_ count: Int) {
    let blocks = blocks.elements
    for first in stride(from: 0, to: count, by: Self.batch) {
      let end = first + Self.batch
      for number in first..<end { blocks[number] = Int(bitPattern: block(64, number)) }
      there.value.store(end, ordering: .releasing)
    }
  }

  private func release(_ count: Int) {
    let blocks = blocks.elements
    var done = 0
    while done < count {
      let end = there.value.load(ordering: .acquiring)
      if done == end { perflab_spin_hint() }
      // SAFETY: the address of a block that nobody else has.
      for address in blocks[done..<end] { free(UnsafeMutableRawPointer(bitPattern: address)) }
      done = end
    }
  }
}
