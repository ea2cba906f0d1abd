import CPerflab
import Glibc
import Harness
import Results
import Synchronization

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
private final class Handover {
  static let batch = 16
  private let team: Team
  private let blocks: Blocks
  /// Blocks allocated so far, alone on 128 bytes.
  private let there: UnsafeMutablePointer<Atomic<Int>>

  init(_ team: Team, blocks count: Int) {
    self.team = team
    // A batch is two lines.
    let slots = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<UnsafeMutablePointer<Int>>.stride, alignment: 128)
    blocks = Blocks(
      start: slots.bindMemory(to: UnsafeMutablePointer<Int>.self, capacity: count), count: count)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 128)
    there = memory.bindMemory(to: Atomic<Int>.self, capacity: 1)
    there.initialize(to: Atomic(0))
  }

  deinit {
    there.deallocate()
    blocks.deallocate()
  }

  /// - Parameter count: a multiple of a batch.
  func pass(_ count: Int) -> Int {
    precondition(count % Self.batch == 0 && count <= blocks.count, "batches of blocks")
    let (blocks, there) = (blocks, there)
    there.pointee.store(0, ordering: .relaxed)
    team.run { member in
      var done = 0
      while done < count {
        let end = member == 0 ? done + Self.batch : there.pointee.load(ordering: .acquiring)
        if done == end { perflab_spin_hint() }
        while done < end {
          if member == 0 { blocks[done] = block(64, done) } else { free(blocks[done]) }
          done += 1
        }
        if member == 0 { there.pointee.store(done, ordering: .releasing) }
      }
    }
    return count
  }
}
