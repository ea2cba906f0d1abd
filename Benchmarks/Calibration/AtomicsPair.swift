import Harness
import Synchronization

/// A number that two threads raise in turns.
func atomicsPairs() -> [Experiment] {
  KnownPair.experiments(
    kind: "atomics", title: "Atomics between two threads",
    mechanism: """
      Each thread waits until the number is even, or odd, and then raises it by one: the cache \
      line goes back and forth at every step, so that no thread can run ahead.
      """,
    needs: [.cores(2)], steps: 500
  ) { name, steps, isCopy in
    let kernel = isCopy ? handOverCopy : handOver
    return Variant(
      name, shows: ["Number", "alternate"],
      prepare: { Number(team: try $0.team(2)) },
      report: { _ in whereabouts(unsafeBitCast(kernel, to: UnsafeRawPointer.self)) },
      run: { number in
        number.memory.elements[0] = 0
        number.team.run { kernel(number.memory.elements.baseAddress!, $0, opaque(steps)) }
        return Int(number.memory.elements[0]) - 2 * steps
      })
  }
}

private struct Number: Sendable {
  let team: Team
  /// A line of its own, and the next, which some processors fetch along with it.
  let memory = AlignedBuffer<UInt64>(count: 16, alignment: 128) { _ in 0 }
}

@inline(__always)
private func alternate(_ place: UnsafeMutablePointer<UInt64>, _ member: Int, _ steps: Int) {
  // SAFETY: `Atomic<UInt64>` has the layout of a `UInt64`, and the place is aligned.
  let number = UnsafeMutableRawPointer(place).assumingMemoryBound(to: Atomic<UInt64>.self)
  for step in 0..<steps {
    let turn = UInt64(2 * step + member)
    while number.pointee.load(ordering: .acquiring) != turn {}
    number.pointee.add(1, ordering: .acquiringAndReleasing)
  }
}

private typealias HandOver = @convention(c) (UnsafeMutablePointer<UInt64>, Int, Int) -> Void
private let handOver: HandOver = { alternate($0, $1, $2) }
private let handOverCopy: HandOver = { alternate($0, $1, $2) }
