import CPerflab
import Harness
import Synchronization

/// A number that two threads increment at the same time.
func atomicsPairs() -> [Experiment] {
  KnownPair.experiments(
    kind: "atomics", title: "Atomics between two threads",
    mechanism: """
      Each thread adds one to the same number again and again, so that its cache line moves back \
      and forth between their cores. It lies at the start of a page, because the time of a \
      transfer depends on the line's address.
      """,
    needs: [.cores(2)], steps: 2_000
  ) { name, steps, isCopy in
    let kernel = isCopy ? incrementingCopy : incrementing
    return Variant(
      name, shows: ["Number", "increment"],
      prepare: { Number(team: try $0.team(2)) },
      report: { _ in codeOffset(unsafeBitCast(kernel, to: UnsafeRawPointer.self)) },
      run: { number in
        let place = number.memory.elements.baseAddress!
        place.pointee = 0
        number.team.run { _ in kernel(place, opaque(steps)) }
        return Int(place.pointee) - 2 * steps
      })
  }
}

private struct Number: Sendable {
  let team: Team
  let memory = AlignedBuffer<UInt64>(count: 512, alignment: 4_096) { _ in 0 }
}

@inline(__always)
private func increment(_ place: UnsafeMutablePointer<UInt64>, _ steps: Int) {
  // SAFETY: `Atomic<UInt64>` has the layout of a `UInt64`, and the place is aligned.
  let number = UnsafeMutableRawPointer(place).assumingMemoryBound(to: Atomic<UInt64>.self)
  for _ in 0..<steps { number.pointee.add(1, ordering: .relaxed) }
}

private typealias Increment = @convention(c) (UnsafeMutablePointer<UInt64>, Int) -> Void
private let incrementing: Increment = { increment($0, $1) }
private let incrementingCopy: Increment = {
  perflab_mark_copy()
  increment($0, $1)
}
