import Glibc
import Synchronization
import Techniques
import Testing

/// Many threads on both sides of a pool: a lost task fails, a lost wake-up hangs.
@Suite(.serialized) struct ThreadPoolStressTests {
  @Test(arguments: [1, 2, 16])
  func whatManyThreadsSubmitRunsOnce(threads: Int) throws {
    let pool = try ThreadPool(threads: threads)
    let runs = Counts(4 * 2_000)
    onThreads(4) { thread in
      for task in 0..<2_000 { pool.submit { runs.add(2_000 * thread + task) } }
    }
    pool.drain()
    #expect(runs.areAll(1))
  }

  /// Each pool is new, so that its queue grows while tasks are taken out of it.
  @Test func theQueueGrowsWhileTasksAreTaken() throws {
    for _ in 0..<50 {
      let pool = try ThreadPool(threads: 2)
      let runs = Counts(1_000)
      for task in 0..<1_000 { pool.submit { runs.add(task) } }
      pool.drain(helping: true)
      #expect(runs.areAll(1))
    }
  }

  @Test(arguments: [1, 2, 16])
  func tasksThatSubmitTasksEndBeforeDrainReturns(threads: Int) throws {
    let pool = try ThreadPool(threads: threads)
    let leaves = Atomic<Int>(0)
    @Sendable func grow(_ depth: Int) {
      if depth == 0 {
        leaves.wrappingAdd(1, ordering: .relaxed)
      } else {
        for _ in 0..<2 { pool.submit { grow(depth - 1) } }
      }
    }
    for helping in [false, true] {
      leaves.store(0, ordering: .relaxed)
      grow(11)
      pool.drain(helping: helping)
      #expect(leaves.load(ordering: .relaxed) == 1 << 11)
    }
  }

  @Test(arguments: [1, 2, 16])
  func severalThreadsDrainTheirOwnTasks(threads: Int) throws {
    let pool = try ThreadPool(threads: threads)
    let missing = Atomic<Int>(0)
    onThreads(4) { thread in
      for _ in 0..<200 {
        let runs = Counts(5)
        for task in 0..<5 { pool.submit { runs.add(task) } }
        pool.drain(helping: thread % 2 == 0)
        if !runs.areAll(1) { missing.wrappingAdd(1, ordering: .relaxed) }
      }
    }
    #expect(missing.load(ordering: .relaxed) == 0)
  }

  /// What the tasks wrote is plain memory: a missing acquire or release is a data race on it.
  @Test func whatTasksWroteIsSeenByWhoeverDrains() throws {
    let pool = try ThreadPool(threads: 2)
    nonisolated(unsafe) let values = UnsafeMutablePointer<Int>.allocate(capacity: 16)
    defer { values.deallocate() }
    values.initialize(repeating: 0, count: 16)
    for round in 1...1_000 {
      for index in 0..<16 { pool.submit { values[index] += 1 } }
      pool.drain(helping: round % 2 == 0)
      for index in 0..<16 where values[index] != round { Issue.record("round \(round)") }
    }
  }

  /// The pauses are longer than a thread looks for work, so that each round wakes them.
  @Test(arguments: [1, 3])
  func threadsThatHaveFallenAsleepAreWoken(threads: Int) throws {
    let pool = try ThreadPool(threads: threads)
    let done = Atomic<Int>(0)
    for round in 1...100 {
      usleep(150)
      for _ in 0..<3 { pool.submit { done.wrappingAdd(1, ordering: .relaxed) } }
      pool.drain()
      #expect(done.load(ordering: .relaxed) == 3 * round)
    }
  }

  @Test func whatIsAcceptedDuringAShutdownRuns() throws {
    for _ in 0..<50 {
      let ran = Atomic<Int>(0)
      let accepted = Atomic<Int>(0)
      do {
        let pool = try ThreadPool(threads: 2)
        onThreads(3) { thread in
          for task in 0..<100 {
            if thread == 0 && task == 50 { pool.shutdown() }
            if pool.submit({ ran.wrappingAdd(1, ordering: .relaxed) }) {
              accepted.wrappingAdd(1, ordering: .relaxed)
            }
          }
        }
      }
      #expect(ran.load(ordering: .relaxed) == accepted.load(ordering: .relaxed))
    }
  }

  @Test func manyThreadsOnOneProcessorFinish() throws {
    let pool = try ThreadPool(threads: 16, cpus: [0])
    let runs = Counts(2_000)
    for task in 0..<2_000 { pool.submit { runs.add(task) } }
    pool.drain(helping: true)
    #expect(runs.areAll(1))
  }
}

/// How often each of some tasks has run.
private final class Counts: @unchecked Sendable {
  // SAFETY (@unchecked): the counts are atomic, and the pointer is constant.
  private let counts: UnsafeMutablePointer<Atomic<Int>>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    counts = .allocate(capacity: count)
    for index in 0..<count { (counts + index).initialize(to: Atomic(0)) }
  }

  deinit { counts.deallocate() }

  func add(_ index: Int) { counts[index].wrappingAdd(1, ordering: .relaxed) }

  func areAll(_ expected: Int) -> Bool {
    (0..<count).allSatisfy { counts[$0].load(ordering: .relaxed) == expected }
  }
}
