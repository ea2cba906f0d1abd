import Glibc
import Synchronization
import Techniques
import Testing

/// For the thread sanitiser: plain memory is handed from worker to worker at every theft, so that a
/// missing acquire or release is a data race that it reports.
struct WorkStealingPoolStressTests {
  @Test(arguments: [2, 3, 6])
  func whatAForkerWroteIsSeenByTheThiefAndBack(workers: Int) throws {
    let pool = try WorkStealingPool(workers: workers)
    for round in 0..<20 {
      let (sum, depth) = pool.run { tree(9, [round], $0) }
      #expect(sum == 512 * (round + 9) && depth == 9)
    }
  }

  @Test func aChainOfUnevenBranchesIsStolenManyTimes() throws {
    let pool = try WorkStealingPool(workers: 3)
    let lines = UnsafeMutableBufferPointer<Int>.allocate(capacity: 2_000)
    defer { lines.deallocate() }
    lines.initialize(repeating: 0)
    nonisolated(unsafe) let shared = lines
    for _ in 0..<10 { pool.run { chain(0, shared, $0) } }
    #expect(lines.allSatisfy { $0 == 10 })
  }

  @Test func poolsComeAndGo() throws {
    for round in 0..<100 {
      let pool = try WorkStealingPool(workers: 1 + round % 4)
      #expect(pool.run { fibonacci(8, $0) } == 21)
    }
  }

  @Test func shutdownWhileBusyLosesNothing() async throws {
    for round in 0..<20 {
      let pool = try WorkStealingPool(workers: 3)
      async let result = runElsewhere(pool)
      for _ in 0..<(round * 200) { await Task.yield() }
      pool.shutdown()
      let value = await result
      #expect(value == 4_181)
      #expect(pool.run { fibonacci(10, $0) } == 55)
    }
  }

  /// Two threads take turns, and nothing but the pool orders them: each goes on with the state that
  /// the other has left.
  @Test func whatOneRunLeavesBehindIsWholeForTheNextThread() throws {
    let pool = try WorkStealingPool(workers: 2)
    let turn = Atomic<Int>(0)
    let wrong = Atomic<Int>(0)
    onThreads(2) { thread in
      for round in 0..<100 {
        while turn.load(ordering: .relaxed) != 2 * round + thread { sched_yield() }
        if pool.run({ fibonacci(12, $0) }) != 144 { wrong.add(1, ordering: .relaxed) }
        turn.store(2 * round + thread + 1, ordering: .relaxed)
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  @Test func aJoinThatWaitsLongSleepsAndIsWoken() throws {
    let pool = try WorkStealingPool(workers: 2)
    for _ in 0..<20 {
      let begun = Atomic<Bool>(false)
      let (_, b) = pool.run { worker in
        worker.join(
          { _ in while !begun.load(ordering: .acquiring) {} },
          { _ in
            begun.store(true, ordering: .releasing)
            return spin(300_000)
          })
      }
      #expect(b == 300_000)
    }
  }
}

private func runElsewhere(_ pool: WorkStealingPool) async -> Int { pool.run { fibonacci(19, $0) } }

/// Sums the leaves; every branch gets an array of its own and returns one.
private func tree(_ depth: Int, _ path: [Int], _ worker: borrowing Worker) -> (Int, Int) {
  if depth == 0 { return (path.reduce(0, +), path.count - 1) }
  let (a, b) = worker.join(
    { worker in tree(depth - 1, path + [1], worker) },
    { worker in tree(depth - 1, path + [1], worker) })
  return (a.0 + b.0, max(a.1, b.1))
}

/// Forks a small branch at each step; each writes to a place of its own.
private func chain(
  _ index: Int, _ lines: UnsafeMutableBufferPointer<Int>, _ worker: borrowing Worker
) {
  if index == lines.count { return }
  nonisolated(unsafe) let lines = lines
  _ = worker.join(
    { chain(index + 1, lines, $0) },
    { _ in lines[index] += spin(50) / 50 })
}

@inline(never)
private func spin(_ count: Int) -> Int {
  let steps = Atomic<Int>(0)
  for _ in 0..<count { steps.add(1, ordering: .relaxed) }
  return steps.load(ordering: .relaxed)
}
