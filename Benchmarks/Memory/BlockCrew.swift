import Harness

/// What each thread does in a kernel call.
enum BlockWorkload {
  /// Blocks that a thread takes before as many are returned: of several threads, those that another
  /// one took in the generation before.
  static let perGeneration = 256
  static let generations = 16
  static let blocks = generations * perGeneration
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
  /// On cache lines of their own: a cache's counts are stored for each block.
  let sources: [UnsafeMutablePointer<S>]
  let taken: [AlignedBuffer<ThreadBlock.Pointer>]

  /// A point's value is the number of threads.
  init(_ point: Point, _ source: () -> S) throws {
    team = try point.team(point.value)
    let apart = 128
    sources = (0..<team.count).map { _ in
      let place = UnsafeMutableRawPointer.allocate(
        byteCount: max(apart, MemoryLayout<S>.size), alignment: apart)
      return place.initializeMemory(as: S.self, to: source())
    }
    taken = sources.map { source in
      AlignedBuffer(count: BlockWorkload.perGeneration) { number in
        let block = source.pointee.take()
        block.initialize(to: ThreadBlock(tag: number))
        return block
      }
    }
  }

  deinit {
    for (source, taken) in zip(sources, taken) {
      for block in taken.elements { source.pointee.giveBack(block) }
      source.deinitialize(count: 1)
      source.deallocate()
    }
  }
}
