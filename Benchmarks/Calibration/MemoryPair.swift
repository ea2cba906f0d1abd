import CPerflab
import Harness
import Platform

/// Loads at random places in 64 MiB, each dependent on the one before.
func memoryPairs() -> [Experiment] {
  KnownPair.experiments(
    kind: "memory", title: "Random loads from memory",
    mechanism: """
      The next address comes from a sequence that includes the loaded word, so that no load begins \
      before the last one has returned. The sequence continues from call to call, so that no cache \
      holds its lines. The words are zero, as their sum proves.
      """,
    needs: [.memory(3 * bytes)], steps: 400
  ) { name, steps, isCopy in
    let kernel = isCopy ? loadCopy : load
    return Variant(
      name, shows: ["Words", "loadAtRandom"],
      prepare: { try Words(seed: $0.seed) },
      report: { _ in codeOffset(unsafeBitCast(kernel, to: UnsafeRawPointer.self)) },
      run: { kernel($0.start, $0.state, opaque(steps)) })
  }
}

private let bytes = 64 << 20

/// Zeros that no cache holds, on huge pages where the system has them, and the sequence's state.
private final class Words: @unchecked Sendable {
  // SAFETY (@unchecked): one thread uses it.
  private let memory: MappedMemory
  let state: UnsafeMutablePointer<UInt64>
  var start: UnsafeMutableRawPointer { memory.start }

  init(seed: UInt64) throws {
    memory = try MappedMemory(byteCount: bytes, pages: .transparentHuge)
    // One write makes a page; unwritten ones would all be the same page of zeros.
    for offset in stride(from: 0, to: bytes, by: 4_096) {
      memory.start.storeBytes(of: 0, toByteOffset: offset, as: UInt64.self)
    }
    state = .allocate(capacity: 1)
    state.initialize(to: seed)
  }

  deinit { state.deallocate() }
}

@inline(__always)
private func loadAtRandom(
  _ words: UnsafeMutableRawPointer, _ state: UnsafeMutablePointer<UInt64>, _ steps: Int
) -> UInt64 {
  var sum: UInt64 = 0
  var next = state.pointee
  for _ in 0..<steps {
    // SAFETY: masked to the mapping's size, and to whole words.
    let word = words.load(fromByteOffset: Int(next >> 16) & (bytes - 8), as: UInt64.self)
    sum &+= word
    next = ChainStep.forwards(next &+ word)
  }
  state.pointee = next
  return sum
}

private typealias Load =
  @convention(c) (UnsafeMutableRawPointer, UnsafeMutablePointer<UInt64>, Int) -> UInt64
private let load: Load = { loadAtRandom($0, $1, $2) }
private let loadCopy: Load = {
  perflab_mark_copy()
  return loadAtRandom($0, $1, $2)
}
