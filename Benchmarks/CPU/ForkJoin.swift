import Harness
import Results
import Techniques

extension Experiment {
  /// What a fork costs, at every node of a recursion.
  static let forkJoin = Experiment(
    id: "cpu/fork-join",
    title: "A fork at every node: async let → WorkStealingPool.join",
    slot: "performance/cpu/parallelization",
    claim: """
      If every node of a recursion forks and does little else, a join that hands work over only to \
      an idle worker is faster than `async let` by two orders of magnitude or more; the gain \
      shrinks as the work at a node grows beyond the cost of a task.
      """,
    mechanism: """
      `async let` allocates a task and enqueues it on the shared executor, wakes a thread for it \
      if none is free, and suspends and resumes the parent. `join` writes a record with the second \
      branch to its own stack, loads one flag, calls the first branch, compares one pointer and \
      calls the second: no lock, no atomic instruction, no allocation. It hands over the oldest \
      branch only if the flag says that a worker is idle: about once per level, not once per fork.
      """,
    limits: """
      The thread that calls `run` blocks, and a branch may wait only for its own forks: to wait \
      for a socket, use tasks. With few and long branches both are equally good. A join still \
      costs several times a plain call: compare the serial version.
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
        reference["one worker: {one worker}<br>serial: {serial}"]
        before -- "{speedup} for {point}" --> after
      """,
    sweep: .named("recursion", ForkingRecursion.allCases.map(\.rawValue), smoke: 0),
    needs: [.cores(2)],
    // The runtime has as many threads as there are processors, the calling thread's among them.
    tolerates: [.preempted],
    work: { Work(elements: ForkingRecursion.allCases[$0].forks, each: "fork") },
    variants: [
      Variant(
        "async let", shows: ["fibonacciAsync", "quicksortAsync"],
        prepare: { point in
          try ConcurrencyRuntime.spread(over: point.cpus)
          return ForkingRecursion.Input(point)
        },
        run: { $0.runAsTask(fibonacciAsync, quicksortAsync) }),
      pooled("WorkStealingPool", workers: 2),
      pooled("one worker", isReference: true, workers: 1),
      Variant(
        "serial", isReference: true, shows: ["fibonacciSerial", "quicksortSerial"],
        prepare: { ForkingRecursion.Input($0) },
        run: { $0.run(fibonacciSerial, quicksortSerial) }),
    ] + forkJoinPeers,
    // Fibonacci's nodes do next to nothing but fork.
    headline: DeclaredHeadline(value: 0, variant: "WorkStealingPool"),
    model: { question throws(MissingNumber) in
      try ForkingRecursion.allCases[question.value].model(question)
    })
}

/// A variant that forks by `join`.
private func pooled(_ name: String, isReference: Bool = false, workers: Int) -> Variant {
  Variant(
    name, isReference: isReference, shows: ["fibonacciJoined", "quicksortJoined"],
    prepare: { point in
      (try PooledTeam(point.team(workers)), ForkingRecursion.Input(point))
    },
    run: { pool, input in input.run(in: pool, fibonacciJoined, quicksortJoined) })
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
