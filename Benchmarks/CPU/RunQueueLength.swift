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
      With more runnable threads than processors, short requests wait in the run queue; admitting \
      one batch job for each processor cuts their p90 latency, and the batch finishes no later.
      """,
    mechanism: """
      The scheduler gives each runnable thread a time slice in turn. A thread that wakes to serve a \
      request waits until the scheduler picks it, which takes longer with a longer run queue. Jobs \
      that wait for admission are not runnable: the same work is done one job after the other. The \
      symptom is run delay, the time in which a thread is runnable but does not run. Requests \
      arrive on a fixed schedule, and latency counts from the scheduled arrival, so that requests \
      delayed behind a slow one are counted too.
      """,
    limits: """
      A job that is admitted late finishes late, so admission is fair only between jobs that are \
      short or of similar length. Where requests matter more than jobs, a lower priority for the \
      jobs (nice, SCHED_BATCH, cgroup weights) is more direct. With idle processors there is no \
      run queue and nothing to gain. No speedup is predicted: a request that finds the processor \
      busy may wait for no time slice at all or for one of every job, depending on the scheduler's \
      deadlines and ticks.
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
    metric: .percentile(90, of: "latency", unit: .nanoseconds),
    signals: ["run delay", "involuntary switches"],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(requestCount), each: "request") },
    variants: [mix("all runnable") { $0 }, mix("one admitted") { _ in 1 }])
}

private let requestCount = 100
private let requestSteps = 10_000
/// Between the scheduled arrivals of requests.
private let gapNanoseconds = 500_000
/// All jobs together take about as long as requests arrive.
private let jobSteps = 30_000_000

/// - Parameter admitted: jobs that are runnable at a time, out of so many.
private func mix(_ name: String, admitted: @escaping @Sendable (Int) -> Int) -> Variant {
  Variant(
    name, shows: ["serveBesideJobs"], prepare: { try Mix($0, admitted: admitted($0.value)) },
    observe: { $0.latencies.taken() }, run: { mix in serveBesideJobs(mix) })
}

private final class Mix {
  let jobs: Int
  let pool: ThreadPool
  let latencies = Recorder()

  /// A pool with one thread for each admitted job, all on the caller's processor.
  init(_ point: Point, admitted: Int) throws {
    jobs = point.value
    pool = try ThreadPool(threads: admitted)
  }

  deinit { pool.shutdown() }
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
    mix.latencies.record(monotonicNanoseconds() - due)
  }
  mix.pool.drain()
  return done.sum.load(ordering: .relaxed)
}

private final class Digest: Sendable {
  let sum = Atomic<UInt64>(0)
}
