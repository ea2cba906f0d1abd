import Harness
import Results
import Techniques

extension Experiment {
  /// Calls that block, in the same pool as calls that compute, and in a pool of their own.
  static let threadPoolSaturation = Experiment(
    id: "cpu/thread-pool-saturation",
    title: "Blocking calls in a fixed thread pool: among other tasks → in a pool of their own",
    slot: "performance/cpu/detection",
    claim: """
      If some tasks of a small thread pool block, moving them to a pool of their own finishes the \
      whole batch several times sooner, because blocked threads no longer keep short tasks in the \
      queue; if no task blocks, it changes nothing.
      """,
    mechanism: """
      A pool of p threads runs at most p tasks at a time. Blocked tasks occupy threads, so that \
      short tasks queue behind them while the processor is idle. A second pool with more threads \
      overlaps the waits: a blocked thread costs a stack, not a processor. The symptom is that \
      tasks spend longer in the queue than in service while the processor is idle.
      """,
    limits: """
      The service that is called must accept that many concurrent calls: a database with ten \
      connections serves ten. For tasks that compute, more threads than processors only add \
      context switches. Calls that can be made without blocking need no pool at all.
      """,
    diagram: """
      flowchart LR
        subgraph before["one pool: {one pool}"]
          direction LR
          q0["queue: short, blocking, short, …"] --> t0["2 threads, mostly blocked"]
        end
        subgraph after["apart: {apart}"]
          direction LR
          q1["short"] --> t1["2 threads"]
          q2["blocking"] --> t2["16 threads"]
        end
        before -- "{speedup} with {point} blocking" --> after
      """,
    sweep: .count("blocking", [10, 20, 40], smoke: 10, label: { "\($0) %" }),
    signals: ["queue wait", "service time"],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(taskCount), each: "task") },
    variants: [
      Variant(
        "one pool", shows: ["Load", "runInOnePool"], prepare: { try Load($0) },
        report: { $0.times.report(of: taskCount) }, run: { runInOnePool($0) }),
      Variant(
        "apart", shows: ["runApart"], prepare: { try Load($0) },
        report: { $0.times.report(of: taskCount) }, run: { runApart($0) }),
    ],
    model: { question throws(MissingNumber) in
      let blocking = Double(question.value * taskCount / 100)
      // A sleep ends late by the timer slack; the kernel wakes the idle processor and switches.
      let slack = Time.input("timer slack", 50_000, source: "prctl(2), PR_SET_TIMERSLACK: default")
      let late = try question.time("futex.wake") + question.time("context.switch")
      let pause = Time.input("blocked time", Double(waitNanoseconds), source: "the experiment")
      let wait = (pause + slack + late).named("blocking calls")
      // A chain of multiplications and additions.
      let step = try question.time("mul.latency") + question.time("add.latency")
      let computing = (Double(computeSteps) * step * (Double(taskCount) - blocking))
        .named("computing", because: "All threads share one processor.")
      if question.isBaseline {
        // The utilisation law: Denning and Buzen, ACM Computing Surveys 10(3), 1978.
        let threads = Double(poolThreads)
        return Model(
          longest(blocking * wait / threads + computing / threads, computing), per: .call)
      }
      // The last call starts when all is computed, at the latest; or a thread's calls take longer.
      let rounds = (blocking / Double(blockingThreads)).rounded(.up)
      let switches = try 2 * blocking * question.time("context.switch")
      let calls = longest(computing + wait, rounds * wait)
      return Model(calls + switches.named("switches to each call and back"), per: .call)
    })
}

private let taskCount = 100
private let poolThreads = 2
private let blockingThreads = 16
private let waitNanoseconds = 400_000
private let computeSteps = 4_000

/// Tasks, two pools on the caller's processor, and the times of the last run.
private final class Load: Sendable {
  let pool, blockingPool: ThreadPool
  let isBlocking: [Bool]
  let times = TaskTimes()

  init(_ point: Point) throws {
    pool = try ThreadPool(threads: poolThreads)
    blockingPool = try ThreadPool(threads: blockingThreads)
    isBlocking = (0..<taskCount).map { ($0 + 1) * point.value / 100 > $0 * point.value / 100 }
  }

  deinit {
    pool.shutdown()
    blockingPool.shutdown()
  }

  /// Submits each task to the pool that `choose` returns and waits for all.
  func run(_ choose: (_ isBlocking: Bool) -> ThreadPool) -> UInt64 {
    let submitted = times.begin()
    for (index, isBlocking) in isBlocking.enumerated() {
      _ = choose(isBlocking).submit { [unowned self] in
        times.record(submitted) {
          isBlocking ? callAndWait(waitNanoseconds) : spin(index, computeSteps)
        }
      }
    }
    pool.drain()
    blockingPool.drain()
    return times.results
  }
}

private func runInOnePool(_ load: Load) -> UInt64 { load.run { _ in load.pool } }

private func runApart(_ load: Load) -> UInt64 {
  load.run { isBlocking in isBlocking ? load.blockingPool : load.pool }
}
