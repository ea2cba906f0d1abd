import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// A fork at every node: what does it cost?
  static let forkJoin = Experiment(
    id: "cpu/fork-join",
    title: "A fork at every node: async let → WorkStealingPool.join",
    slot: "performance/cpu/parallelization",
    claim: """
      Where every node of a recursion forks and has next to nothing else to do, a join that hands \
      work over only to a worker that asks for it is faster than `async let` by two orders of \
      magnitude or more; the gain shrinks as the work at a node grows past the cost of a task.
      """,
    mechanism: """
      `async let` makes a task: its frame is allocated, it is enqueued on the shared executor, a \
      thread is woken or the task is run by the next free one, and the parent is suspended and \
      resumed. `join` writes a record and what the second branch captures on its own stack, loads \
      one flag, calls the first branch, compares one pointer and calls the second: 92 instructions, \
      29 of them stores, a fork with Fibonacci's own, no lock, no atomic instruction, no \
      allocation. Only \
      when the flag says that another worker is idle is the oldest branch handed over, so that \
      there are about as many thefts as levels, not as many as forks.
      """,
    limits: """
      The thread that calls `run` blocks, and a branch must not wait for anything but its own \
      forks: waiting for a socket is what tasks are for. With few and long branches both are as \
      good. A join still costs some nanoseconds, several times a plain call: see the serial \
      variant.
      """,
    diagram: """
      flowchart TB
        subgraph before["async let: {async let}"]
          direction LR
          p1["node"] -- "allocate, enqueue, wake" --> q["executor's queue"] --> t1["task"]
        end
        subgraph after["WorkStealingPool: {WorkStealingPool}"]
          direction LR
          p2["node"] -- "link a record on the stack" --> b["second branch: a call, unless stolen"]
          idle["idle worker"] -. "asks; takes the oldest" .-> b
        end
        subgraph reference["for comparison"]
          one["one worker: {one worker}"]
          serial["serial: {serial}"]
        end
        before -- "{speedup} for {point}" --> after
      """,
    sweep: .named("recursion", Recursion.allCases.map(\.rawValue), smoke: 0),
    needs: [.cores(2)],
    // The runtime has as many threads as there are processors, the calling thread's among them.
    tolerates: [.preempted],
    work: { Work(elements: Recursion.allCases[$0].forks) },
    variants: [
      Variant(
        "async let", shows: ["fibonacciAsync", "quicksortAsync"],
        prepare: { point in
          try ConcurrencyRuntime.spread(over: point.cpus)
          return Recursion.Input(point)
        },
        run: { input in
          switch input.recursion {
          case .fibonacci:
            let n = input.number
            return ConcurrencyRuntime.block { await fibonacciAsync(n) }
          case .quicksort:
            let keys = input.shuffled()
            ConcurrencyRuntime.block { await quicksortAsync(keys) }
            return keys.digest
          }
        }),
      pooled("WorkStealingPool", workers: 2), pooled("one worker", workers: 1),
      Variant(
        "serial", shows: ["fibonacciSerial", "quicksortSerial"],
        prepare: { Recursion.Input($0) },
        run: { input in
          if input.recursion == .fibonacci { return fibonacciSerial(input.number) }
          let keys = input.shuffled()
          quicksortSerial(keys)
          return keys.digest
        }),
    ],
    predict: { question throws(MissingNumber) in
      switch Recursion.allCases[question.value] {
      // A serial call of Fibonacci is shorter than any number here.
      case .fibonacci where question.candidate == "serial": nil
      case .fibonacci: try predictFibonacci(question)
      case .quicksort: try predictQuicksort(question)
      }
    })
}

private func predictFibonacci(_ question: OldQuestion) throws(MissingNumber) -> Prediction {
  let task = try question.number("task.group")
  let workers = question.candidate == "one worker" ? 1.0 : 2.0
  let fork = try joinTime(question) / workers
  return Prediction(
    speedup: task / fork,
    because: """
      The executor's queue is first in, first out, so that the tree is opened level by level: \
      thousands of tasks wait at a time, none in a cache, and one costs \(task.brief) ns, as in a \
      large group. A join in Fibonacci is 92 instructions, 29 of them stores, counted in the machine \
      code: the longer of what these and those take is shared by \(workers.brief), \
      \(fork.brief) ns.
      """)
}

/// A fork and its join, with Fibonacci's own work, in nanoseconds. Counted in the machine code of
/// an inner node and a leaf, of which there are as many: 92 instructions, 29 of them stores.
private func joinTime(_ question: OldQuestion) throws(MissingNumber) -> Double {
  max(try question.instructions(92), 29 * (try question.number("store.throughput")))
}

