import Testing

@testable import Systems

struct ServiceQueueTests {
  @Test func aPlaceThatBecomesFreeStartsTheNextAtThatTime() {
    var queue = ServiceQueue(places: 1, limit: .max)
    for number in 1...3 { _ = queue.arrive(number, demand: 100, at: 0) }
    #expect(queue.next == 100 && queue.waitingCount == 2)
    // Looked at late: all three have ended meanwhile, each 100 after the one before.
    #expect(ended(&queue, upTo: 350) == [1, 2, 3])
    #expect(queue.next == nil)
    _ = queue.arrive(4, demand: 100, at: 350)
    #expect(queue.next == 450)
  }

  @Test func placesServeAtOnceAndEndInTheirOwnOrder() {
    var queue = ServiceQueue(places: 2, limit: 1)
    let taken = [300, 100, 100, 100].enumerated().map { number, demand in
      queue.arrive(number + 1, demand: UInt64(demand), at: 0)
    }
    #expect(taken == [true, true, true, false], "the queue has one place")
    #expect(ended(&queue, upTo: 1_000) == [2, 3, 1])
  }

  @Test func aCancelledJobGivesItsPlaceToTheNext() {
    var queue = ServiceQueue(places: 1, limit: .max)
    for number in 1...3 { _ = queue.arrive(number, demand: 100, at: 0) }
    let cancelled = [(2, 10), (1, 40), (1, 40)].map { queue.cancel($0.0, at: UInt64($0.1)) }
    #expect(cancelled == [true, true, false])
    #expect(queue.next == 140)
    #expect(ended(&queue, upTo: 140) == [3])
  }

  @Test func manyJobsKeepTheirOrder() {
    var queue = ServiceQueue(places: 1, limit: .max)
    for number in 0..<5_000 { _ = queue.arrive(number, demand: 1, at: 0) }
    #expect(ended(&queue, upTo: 5_000) == Array(0..<5_000))
  }

  private func ended(_ queue: inout ServiceQueue, upTo now: UInt64) -> [Int] {
    var numbers: [Int] = []
    while let number = queue.finish(upTo: now) { numbers.append(number) }
    return numbers
  }

  /// Stalls of 20 in every 100, at the beginning of each period.
  @Test(arguments: [
    (work: 10, from: 30, end: 40), (work: 10, from: 5, end: 30), (work: 0, from: 5, end: 20),
    (work: 30, from: 80, end: 130), (work: 80, from: 20, end: 100), (work: 100, from: 20, end: 140),
    (work: 170, from: 150, end: 360), (work: 0, from: 250, end: 250),
  ])
  func workStopsDuringAStall(work: Int, from: Int, end: Int) {
    let stall = Stall(period: 100, length: 20)
    #expect(stall.end(of: UInt64(work), from: UInt64(from)) == UInt64(end))
  }
}
