import CPerflab
import Harness

/// Blocks of mixed sizes, replaced at random.
func allocationPairs() -> [Experiment] {
  KnownPair.experiments(
    kind: "allocation", title: "Allocation",
    mechanism: """
      Each step frees one of 256 blocks at random and allocates one of 16 to 512 bytes in its \
      place. Each block holds its own address while it is allocated; the result counts the blocks \
      that do not.
      """,
    steps: 500
  ) { name, steps, isCopy in
    let kernel = isCopy ? churnCopy : churn
    return Variant(
      name, shows: ["Blocks", "replace"],
      prepare: { Blocks(seed: $0.seed) },
      report: { _ in codeOffset(unsafeBitCast(kernel, to: UnsafeRawPointer.self)) },
      run: { kernel($0.slots, $0.state, opaque(steps)) })
  }
}

/// The allocated blocks, and the sequence that draws places and sizes.
private final class Blocks: @unchecked Sendable {
  // SAFETY (@unchecked): one thread uses it.
  static let count = 256
  let slots = UnsafeMutablePointer<UnsafeMutableRawPointer>.allocate(capacity: count)
  let state = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)

  init(seed: UInt64) {
    state.initialize(to: seed)
    for index in 0..<Self.count { slots[index] = allocated(16) }
    // Until the heap is in a steady state.
    for _ in 0..<64 { _ = replace(slots, state, Self.count) }
  }

  deinit {
    for index in 0..<Self.count { slots[index].deallocate() }
    slots.deallocate()
    state.deallocate()
  }
}

@inline(__always)
private func allocated(_ size: Int) -> UnsafeMutableRawPointer {
  let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
  block.storeBytes(of: Int(bitPattern: block), as: Int.self)
  return block
}

@inline(__always)
private func replace(
  _ slots: UnsafeMutablePointer<UnsafeMutableRawPointer>, _ state: UnsafeMutablePointer<UInt64>,
  _ steps: Int
) -> UInt64 {
  var wrong: UInt64 = 0
  var draw = state.pointee
  for _ in 0..<steps {
    // The place and the size are drawn by the same sequence from call to call.
    draw = ChainStep.forwards(draw)
    let place = Int(draw >> 56)
    let old = slots[place]
    // SAFETY: every slot holds an allocated block of at least 16 bytes.
    if old.load(as: Int.self) != Int(bitPattern: old) { wrong &+= 1 }
    old.deallocate()
    slots[place] = allocated(16 + (Int(draw >> 40) & 31) * 16)
  }
  state.pointee = draw
  return wrong
}

private typealias Churn =
  @convention(c) (
    UnsafeMutablePointer<UnsafeMutableRawPointer>, UnsafeMutablePointer<UInt64>, Int
  ) -> UInt64
private let churn: Churn = { replace($0, $1, $2) }
private let churnCopy: Churn = {
  perflab_mark_copy()
  return replace($0, $1, $2)
}
