import Harness

/// What two threads do at a time, each by itself.
enum PairedWorkload: String, CaseIterable {
  case eightChains = "eight chains of multiplications"
  case oneChain = "one chain of multiplications"
  case walk = "a walk through 64 MiB"

  /// Of each thread, in one kernel call.
  static let steps = 8_192
}

/// Two threads on chosen processors, and what each works on.
final class LoadedPair: @unchecked Sendable {
  // SAFETY (@unchecked): each member has a chain of its own and a slot of its own.
  private let pair: PlacedTeam
  private let workload: PairedWorkload
  private let chains: [AlignedBuffer<Int32>]
  private let results = AlignedBuffer<Int>(count: 32) { _ in 0 }

  /// A point's value is the index of the workload.
  /// - Throws: `TeamError` where the point's processors have no siblings beside another core.
  init(_ point: Point, _ choose: (Placement.Pairs) -> [Int]) throws {
    guard let pairs = try Placement.pairs(among: point.cpus) else {
      throw TeamError.tooFewProcessors(needed: 3, available: point.cpus.count)
    }
    pair = try PlacedTeam(choose(pairs))
    workload = PairedWorkload.allCases[point.value]
    var random = point.generator()
    let count = workload == .walk ? 16 << 20 : 1
    chains = (0..<2).map { _ in cycle(count, using: &random) }
  }

  /// The sum of what `work` gives on both threads.
  func run(_ work: (PairedWorkload, UnsafeBufferPointer<Int32>) -> Int) -> Int {
    pair.run { member in
      results.elements[16 * member] = work(workload, chains[member].opaqueElements)
    }
    return results.elements[0] &+ results.elements[16]
  }
}

/// A random cycle through all places (Sattolo).
private func cycle(
  _ count: Int, using random: inout some RandomNumberGenerator
) -> AlignedBuffer<Int32> {
  let next = AlignedBuffer<Int32>(count: count) { Int32($0) }
  for index in stride(from: count - 1, to: 0, by: -1) {
    next.elements.swapAt(index, Int.random(in: 0..<index, using: &random))
  }
  return next
}
