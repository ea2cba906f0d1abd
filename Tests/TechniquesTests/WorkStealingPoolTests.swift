import Glibc
import Synchronization
import Techniques
import Testing

typealias Worker = WorkStealingPool.Worker

struct WorkStealingPoolTests {
  struct Left: Error {}
  struct Right: Error {}
  struct Numbered: Error, Equatable { let number: Int }

  @Test(arguments: [1, 2, 3, 8])
  func joinGivesBothResultsInOrder(workers: Int) throws {
    let pool = try WorkStealingPool(workers: workers)
    let (a, b) = pool.run { $0.join({ _ in "left" }, { _ in 2 }) }
    #expect(a == "left" && b == 2)
  }

  @Test(arguments: [1, 2, 3, 8])
  func forkingAtEveryNodeGivesTheSerialResult(workers: Int) throws {
    let pool = try WorkStealingPool(workers: workers)
    for _ in 0..<5 { #expect(pool.run { fibonacci(20, $0) } == 6_765) }
  }

  @Test func moreWorkersThanProcessorsFinish() throws {
    let pool = try WorkStealingPool(workers: 33)
    #expect(pool.run { fibonacci(18, $0) } == 2_584)
  }

  @Test func oneForkIsEnoughForTwoThreadsToMeet() throws {
    let pool = try WorkStealingPool(workers: 2)
    let arrived = Atomic<Int>(0)
    // Each branch waits for the other: serial execution would never end.
    let meet: @Sendable (borrowing Worker) -> Bool = { _ in
      arrived.add(1, ordering: .sequentiallyConsistent)
      while arrived.load(ordering: .sequentiallyConsistent) < 2 {}
      return true
    }
    let (a, b) = pool.run { $0.join(meet, meet) }
    #expect(a && b)
  }

  @Test func anIdleWorkerWakesUpForANewRun() async throws {
    let pool = try WorkStealingPool(workers: 2)
    for _ in 0..<3 {
      let arrived = Atomic<Int>(0)
      let meet: @Sendable (borrowing Worker) -> Void = { _ in
        arrived.add(1, ordering: .sequentiallyConsistent)
        while arrived.load(ordering: .sequentiallyConsistent) < 2 {}
      }
      pool.run { _ = $0.join(meet, meet) }
      // Long enough for the helper to lose its patience and sleep.
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test(arguments: [1, 2, 4])
  func anErrorInEitherBranchIsThrownWhenBothAreDone(workers: Int) throws {
    let pool = try WorkStealingPool(workers: workers)
    for _ in 0..<50 {
      let finished = Atomic<Int>(0)
      #expect(throws: Left.self) {
        try pool.run { worker in
          try worker.join({ _ in throw Left() }, { count($0, into: finished) })
        }
      }
      #expect(throws: Right.self) {
        try pool.run { worker in
          try worker.join({ count($0, into: finished) }, { _ in throw Right() })
        }
      }
      #expect(throws: Left.self) {
        try pool.run { try $0.join({ _ in throw Left() }, { _ in throw Right() }) }
      }
      #expect(finished.load(ordering: .relaxed) == 2 * 89)
    }
  }

  @Test func typedErrorsKeepTheirTypeAndValue() throws {
    let pool = try WorkStealingPool(workers: 2)
    do throws(Numbered) {
      try pool.run { (worker: borrowing Worker) throws(Numbered) in try failing(12, worker) }
      Issue.record("nothing was thrown")
    } catch {
      #expect(error == Numbered(number: 1))
    }
  }

  @Test func aRunInsideABranchOfTheSamePoolFinishes() throws {
    let pool = try WorkStealingPool(workers: 3)
    let total = pool.run { worker in
      let (a, b) = worker.join(
        { _ in pool.run { fibonacci(12, $0) } }, { _ in pool.run { fibonacci(13, $0) } })
      return a + b
    }
    #expect(total == 144 + 233)
  }

