import Harness

/// What an allocator is asked to do.
enum AllocatorWorkload: String, CaseIterable {
  case churn = "64-byte churn"
  case mixedChurn = "16–1,040-byte churn"
  case handOver = "freed by another thread"
}

/// Live blocks, and which of them a kernel call replaces by blocks of what size.
final class ChurnedBlocks: @unchecked Sendable {
  // SAFETY (@unchecked): the kernels decide which thread uses which slots.
  typealias Block = UnsafeMutablePointer<Int>

  /// Live blocks.
  static let live = 1_024
  /// Blocks that one kernel call allocates.
  static let steps = 8_192

  let workload: AllocatorWorkload
  let team: Team
  /// Which slot a step replaces, and how large the new block is.
  let plan: AlignedBuffer<(slot: Int32, bytes: Int32)>
  let slots: AlignedBuffer<Block>
  /// Blocks that their allocating thread no longer uses.
  let handedOver: AlignedBuffer<Block>

  init(_ point: Point, _ allocate: (_ bytes: Int, _ tag: Int) -> Block) throws {
    let workload = AllocatorWorkload.allCases[point.value]
    self.workload = workload
    team = try point.team(workload == .handOver ? 2 : 1)
    var random = point.generator()
    plan = AlignedBuffer(count: Self.steps) { _ in
      let bytes = workload == .mixedChurn ? Int32.random(in: 1...65, using: &random) * 16 : 64
      return (Int32.random(in: 0..<Int32(Self.live), using: &random), bytes)
    }
    slots = AlignedBuffer(count: Self.live) { allocate(64, $0) }
    handedOver = AlignedBuffer(count: Self.live) { allocate(64, $0) }
  }
}
