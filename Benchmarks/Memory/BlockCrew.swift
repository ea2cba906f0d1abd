import Harness

/// How many threads take and return blocks, and whether each returns its own.
struct BlockWorkload {
  let threads: Int
  let isHandedOver: Bool

  /// Blocks that a thread takes before it returns as many.
  static let perGeneration = 256
  static let generations = 16
  static let all = [
    BlockWorkload(threads: 1, isHandedOver: false), BlockWorkload(threads: 2, isHandedOver: false),
    BlockWorkload(threads: 2, isHandedOver: true), BlockWorkload(threads: 4, isHandedOver: false),
    BlockWorkload(threads: 4, isHandedOver: true),
  ]

  var name: String {
    "\(threads) thread\(threads > 1 ? "s" : ""), \(isHandedOver ? "handed over" : "own blocks")"
  }

  /// Blocks that all threads take in a kernel call.
  var blocks: Int { threads * Self.generations * Self.perGeneration }
}

/// 64 bytes.
struct ThreadBlock {
  typealias Pointer = UnsafeMutablePointer<ThreadBlock>

  var tag: Int
  var payload: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
}

/// Where one thread gets its blocks. Used by one thread at a time, in place.
protocol BlockSource: ~Copyable {
  mutating func take() -> ThreadBlock.Pointer
  mutating func giveBack(_ block: ThreadBlock.Pointer)
}

/// Threads, each with its source and the blocks that it took last.
final class BlockCrew<S: BlockSource & ~Copyable>: @unchecked Sendable {
  // SAFETY (@unchecked): a member works on its own source, and on the blocks of one other member
  // that has finished its turn.
  let team: Team
  let sources: UnsafeMutablePointer<S>
  let taken: [AlignedBuffer<ThreadBlock.Pointer>]
  let returnsOwn: Bool

  init(_ point: Point, _ source: () -> S) throws {
    let workload = BlockWorkload.all[point.value]
    team = try point.team(workload.threads)
    returnsOwn = !workload.isHandedOver
    let sources = UnsafeMutablePointer<S>.allocate(capacity: workload.threads)
    self.sources = sources
    taken = (0..<workload.threads).map { member in
      (sources + member).initialize(to: source())
      return AlignedBuffer(count: BlockWorkload.perGeneration) { number in
        let block = sources[member].take()
        block.initialize(to: ThreadBlock(tag: number))
        return block
      }
    }
  }

  deinit {
    for (member, taken) in taken.enumerated() {
      for block in taken.elements { sources[member].giveBack(block) }
    }
    sources.deinitialize(count: taken.count)
    sources.deallocate()
  }
}
