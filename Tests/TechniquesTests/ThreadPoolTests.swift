import Glibc
import Synchronization
import Techniques
import Testing

struct ThreadPoolTests {
  @Test(arguments: [1, 2, 7])
  func everyTaskRunsOnceBeforeDrainReturns(threads: Int) throws {
    let pool = try ThreadPool(threads: threads)
    let done = Atomic<Int>(0)
    for round in 1...5 {
      for _ in 0..<200 { pool.submit { done.add(1, ordering: .relaxed) } }
      pool.drain()
      #expect(done.load(ordering: .relaxed) == 200 * round)
    }
  }

  @Test func oneThreadKeepsTheOrderOfSubmission() throws {
    let pool = try ThreadPool(threads: 1)
    let order = Mutex<[Int]>([])
    for task in 0..<100 { pool.submit { order.withLock { $0.append(task) } } }
    pool.drain()
    #expect(order.withLock { $0 } == Array(0..<100))
  }

  /// More tasks than the queue first has room for wait behind the first.
  @Test func theOrderIsKeptWhileTheQueueGrows() throws {
    let pool = try ThreadPool(threads: 1)
    let order = Mutex<[Int]>([])
    let begin = Atomic<Bool>(false)
    for round in 0..<2 {
      begin.store(false, ordering: .relaxed)
      pool.submit { while !begin.load(ordering: .relaxed) { sched_yield() } }
      for task in 0..<1_000 { pool.submit { order.withLock { $0.append(1_000 * round + task) } } }
      begin.store(true, ordering: .relaxed)
      pool.drain()
    }
    #expect(order.withLock { $0 } == Array(0..<2_000))
  }

  /// The pool's only thread does not end its task before another one has run.
  @Test func aThreadThatHelpsRunsTasksWhileItWaits() throws {
    let pool = try ThreadPool(threads: 1)
    let begun = Atomic<Bool>(false)
    let helped = Atomic<Bool>(false)
    pool.submit {
      begun.store(true, ordering: .relaxed)
      while !helped.load(ordering: .relaxed) { sched_yield() }
    }
    while !begun.load(ordering: .relaxed) { sched_yield() }
    pool.submit { helped.store(true, ordering: .relaxed) }
    pool.drain(helping: true)
    let hasHelped = helped.load(ordering: .relaxed)
    #expect(hasHelped)
  }

  @Test func whatATaskCapturedIsReleasedAfterIt() throws {
    final class Witness: Sendable {}
    let pool = try ThreadPool(threads: 1)
    weak var captured: Witness?
    do {
      let witness = Witness()
      captured = witness
      pool.submit { withExtendedLifetime(witness) {} }
    }
    pool.drain()
    #expect(captured == nil)
    pool.shutdown()
    do {
      let witness = Witness()
      captured = witness
      pool.submit { withExtendedLifetime(witness) {} }
    }
    #expect(captured == nil)
  }

  @Test func whatATaskWroteIsSeenAfterDrain() throws {
    let pool = try ThreadPool(threads: 3)
    let values = UnsafeMutableBufferPointer<Int>.allocate(capacity: 500)
    defer { values.deallocate() }
    values.initialize(repeating: 0)
    nonisolated(unsafe) let shared = values
    for index in 0..<500 { pool.submit { shared[index] = index } }
    pool.drain()
    #expect(Array(values) == Array(0..<500))
  }

  @Test func aTaskMaySubmitAnother() throws {
    let pool = try ThreadPool(threads: 2)
    let done = Atomic<Int>(0)
    pool.submit { for _ in 0..<10 { pool.submit { done.add(1, ordering: .relaxed) } } }
    pool.drain()
    #expect(done.load(ordering: .relaxed) == 10)
  }

  @Test func shutdownRefusesNewTasksAndFinishesTheOld() throws {
    let done = Atomic<Int>(0)
    do {
      let pool = try ThreadPool(threads: 2)
      for _ in 0..<100 { pool.submit { done.add(1, ordering: .relaxed) } }
      pool.shutdown()
      #expect(!pool.submit { done.add(1, ordering: .relaxed) })
    }
    #expect(done.load(ordering: .relaxed) == 100)
  }

  @Test func aRefusedProcessorIsAnErrorWithItsNumber() {
    #expect(throws: ThreadRefused(cpu: 1_023, errno: 22)) {
      _ = try ThreadPool(threads: 3, cpus: [0, 1_023])
    }
  }
}