/// Work shared by the threads, and the longest path besides: Brent's bound.
private func predictQuicksort(_ question: OldQuestion) throws(MissingNumber) -> Prediction {
  let cycle = try question.number("add.integer.latency")
  let miss = try question.number("branch.miss")
  let (keys, cutoff) = (65_536.0, 24.0)
  // A key is compared with the pivot, every second time a surprise, on 12/7 ln(n/cutoff) levels
  // (median of three: Sedgewick, "Implementing Quicksort Programs", CACM 21(10), 1978). In the
  // end parts of half the cutoff are sorted by insertion: a quarter is moved, two steps each.
  let comparison = 2 * cycle + miss / 2
  let levels = 12.0 / 7 * log(keys / cutoff)
  let key = levels * comparison + cutoff / 2 / 4 * 2 * cycle + miss
  let work = keys * key
  // One thread makes the first cut, and then goes on with half of what it had.
  let path = 2 * keys * comparison
  let forks = Recursion.quicksort.forks
  let join = try joinTime(question)
  let twoThreads = (work + path) / 2
  // The tasks go through one queue, and their number is what it was for all threads together.
  let task = try question.number("task.group")
  let before = twoThreads + forks * task
  let after =
    switch question.candidate {
    case "serial": work
    case "one worker": work + forks * join
    default: twoThreads + forks * join / 2
    }
  return Prediction(
    speedup: before / after,
    because: """
      A key takes part in \(levels.brief) comparisons of \(comparison.brief) ns and in the insertion \
      at the end: \((work / 1e6).brief) ms of work. Two threads share it but for the first cuts, \
      \((path / 1e6).brief) ms, which one makes while the other waits. \(forks.brief) forks cost \
      \(task.brief) ns as `async let`, for one queue after the other, and \(join.brief) ns as joins.
      """)
}

private enum Recursion: String, CaseIterable {
  case fibonacci = "Fibonacci(20)"
  case quicksort = "quicksort of 65,536"

  /// Of one kernel call.
  var forks: Double {
    switch self {
    case .fibonacci: 10_945
    // A pivot for each part of more than 24 keys: about so many with a median of three.
    case .quicksort: 2 * 65_536 / 24
    }
  }

  final class Input: @unchecked Sendable {
    // SAFETY (@unchecked): a kernel call sorts `keys` and is done with it when it returns.
    let recursion: Recursion
    private let original: AlignedBuffer<Int>
    private let keys: AlignedBuffer<Int>

    init(_ point: Point) {
      recursion = Recursion.allCases[point.value]
      var random = point.generator()
      let count = recursion == .quicksort ? 65_536 : 0
      original = AlignedBuffer(count: count) { _ in Int.random(in: 0..<1 << 40, using: &random) }
      keys = AlignedBuffer(count: count) { _ in 0 }
    }

    /// Hidden from the optimiser.
    var number: Int { opaque(20) }

    /// The same disorder for each call; copying it is a small part of sorting it.
    func shuffled() -> Keys {
      _ = keys.elements.update(fromContentsOf: original.elements)
      return Keys(first: keys.elements.baseAddress!, count: keys.count)
    }
  }
}

/// A variant that forks by `join`.
private func pooled(_ name: String, workers: Int) -> Variant {
  Variant(
    name, shows: ["fibonacciJoined", "quicksortJoined"],
    prepare: { point in
      (try PooledTeam(point.team(workers)), Recursion.Input(point))
    },
    run: { pool, input in
      if input.recursion == .fibonacci {
        let n = input.number
        return pool.run { fibonacciJoined(n, $0) }
      }
      let keys = input.shuffled()
      pool.run { quicksortJoined(keys, $0) }
      return keys.digest
    })
}

@inline(never)
private func fibonacciAsync(_ n: Int) async -> Int {
  if n < 2 { return n }
  async let a = fibonacciAsync(n - 1)
  let b = await fibonacciAsync(n - 2)
  return await a + b
}

@inline(never)
private func fibonacciJoined(_ n: Int, _ worker: borrowing WorkStealingPool.Worker) -> Int {
  if n < 2 { return n }
  let (a, b) = worker.join({ fibonacciJoined(n - 1, $0) }, { fibonacciJoined(n - 2, $0) })
  return a + b
}

@inline(never)
private func fibonacciSerial(_ n: Int) -> Int {
  if n < 2 { return n }
  return fibonacciSerial(n - 1) + fibonacciSerial(n - 2)
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
