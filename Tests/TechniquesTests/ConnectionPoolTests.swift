import Glibc
import Synchronization
import Techniques
import Testing

struct ConnectionPoolTests {
  private struct Failed: Error {}

  @Test func aScopeReturnsItsConnectionOnEveryWayOut() throws {
    let pool = ConnectionPool([1, 2])
    #expect(try pool.withConnection(within: 0) { $0 } == 1)
    for _ in 0..<10 {
      #expect(throws: Failed.self) { try pool.withConnection(within: 0) { _ in throw Failed() } }
    }
    #expect(pool.inUse == 0 && pool.waiting == 0)
  }

  @Test func anEmptyPoolSaysSoAndRecovers() throws {
    let pool = ConnectionPool(["a"])
    let connection = try pool.checkOut(within: 0)
    #expect(pool.inUse == 1)
    let error = #expect(throws: PoolExhausted.self) { try pool.checkOut(within: 1_000) }
    #expect(error.map { "\($0)" } == "all 1 connections of the pool are in use")
    #expect(pool.waiting == 0)
    pool.checkIn(connection)
    #expect(try pool.checkOut(within: 0) == "a")
  }

  /// Threads that all want one of two connections, some of which give up.
  @Test func noConnectionIsEverUsedByTwoThreads() throws {
    let uses = (0..<2).map { _ in Use() }
    let pool = ConnectionPool(uses)
    let done = Atomic<Int>(0)
    let threads = try ThreadPool(threads: 6)
    for thread in 0..<6 {
      threads.submit {
        for round in 0..<500 {
          let patience: UInt64 = (round + thread) % 5 == 0 ? 0 : 60_000_000_000
          let served: Void? = try? pool.withConnection(within: patience) { $0.enter() }
          if served != nil { done.add(1, ordering: .relaxed) }
        }
      }
    }
    threads.drain()
    threads.shutdown()
    #expect(pool.inUse == 0 && pool.waiting == 0)
    #expect(done.load(ordering: .relaxed) >= 6 * 400)
    #expect(uses.allSatisfy { !$0.wasShared })
    #expect(uses.map(\.count).reduce(0, +) == done.load(ordering: .relaxed))
  }

  /// Threads that wait for the one connection get it in the order in which they came, and none is
  /// woken for another's sake.
  @Test func aReturnedConnectionWakesTheOneThreadThatGetsIt() throws {
    let count = 32
    let pool = ConnectionPool([0])
    let order = Mutex<[Int]>([])
    let sleeps = Atomic<Int>(0)
    let connection = try pool.checkOut(within: 0)
    let threads = try ThreadPool(threads: count)
    for number in 0..<count {
      threads.submit {
        let before = sleepsOfThread()
        guard let connection = try? pool.checkOut(within: 60_000_000_000) else { return }
        sleeps.add(sleepsOfThread() - before, ordering: .relaxed)
        order.withLock { $0.append(number) }
        pool.checkIn(connection)
      }
      while pool.waiting <= number { sched_yield() }
    }
    pool.checkIn(connection)
    threads.drain()
    threads.shutdown()
    #expect(order.withLock { $0 } == Array(0..<count))
    // One each, and some for the pool's own mutex; with all woken each time it is the square.
    #expect((1...4 * count).contains(sleeps.load(ordering: .relaxed)))
  }

  /// What only one thread at a time may touch.
  private final class Use: @unchecked Sendable {
    // SAFETY (@unchecked): `count` is used by the thread that has the connection alone, which is
    // what the test is about.
    private let inside = Atomic<Int>(0)
    private let shared = Atomic<Bool>(false)
    var count = 0

    var wasShared: Bool { shared.load(ordering: .relaxed) }

    func enter() {
      if inside.add(1, ordering: .relaxed).oldValue != 0 { shared.store(true, ordering: .relaxed) }
      count += 1
      sched_yield()
      inside.subtract(1, ordering: .relaxed)
    }
  }
}

/// Times that the calling thread has given up the processor by itself.
private func sleepsOfThread() -> Int {
  var usage = rusage()
  // RUSAGE_THREAD, which Glibc's module leaves out.
  getrusage(__rusage_who_t(1), &usage)
  return usage.ru_nvcsw
}
