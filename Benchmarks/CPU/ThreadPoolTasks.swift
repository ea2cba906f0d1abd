import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// Short tasks: a thread for each, and a fixed pool.
  static let threadPool = Experiment(
    id: "cpu/thread-pool",
    title: "Short tasks: a thread each → a fixed pool of threads",
    slot: "performance/cpu/parallelization",
    claim: """
      Tasks shorter than the making of a thread are faster by the ratio of the two in a fixed \
      pool, some tens of times; tasks ten times longer than it take about the same time either way.
      """,
    mechanism: """
      A thread is a stack mapped, a clone of the kernel's structures, a place in its run queue, and \
      at the end an exit and a join, most of it in the kernel. A pool pays this once; a task then \
      costs a closure on the heap, a lock around the queue on either side, and a wake-up only where \
      a thread sleeps. The task itself is the same chain of additions.
      """,
    limits: """
      A fixed pool is wrong for tasks that block: two that sleep hold up all behind them. It \
      is no help for long tasks. Two or three lines of creating a thread are simpler than a pool \
      that must be sized, drained and shut down.
      """,
    diagram: """
      flowchart LR
        subgraph before["a thread a task: {a thread a task}"]
          direction TB
          m["64 tasks"] -- "clone, run, exit, join: 64 times" --> t["64 threads"]
        end
        subgraph after["pool: {pool}"]
          direction TB
          n["64 tasks"] --> q["queue"] --> w["2 threads that stay"]
        end
        before -- "{speedup} at {point} additions a task" --> after
      """,
    sweep: .count("additions a task", [100, 10_000, 100_000, 1_000_000], smoke: 100),
    signals: ["system time", "voluntary switches"],
    needs: [.cores(2)],
    // More threads than processors is what a thread a task means.
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(tasks)) },
    variants: [
      Variant(
        "a thread a task", shows: ["runOnThreads"],
        prepare: { (additions: $0.value, cpus: $0.cpus, total: Total()) },
        run: { runOnThreads(opaque($0.additions), $0.cpus, $0.total) }),
      Variant(
        "pool", shows: ["runInPool", "additions"],
        prepare: { point in
          let pool = try ThreadPool(threads: 2, cpus: Array(point.cpus.prefix(2)))
          return (additions: point.value, pool: pool, total: Total())
        },
        run: { runInPool(opaque($0.additions), $0.pool, $0.total) }),
    ],
    predict: { question throws(MissingNumber) in
      let thread = try question.number("thread.create.two")
      let lock = try question.number("mutex")
      // One of the pool's threads sleeps on the submitter's own processor, the other does not, and
      // sleepers are woken in the order in which they fell asleep: they take turns.
      let wake =
        (try question.number("futex.wake.call") + question.number("context.switch")) / 2
      let addition = try question.number("add.integer.latency")
      let task = Double(question.value) * 2 * addition
      // Making them keeps both processors busy, with the maker here and the new thread there: the
      // tasks themselves come on top, shared by both.
      let before = thread + task / 2
      // Threads that are done before the next task is there have to be woken for it.
      let after = max(wake, (task + 2 * lock) / 2)
      return Prediction(
        speedup: before / after,
        because: """
          A task is \(question.value) times two dependent operations of \(addition.brief) ns: \
          \(task.brief) ns, on two processors. A thread costs \(thread.brief) ns of both, and its \
          task besides (\(before.brief) ns); the pool's queue two locks of \(lock.brief) ns, or a \
          wake-up of \(wake.brief) ns where its threads have nothing to do (\(after.brief) ns).
          """)
    })
}

/// Submitted in one kernel call.
private let tasks = 64

/// The task: a chain of operations that nothing can shorten, so that its length is known.
@inline(never)
private func additions(_ count: Int) -> Int {
  var value = count
  for step in 0..<count { value = (value ^ step) &+ 1 }
  return value
}

/// Where the tasks leave their results.
private final class Total: Sendable {
  private let sum = PaddedAtomic<Int>(0)

  func add(_ value: Int) { sum.value.wrappingAdd(value, ordering: .relaxed) }
  func take() -> Int { sum.value.exchange(0, ordering: .relaxed) }
}

@inline(never)
private func runInPool(_ count: Int, _ pool: ThreadPool, _ total: Total) -> Int {
  for _ in 0..<tasks { pool.submit { total.add(additions(count)) } }
  pool.drain()
  return total.take()
}

/// What a thread of its own is told.
private final class Errand {
  let count: Int
  let total: Total

  init(count: Int, total: Total) {
    self.count = count
    self.total = total
  }
}

/// Starts a thread for each task, then waits for all of them.
@inline(never)
private func runOnThreads(_ count: Int, _ cpus: [Int], _ total: Total) -> Int {
  var threads = [pthread_t](repeating: 0, count: tasks)
  // The caller is pinned, and its threads would be so too: three short calls for all of them.
  try! Placement.allowing(cpus) {
    for index in 0..<tasks {
      let errand = Unmanaged.passRetained(Errand(count: count, total: total))
      let error = pthread_create(
        &threads[index], nil,
        { context in
          let errand = Unmanaged<Errand>.fromOpaque(context!).takeRetainedValue()
          errand.total.add(additions(errand.count))
          return nil
        }, errand.toOpaque())
      precondition(error == 0, "no thread: \(error)")
    }
  }
  for thread in threads { pthread_join(thread, nil) }
  return total.take()
}
