import Harness
import Results
import Techniques

extension Experiment {
  /// Branches of all lengths, and a path that no number of threads shortens.
  static let parallelQuicksort = Experiment(
    id: "cpu/parallel-quicksort",
    title: "Quicksort that forks at every partition: async let → WorkStealingPool.join",
    slot: "performance/cpu/parallelization",
    claim: """
      A quicksort that forks at every partition is faster with joins that cost nanoseconds than \
      with a task for each; over more threads its speedup falls behind their number, since one \
      thread makes the first partition, two make the next, and so on.
      """,
    mechanism: """
      Most forks are near the leaves, where some tens of keys are left to sort: there a task costs \
      more than the sorting. A join costs a few stores, unless a worker is idle. The work is n \
      log n comparisons; the longest chain of steps that must follow each other, the span, is the \
      partitions of n, n/2, n/4 … keys: 2n comparisons. On p threads it takes at least the work \
      divided by p, and at most the span more (Brent, *The Parallel Evaluation of General \
      Arithmetic Expressions*, 1974).
      """,
    limits: """
      A larger cutoff makes forks rare, and then tasks are as good. Sorting by samples divides the \
      keys among all threads at once, which makes the span shorter. The keys are in the caches: \
      from memory, bandwidth is a further bound.
      """,
    diagram: """
      flowchart TB
        subgraph before["async let: {async let}"]
          direction LR
          p1["partition"] -- "a task" --> l1["lower part"]
          p1 --> h1["upper part"]
        end
        subgraph after["WorkStealingPool: {WorkStealingPool}"]
          direction LR
          p2["partition"] -- "a record on the stack" --> l2["lower part"]
          p2 --> h2["upper part: a call, unless stolen"]
        end
        reference["serial: {serial}"]
        before -- "{speedup} on {point} threads" --> after
      """,
    sweep: .threads(),
    needs: [.cores(2)],
    // The runtime has as many threads as there are processors, the calling thread's among them.
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(ForkModel.keys), each: "key") },
    variants: [
      Variant(
        "async let", shows: ["quicksortAsync"],
        prepare: { point in
          try ConcurrencyRuntime.spread(over: Array(point.cpus.prefix(point.value)))
          return Unsorted(point)
        },
        run: { unsorted in
          unsorted.sort { keys in ConcurrencyRuntime.block { await quicksortAsync(keys) } }
        }),
      Variant(
        "WorkStealingPool", shows: ["quicksortJoined"],
        prepare: { (try PooledTeam($0.team($0.value)), Unsorted($0)) },
        run: { pool, unsorted in
          unsorted.sort { keys in pool.run { quicksortJoined(keys, $0) } }
        }),
      Variant(
        "serial", isReference: true, shows: ["quicksortSerial"],
        prepare: { Unsorted($0) }, run: { $0.sort(quicksortSerial) }),
    ] + quicksortPeers,
    headline: DeclaredHeadline(value: 2, variant: "WorkStealingPool"),
    model: { question throws(MissingNumber) in
      Model(try ForkModel(question).quicksortTime(), per: .call)
    })
}

/// Keys in random order, and room for sorting them.
final class Unsorted: Sendable {
  // A kernel call sorts `keys` and is done with it when it returns.
  private let original: AlignedBuffer<Int>
  private let keys: AlignedBuffer<Int>

  init(_ point: Point) {
    var random = point.generator()
    original = AlignedBuffer(count: ForkModel.keys) { _ in
      Int.random(in: 0..<1 << 40, using: &random)
    }
    keys = AlignedBuffer(count: ForkModel.keys) { _ in 0 }
  }

  /// A digest of the keys after `quicksort`.
  func sort(_ quicksort: (Keys) -> Void) -> Int {
    // The same disorder in each call; copying it takes a small part of the time of sorting it.
    _ = keys.elements.update(fromContentsOf: original.elements)
    let keys = Keys(first: keys.elements.baseAddress!, count: keys.count)
    quicksort(keys)
    return keys.digest
  }
}

@inline(never)
private func quicksortAsync(_ keys: Keys) async {
  guard let (low, high) = keys.partitioned() else { return keys.insertionSort() }
  async let left: Void = quicksortAsync(low)
  await quicksortAsync(high)
  await left
}

@inline(never)
private func quicksortJoined(_ keys: Keys, _ worker: borrowing WorkStealingPool.Worker) {
  guard let (low, high) = keys.partitioned() else { return keys.insertionSort() }
  _ = worker.join({ quicksortJoined(low, $0) }, { quicksortJoined(high, $0) })
}

@inline(never)
private func quicksortSerial(_ keys: Keys) {
  guard let (low, high) = keys.partitioned() else { return keys.insertionSort() }
  quicksortSerial(low)
  quicksortSerial(high)
}
