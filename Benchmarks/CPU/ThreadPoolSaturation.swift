import Glibc
import Harness
import Results
import Synchronization
import Techniques

extension Experiment {
  /// Calls that wait, among calls that compute, in one pool and in two.
  static let threadPoolSaturation = Experiment(
    id: "cpu/thread-pool-saturation",
    title: "Blocking calls in a fixed pool: among the others → in a pool of their own",
    slot: "performance/cpu/detection",
    claim: """
      Where some tasks of a small pool wait for something else than the processor, moving them to \
      a pool of their own finishes the lot several times sooner, since waiting threads no longer \
      keep short tasks in the queue; with no such tasks it changes nothing.
      """,
    mechanism: """
      A pool of p threads handles at most p tasks at a time, whether they compute or wait. Tasks \
      that wait occupy threads and leave the processor idle while short tasks queue behind them. \
      A second pool with more threads lets the waiting overlap: a waiting thread costs a stack, \
      not a processor. What gives it away: tasks wait in the queue for longer than they take, \
      while the processor has nothing to do.
      """,
    limits: """
      The other side must bear that many calls at a time: a database with ten connections serves \
      ten. For tasks that compute, more threads than processors only add switches. Where calls \
      can be made without blocking, no pool is needed for them at all.
      """,
    diagram: """
      flowchart LR
        subgraph before["one pool: {one pool}"]
          direction LR
          q0["queue: short, blocking, short, …"] --> t0["2 threads, most of them waiting"]
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
    work: { _ in Work(elements: Double(taskCount)) },
    variants: [
      Variant(
        "one pool", shows: ["Load", "runInOnePool"],
        prepare: { try Load($0) },
        report: { $0.report },
        run: { load in runInOnePool(load) }),
      Variant(
        "apart", shows: ["runApart"],
        prepare: { try Load($0) },
        report: { $0.report },
        run: { load in runApart(load) }),
    ],
    predict: { question throws(MissingNumber) in
      let blocking = Double(question.value * taskCount / 100)
      // A sleep ends up to 50 µs late, the default timer slack: prctl(2), PR_SET_TIMERSLACK.
      // Then the idle processor has to be woken, and the thread switched to.
      let late = try question.number("futex.wake") + question.number("context.switch")
      let wait = Double(waitNanoseconds) + 50_000 + late
      // A chain of multiplications and additions.
      let step = try question.number("mul.latency") + question.number("add.latency")
      let short = Double(computeSteps) * step * (Double(taskCount) - blocking)
      let together = blocking * wait / Double(poolThreads) + short / Double(poolThreads)
      // The computing thread has the processor before those that will wait.
      let apart = short + (blocking / Double(blockingThreads)).rounded(.up) * wait
      return Prediction(
        speedup: max(together, short) / apart,
        because: """
          By the utilisation law (Denning and Buzen, ACM Computing Surveys 10(3), 1978) \
          \(poolThreads) threads need half of the sum of the service times, \
          \((together / 1e6).brief) ms. Apart the waiting, in rounds of \
          \(blockingThreads), comes after the computing, \((short / 1e6).brief) ms, since all \
          threads share one processor: \((apart / 1e6).brief) ms.
          """)
    })
}

private let taskCount = 100
private let poolThreads = 2
private let blockingThreads = 16
private let waitNanoseconds = 400_000
private let computeSteps = 4_000

/// Tasks, two pools on the caller's processor, and what is known of the last run.
private final class Load: @unchecked Sendable {
  // SAFETY (@unchecked): the totals are atomic, the rest is not changed.
  let pool, blockingPool: ThreadPool
  let isBlocking: [Bool]
  let queueWait = Atomic<Int>(0)
  let service = Atomic<Int>(0)
  let digest = Atomic<UInt64>(0)

  init(_ point: Point) throws {
    pool = try ThreadPool(threads: poolThreads)
    blockingPool = try ThreadPool(threads: blockingThreads)
    isBlocking = (0..<taskCount).map { ($0 + 1) * point.value / 100 > $0 * point.value / 100 }
  }

  deinit {
    pool.shutdown()
    blockingPool.shutdown()
  }

  /// Puts each task into the pool that `choose` gives and waits for all.
  func run(_ choose: (_ isBlocking: Bool) -> ThreadPool) -> UInt64 {
    queueWait.store(0, ordering: .relaxed)
    service.store(0, ordering: .relaxed)
    digest.store(0, ordering: .relaxed)
    let submitted = monotonicNanoseconds()
    for (index, isBlocking) in isBlocking.enumerated() {
      _ = choose(isBlocking).submit { [unowned self] in
        let started = monotonicNanoseconds()
        let result = isBlocking ? callAndWait() : compute(index)
        digest.wrappingAdd(result, ordering: .relaxed)
        queueWait.wrappingAdd(started - submitted, ordering: .relaxed)
        service.wrappingAdd(monotonicNanoseconds() - started, ordering: .relaxed)
      }
    }
    pool.drain()
    blockingPool.drain()
    return digest.load(ordering: .relaxed)
  }

  var report: [String: Counter] {
    func mean(_ total: borrowing Atomic<Int>) -> Counter {
      Counter(Double(total.load(ordering: .relaxed)) / Double(taskCount), unit: .nanoseconds)
    }
    return ["queue wait": mean(queueWait), "service time": mean(service)]
  }
}

private func runInOnePool(_ load: Load) -> UInt64 { load.run { _ in load.pool } }

private func runApart(_ load: Load) -> UInt64 {
  load.run { isBlocking in isBlocking ? load.blockingPool : load.pool }
}

/// Stands for a call to another service.
private func callAndWait() -> UInt64 {
  var wait = timespec(tv_sec: 0, tv_nsec: waitNanoseconds)
  nanosleep(&wait, nil)
  return 1
}

@inline(never)
private func compute(_ index: Int) -> UInt64 {
  var value = 1.0 + Double(index)
  for _ in 0..<computeSteps { value = value * 0.999 + 1.0 }
  return value.bitPattern
}

/// Of the kernel's monotonic clock.
func monotonicNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
