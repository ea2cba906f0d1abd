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
      an idle worker is faster than `async let` by two orders of magnitude or more, and its time \
      falls in proportion to the threads, while that of tasks, which all pass through one queue, \
      does not.
      """,
    mechanism: """
      `async let` allocates a task and enqueues it on the shared executor, wakes a thread for it \
      if none is free, and suspends and resumes the parent. `join` writes a record with the second \
      branch to its own stack, loads one flag, calls the first branch, compares one pointer and \
      calls the second: no lock, no atomic instruction, no allocation. It hands over the oldest \
      branch only if the flag says that a worker is idle: about once per level, not once per fork. \
      A Fibonacci number is computed by its definition, so that a node does next to nothing but \
      fork.
      """,
    limits: """
      The thread that calls `run` blocks, and a branch may wait only for its own forks: to wait \
      for a socket, use tasks. With few and long branches both are equally good: see \
      cpu/parallel-quicksort for branches of all lengths. A join still costs several times a plain \
      call: compare the serial version. What `async let` costs differs from process to process, up \
      to twofold where thousands of its tasks exist at a time, and the ratio with it.
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
        reference["serial: {serial}"]
        before -- "{speedup} on {point} threads" --> after
      """,
    sweep: .threads(),
    needs: [.cores(2)],
    // The runtime has as many threads as there are processors, the calling thread's among them.
    tolerates: [.preempted],
    work: { _ in Work(elements: ForkModel.fibonacciForks, each: "fork") },
    variants: [
      Variant(
        "async let", shows: ["fibonacciAsync"],
        prepare: { try ConcurrencyRuntime.spread(over: Array($0.cpus.prefix($0.value))) },
        run: { _ in ConcurrencyRuntime.block { await fibonacciAsync(opaque(20)) } }),
      Variant(
        "WorkStealingPool", shows: ["fibonacciJoined"],
        prepare: { try PooledTeam($0.team($0.value)) },
        run: { pool in pool.run { fibonacciJoined(opaque(20), $0) } }),
      Variant(
        "serial", isReference: true, shows: ["fibonacciSerial"],
        prepare: { _ in 0 }, run: { _ in fibonacciSerial(opaque(20)) }),
    ] + forkJoinPeers,
    headline: DeclaredHeadline(value: 2, variant: "WorkStealingPool"),
    model: { question throws(MissingNumber) in
      try ForkModel(question).fibonacciTime().map { Model($0) }
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
