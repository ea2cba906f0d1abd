import Glibc
import Synchronization

/// Swift's concurrency runtime, for a kernel that is called synchronously.
public enum ConcurrencyRuntime {
  /// Lets the runtime's threads run on all of `cpus`. They inherit the affinity of the thread that
  /// starts them, which is pinned: otherwise all tasks would share its processor. They keep it, so
  /// that a process does this once.
  /// - Throws: `AffinityRefused` where one may not be used.
  public static func spread(over cpus: [Int]) throws {
    try Placement.allowing(cpus) {
      // Tasks that wait for each other need a thread each, so that this starts the threads.
      let arrived = Arrivals()
      block {
        await withTaskGroup(of: Void.self) { group in
          for _ in cpus {
            group.addTask {
              arrived.count.add(1, ordering: .relaxed)
              // The runtime may have fewer threads than there are processors.
              for _ in 0..<100_000 where arrived.count.load(ordering: .relaxed) < cpus.count {
                sched_yield()
              }
            }
          }
        }
      }
    }
  }

  /// Runs `body` as a task and blocks the calling thread, which is not one of the runtime's, until
  /// it has ended.
  @discardableResult
  public static func block<Answer: Sendable>(
    _ body: @escaping @Sendable () async -> Answer
  ) -> Answer {
    let outcome = Outcome<Answer>()
    Task.detached { outcome.set(await body()) }
    return outcome.wait()
  }
}

private final class Arrivals: Sendable {
  let count = Atomic<Int>(0)
}

/// A value that one thread waits for.
private final class Outcome<Answer: Sendable>: @unchecked Sendable {
  // SAFETY (@unchecked): `answer` is written before the semaphore is posted and read after.
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
  private var answer: Answer?

  init() { sem_init(semaphore, 0, 0) }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func set(_ answer: Answer) {
    self.answer = answer
    sem_post(semaphore)
  }

  func wait() -> Answer {
    while sem_wait(semaphore) != 0 {}
    return answer!
  }
}
