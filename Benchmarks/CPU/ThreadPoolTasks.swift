import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// Short tasks: a thread for each, and a fixed pool.
  static let threadPool = Experiment(
    id: "cpu/thread-pool",
    title: "Short tasks: a thread per task → a fixed pool of threads",
    slot: "performance/cpu/parallelization",
    claim: """
      Tasks shorter than the creation of a thread run several times faster in a fixed pool; tasks \
      ten times longer than that take about the same time either way, if the pool has a thread per \
      core.
      """,
    mechanism: """
      Creating a thread allocates a stack, clones kernel structures and enters a run queue; ending \
      it takes an exit and a join. Most of this time is spent in the kernel, and a pool pays for \
      it once. A task then costs a closure on the heap, a locked insertion into the queue and a \
      compare-exchange to take it; where another core takes it, the lines of the queue's ends, of \
      the slot and of the closure move there. The closure costs most: the thread that ran it frees \
      it into its own cache, so that the submitter's allocator has no block at hand. Nobody is \
      woken per task: a thread that has run out of tasks spins for some tens of microseconds \
      before it sleeps. Both variants use all processors; in the pool the submitter's takes part as \
      soon as all tasks are submitted. The task itself is the same dependency chain of additions.
      """,
    limits: """
      A fixed pool is wrong for tasks that block: when all its threads sleep, every task behind \
      them waits. It does not help long tasks, and slows them down if it has fewer threads than \
      there are cores. Creating a thread takes two or three lines of code, while a pool must be \
      sized, drained and shut down.
      """,
    diagram: """
      flowchart LR
        subgraph before["a thread per task: {a thread a task}"]
          direction TB
          m["64 tasks"] -- "clone, run, exit, join: 64 times" --> t["64 threads"]
        end
        subgraph after["pool: {pool}"]
          direction TB
          n["64 tasks"] --> q["queue"] --> w["a permanent thread per processor"]
        end
        before -- "{speedup} at {point} additions per task" --> after
      """,
    sweep: .count("additions per task", [100, 10_000, 100_000, 1_000_000], smoke: 100),
    signals: ["system time", "voluntary switches"],
    needs: [.cores(2)],
    // A thread per task means more threads than processors.
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(tasks), each: "task") },
    variants: [
      Variant(
        "a thread a task", shows: ["runOnThreads"],
        prepare: { (additions: $0.value, cpus: $0.cpus, total: Total()) },
        run: { runOnThreads(opaque($0.additions), $0.cpus, $0.total) }),
      Variant(
        "pool", shows: ["runInPool", "additions"],
        prepare: { point in
          // The caller is the last of the pool's threads.
          let others = Array(point.cpus.dropFirst())
          let pool = try ThreadPool(threads: others.count, cpus: others)
          return (additions: point.value, pool: pool, total: Total())
        },
        run: { runInPool(opaque($0.additions), $0.pool, $0.total) }),
    ] + taskPoolPeers(tasks) { additions($0) },
    // The longest tasks that are still shorter than the creation of a thread.
    headline: DeclaredHeadline(value: 10_000, variant: "pool"),
    model: { question throws(MissingNumber) in Model(try taskTime(question, of: tasks)) })
}

/// Submitted in one kernel call.
private let tasks = 64

/// The task: a dependency chain that no compiler or processor can shorten, so that its length is
/// known. It adds a variable: Intel's cores since Golden Cove add a small constant where they rename
/// registers, in no time.
@inline(never)
private func additions(_ count: Int) -> Int {
  var value = count
  for step in 0..<count { value = (value ^ step) &+ count }
  return value
}

@inline(never)
private func runInPool(_ count: Int, _ pool: ThreadPool, _ total: Total) -> Int {
  // A count of references would be one more line that moves between the cores for each task.
  let sum = Unmanaged.passUnretained(total)
  for _ in 0..<tasks {
    pool.submit { sum._withUnsafeGuaranteedRef { $0.add(additions(count)) } }
  }
  pool.drain(helping: true)
  return total.take()
}

/// Creates a thread for each task, then joins all of them.
@inline(never)
private func runOnThreads(_ count: Int, _ cpus: [Int], _ total: Total) -> Int {
  var threads = [pthread_t](repeating: 0, count: tasks)
  // Threads would inherit that the caller is pinned. Lifting that takes three short calls in all.
  try! Placement.allowing(cpus) {
    for index in 0..<tasks {
      let argument = Unmanaged.passRetained(ThreadArgument(count: count, total: total))
      let error = pthread_create(
        &threads[index], nil,
        { context in
          let argument = Unmanaged<ThreadArgument>.fromOpaque(context!).takeRetainedValue()
          argument.total.add(additions(argument.count))
          return nil
        }, argument.toOpaque())
      precondition(error == 0, "no thread: \(error)")
    }
  }
  for thread in threads { pthread_join(thread, nil) }
  return total.take()
}
