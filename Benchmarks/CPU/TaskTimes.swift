import Results
import Synchronization

/// How long the tasks of a run waited in a queue and how long they took, in sum, and the sum of
/// their results.
final class TaskTimes: Sendable {
  private let queueWait = Atomic<Int>(0)
  private let service = Atomic<Int>(0)
  private let sum = Atomic<UInt64>(0)

  /// Of the results since `begin`.
  var results: UInt64 { sum.load(ordering: .relaxed) }

  /// Starts a run of tasks. Gives the time at which they are submitted.
  func begin() -> Int {
    queueWait.store(0, ordering: .relaxed)
    service.store(0, ordering: .relaxed)
    sum.store(0, ordering: .relaxed)
    return monotonicNanoseconds()
  }

  /// Runs a task that was submitted at that time.
  @inline(__always)
  func record(_ submitted: Int, _ task: () -> UInt64) {
    let started = monotonicNanoseconds()
    sum.wrappingAdd(task(), ordering: .relaxed)
    queueWait.wrappingAdd(started - submitted, ordering: .relaxed)
    service.wrappingAdd(monotonicNanoseconds() - started, ordering: .relaxed)
  }

  /// Means over so many tasks.
  func report(of count: Int) -> [String: Counter] {
    func mean(_ total: borrowing Atomic<Int>) -> Counter {
      Counter(Double(total.load(ordering: .relaxed)) / Double(count), unit: .nanoseconds)
    }
    return ["queue wait": mean(queueWait), "service time": mean(service)]
  }
}
