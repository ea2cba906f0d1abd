import CPerflab
import Harness
import Synchronization

/// Numbers that two threads raise in turns.
func atomicsPairs() -> [Experiment] {
  KnownPair.experiments(
    kind: "atomics", title: "Atomics between two threads",
    mechanism: """
      Each thread waits until the number is even, or odd, and then raises it by one, so that its \
      cache line goes back and forth; then both go on to the next of 256 numbers. How long a line \
      travels depends on its address: one number alone would show where it lies.
      """,
    needs: [.cores(2)], steps: 500
  ) { name, steps, isCopy in
    let kernel = isCopy ? alternationCopy : alternation
    return Variant(
      name, shows: ["Numbers", "alternate"],
      prepare: { Numbers(team: try $0.team(2)) },
      report: { _ in whereabouts(unsafeBitCast(kernel, to: UnsafeRawPointer.self)) },
      run: { numbers in
        let places = numbers.memory.elements
        for index in places.indices { places[index] = 0 }
        numbers.team.run { kernel(places.baseAddress!, $0, opaque(steps)) }
        return Int(places.reduce(0, +)) - 2 * steps
      })
  }
}

/// One to each pair of lines, since some processors fetch two at a time.
private struct Numbers: Sendable {
  static let count = 256
  static let spacing = 16
  let team: Team
  let memory = AlignedBuffer<UInt64>(count: count * spacing, alignment: 128) { _ in 0 }
}

@inline(__always)
private func alternate(_ places: UnsafeMutablePointer<UInt64>, _ member: Int, _ steps: Int) {
  for step in 0..<steps {
    // SAFETY: within the buffer; `Atomic<UInt64>` has the layout of a `UInt64`.
    let number = UnsafeMutableRawPointer(
      places + step % Numbers.count * Numbers.spacing
    ).assumingMemoryBound(to: Atomic<UInt64>.self)
    let turn = UInt64(2 * (step / Numbers.count) + member)
    while number.pointee.load(ordering: .acquiring) != turn {}
    number.pointee.add(1, ordering: .acquiringAndReleasing)
  }
}

private typealias Alternation =
  @convention(c) (UnsafeMutablePointer<UInt64>, Int, Int) -> Void
private let alternation: Alternation = { alternate($0, $1, $2) }
private let alternationCopy: Alternation = {
  perflab_mark_copy()
  alternate($0, $1, $2)
}
