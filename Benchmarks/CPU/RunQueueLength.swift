import Glibc
import Harness
import Results
import Synchronization
import Techniques

extension Experiment {
  /// Short requests beside batch jobs that are all runnable, or admitted one by one.
  static let runQueueLength = Experiment(
    id: "cpu/run-queue-length",
    title: "Short requests beside batch jobs: all jobs runnable → one admitted at a time",
    slot: "performance/cpu/detection",
    claim: """
      With more runnable threads than processors a short request waits in the run queue for its \
      turn; admitting only as many batch jobs as there are processors shortens the slowest \
      requests several times, and the batch finishes no later.
      """,
    mechanism: """
      The scheduler shares a processor between its runnable threads in turns. A thread that wakes \
      to serve a request has to wait until those before it have had theirs, more the longer the \
      queue is. Jobs that wait for admission are not runnable and take no turns; the same work is \
      done one job after the other. What gives it away is the run delay: time in which a thread \
      could run and does not.
      """,
    limits: """
      A job admitted late finishes late: admission is fair only if jobs are short or alike. Where \
      requests matter more than jobs, a lower priority for the jobs (nice, SCHED_BATCH, cgroup \
      weights) says so directly. With idle processors there is no queue and nothing to gain. How much \
      is gained is not foretold: the 99th percentile of some dozens of requests is the slowest of \
      them, and that one waits for anything from no turn to a turn of every job, a turn being one or \
      several ticks of the scheduler's clock. So it differs from process to process by more than a \
      model could be wrong; see the interval.
      """,
    diagram: """
      flowchart LR
        subgraph before["all runnable: {all runnable}"]
          direction LR
          r0["request"] --> q0["run queue: {point} jobs"] --> c0["processor"]
        end
        subgraph after["one admitted: {one admitted}"]
          direction LR
          r1["request"] --> q1["run queue: 1 job"] --> c1["processor"]
          w1["other jobs wait for admission"] -.-> q1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("jobs", [4, 16], smoke: 4),
    metric: .reported("p99 latency", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["run delay", "involuntary switches"],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(requestCount)) },
    variants: [
      Variant(
        "all runnable", shows: ["serveBesideJobs"],
        prepare: { try Mix($0, admitted: $0.value) },
        report: { $0.report },
        run: { mix in serveBesideJobs(mix) }),
      Variant(
        "one admitted", shows: ["serveBesideJobs"],
        prepare: { try Mix($0, admitted: 1) },
        report: { $0.report },
        run: { mix in serveBesideJobs(mix) }),
    ],
    // The slowest of some dozens of requests is an extreme value: between serving it at once and
    // waiting for a turn of every job lies whatever the scheduler's deadlines and ticks make of it.
    predict: { _ in nil })
}

private let requestCount = 24
private let requestSteps = 50_000
/// Of one request, from the moment at which the one before was due.
private let gapNanoseconds = 2_000_000
/// All jobs together last as long as the requests keep coming.
private let jobSteps = 30_000_000

private final class Mix {
  let jobs: Int
  let pool: ThreadPool
  var latencies: [Int] = []

  /// A pool of as many threads as jobs are admitted, all on the caller's processor.
  init(_ point: Point, admitted: Int) throws {
    jobs = point.value
    pool = try ThreadPool(threads: admitted)
  }

  deinit { pool.shutdown() }

  /// The latency that 99 of 100 requests stay below, of all that were served so far.
  var report: [String: Counter] {
    let sorted = latencies.sorted()
    let p99 = sorted.isEmpty ? 0 : sorted[(sorted.count * 99 - 1) / 100]
    return ["p99 latency": Counter(Double(p99), unit: .nanoseconds)]
  }
}

private func serveBesideJobs(_ mix: Mix) -> UInt64 {
  let done = Digest()
  let steps = jobSteps / mix.jobs
  for job in 0..<mix.jobs {
    mix.pool.submit { done.sum.wrappingAdd(spin(job, steps), ordering: .relaxed) }
  }
  let start = monotonicNanoseconds()
  for request in 0..<requestCount {
    let due = start + (request + 1) * gapNanoseconds
    var until = timespec(tv_sec: due / 1_000_000_000, tv_nsec: due % 1_000_000_000)
    clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &until, nil)
    done.sum.wrappingAdd(spin(request, requestSteps), ordering: .relaxed)
    mix.latencies.append(monotonicNanoseconds() - due)
  }
  mix.pool.drain()
  return done.sum.load(ordering: .relaxed)
}

private final class Digest: Sendable {
  let sum = Atomic<UInt64>(0)
}

/// Computes for some time.
@inline(never)
private func spin(_ seed: Int, _ steps: Int) -> UInt64 {
  var value = 1.0 + Double(seed)
  for _ in 0..<steps { value = value * 0.999 + 1.0 }
  return value.bitPattern
}
