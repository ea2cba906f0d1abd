import CPerflab
import Harness
import Synchronization

/// A number that two threads increment concurrently.
func atomicsPairs() -> [Experiment] {
  KnownPair.experiments(
    kind: "atomics", title: "Atomics between two threads",
    mechanism: """
      Two threads repeatedly add one to the same number, so its cache line moves between their \
      cores. It lies at the start of a page, because the time of a cache-line transfer depends \
      on the line's address.
      """,
    needs: [.cores(2)], steps: 2_000
  ) { name, steps, isCopy in
    let kernel = isCopy ? raisingCopy : raising
    return Variant(
      name, shows: ["Number", "raise"],
      prepare: { Number(team: try $0.team(2)) },
      report: { _ in whereabouts(unsafeBitCast(kernel, to: UnsafeRawPointer.self)) },
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
private func raise(_ place: UnsafeMutablePointer<UInt64>, _ steps: Int) {
  // SAFETY: `Atomic<UInt64>` has the layout of a `UInt64`, and the place is aligned.
  let number = UnsafeMutableRawPointer(place).assumingMemoryBound(to: Atomic<UInt64>.self)
  for _ in 0..<steps { number.pointee.add(1, ordering: .relaxed) }
}

private typealias Raise = @convention(c) (UnsafeMutablePointer<UInt64>, Int) -> Void
private let raising: Raise = { raise($0, $1) }
private let raisingCopy: Raise = {
  perflab_mark_copy()
  raise($0, $1)
}
