import Techniques

/// The sum of the results of tasks that run on several threads.
final class Total: Sendable {
  private let sum = PaddedAtomic<Int>(0)

  func add(_ value: Int) { sum.value.wrappingAdd(value, ordering: .relaxed) }
  func take() -> Int { sum.value.exchange(0, ordering: .relaxed) }
}

/// What a task gets that runs on a thread of its own.
final class ThreadArgument {
  let count: Int
  let total: Total

  init(count: Int, total: Total) {
    self.count = count
    self.total = total
  }
}