  @Test func severalThreadsMayRunAtOnce() async throws {
    let pool = try WorkStealingPool(workers: 2)
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 { group.addTask { pool.run { fibonacci(17, $0) } } }
      for await result in group { #expect(result == 1_597) }
    }
  }

  @Test func aThreadThatIsLentTakesOverBranchesUntilItIsTold() throws {
    let pool = try WorkStealingPool(workers: 1)
    let threads = try ThreadPool(threads: 1)
    let (arrived, isOver) = (Counter(), Counter())
    threads.submit { pool.help { isOver.value.load(ordering: .acquiring) == 1 } }
    // Forks until one is taken over: the lent thread asks when it is there.
    pool.run { worker in
      let main = pthread_self()
      while arrived.value.load(ordering: .relaxed) == 0 {
        _ = worker.join(
          { _ in () },
          { _ in if pthread_self() != main { arrived.value.add(1, ordering: .relaxed) } })
      }
    }
    isOver.value.store(1, ordering: .releasing)
    threads.drain()
  }

  @Test(arguments: [1, 7, 64, 1_000])
  func forEachCoversEveryElementOnce(grain: Int) throws {
    let pool = try WorkStealingPool(workers: 3)
    let counts = (0..<1_000).map { _ in Counter() }
    pool.run { worker in
      worker.forEach(in: 0..<1_000, grain: grain) { piece in
        #expect(piece.count <= grain)
        for index in piece { counts[index].value.add(1, ordering: .relaxed) }
      }
    }
    #expect(counts.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
  }

  @Test func forEachThrowsTheLeftmostErrorAfterAllPieces() throws {
    let pool = try WorkStealingPool(workers: 3)
    let seen = Atomic<Int>(0)
    do throws(Numbered) {
      try pool.run { (worker: borrowing Worker) throws(Numbered) in
        try worker.forEach(in: 0..<100) { (piece) throws(Numbered) in
          seen.add(1, ordering: .relaxed)
          if piece.lowerBound >= 40 { throw Numbered(number: piece.lowerBound) }
        }
      }
      Issue.record("nothing was thrown")
    } catch {
      #expect(error == Numbered(number: 40))
    }
    #expect(seen.load(ordering: .relaxed) == 100)
  }

  @Test func aRefusedProcessorIsAnErrorWithItsNumber() {
    #expect(throws: ThreadRefused(cpu: 1_023, errno: 22)) {
      _ = try WorkStealingPool(workers: 2, cpus: [1_023])
    }
  }
}

final class Counter: Sendable {
  let value = Atomic<Int>(0)
}

func fibonacci(_ n: Int, _ worker: borrowing Worker) -> Int {
  if n < 2 { return n }
  let (a, b) = worker.join({ fibonacci(n - 1, $0) }, { fibonacci(n - 2, $0) })
  return a + b
}

/// Adds 89 to `total`, one by one, from as many branches.
private func count(_ worker: borrowing Worker, into total: borrowing Atomic<Int>) {
  addLeaves(10, worker, total)
}

private func addLeaves(_ n: Int, _ worker: borrowing Worker, _ total: borrowing Atomic<Int>) {
  if n < 2 {
    total.add(1, ordering: .relaxed)
    return
  }
  _ = worker.join({ addLeaves(n - 1, $0, total) }, { addLeaves(n - 2, $0, total) })
}

/// Throws its number at every leaf; the leftmost wins.
private func failing(
  _ n: Int, _ worker: borrowing Worker
) throws(WorkStealingPoolTests.Numbered) {
  if n < 2 { throw WorkStealingPoolTests.Numbered(number: n) }
  _ = try worker.join(
    { (worker: borrowing Worker) throws(WorkStealingPoolTests.Numbered) in
      try failing(n - 1, worker)
    },
    { (worker: borrowing Worker) throws(WorkStealingPoolTests.Numbered) in
      try failing(n - 2, worker)
    })
}
