import Harness
import Techniques

/// Recursions that fork at every node.
enum ForkingRecursion: String, CaseIterable {
  case fibonacci = "Fibonacci(20)"
  case quicksort = "quicksort of 65,536"

  /// Keys that quicksort sorts in one kernel call.
  static let keyCount = 65_536

  /// Of one kernel call.
  var forks: Double {
    switch self {
    case .fibonacci: 10_945
    // A pivot for each part of more than 24 keys: about so many with a median of three.
    case .quicksort: Double(2 * Self.keyCount / 24)
    }
  }

  /// What a kernel call computes.
  final class Input: @unchecked Sendable {
    // SAFETY (@unchecked): a kernel call sorts `keys` and is done with it when it returns.
    private let recursion: ForkingRecursion
    private let original: AlignedBuffer<Int>
    private let keys: AlignedBuffer<Int>

    /// A point's value is the index of the recursion.
    init(_ point: Point) {
      recursion = ForkingRecursion.allCases[point.value]
      var random = point.generator()
      let count = recursion == .quicksort ? ForkingRecursion.keyCount : 0
      original = AlignedBuffer(count: count) { _ in Int.random(in: 0..<1 << 40, using: &random) }
      keys = AlignedBuffer(count: count) { _ in 0 }
    }

    /// Runs the recursion in one of its forms: a Fibonacci number, or a digest of the sorted keys.
    func run(_ fibonacci: (Int) -> Int, _ quicksort: (Keys) -> Void) -> Int {
      if recursion == .fibonacci { return fibonacci(opaque(20)) }
      // The same disorder in each call; copying it takes a small part of the time of sorting it.
      _ = keys.elements.update(fromContentsOf: original.elements)
      let keys = Keys(first: keys.elements.baseAddress!, count: keys.count)
      quicksort(keys)
      return keys.digest
    }

    /// The same as a task, for which the calling thread waits.
    func runAsTask(
      _ fibonacci: @escaping @Sendable (Int) async -> Int,
      _ quicksort: @escaping @Sendable (Keys) async -> Void
    ) -> Int {
      run(
        { n in ConcurrencyRuntime.block { await fibonacci(n) } },
        { keys in ConcurrencyRuntime.block { await quicksort(keys) } })
    }

    /// The same on a pool's workers, the calling thread being the first.
    func run(
      in pool: PooledTeam, _ fibonacci: (Int, borrowing WorkStealingPool.Worker) -> Int,
      _ quicksort: (Keys, borrowing WorkStealingPool.Worker) -> Void
    ) -> Int {
      run(
        { n in pool.run { fibonacci(n, $0) } },
        { keys in pool.run { quicksort(keys, $0) } })
    }
  }
}
