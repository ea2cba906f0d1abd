import Glibc
import Harness

/// The models of a fork at every node.
extension ForkingRecursion {
  /// What is expected of a variant.
  func model(_ question: Question) throws(MissingNumber) -> Model? {
    switch self {
    case .fibonacci: try Self.fibonacciTime(question).map { Model($0) }
    case .quicksort: Model(try quicksortTime(question), per: .call)
    }
  }

  /// Time per fork. A serial call is shorter than any of the machine's numbers.
  private static func fibonacciTime(_ question: Question) throws(MissingNumber) -> Time? {
    switch question.variant {
    case "async let": try taskTime(question)
    case "one worker": try joinTime(question)
    case "serial": nil
    default: try joinTime(question) / 2
    }
  }

  /// Time per task. The executor's queue is first in, first out, so the tree is expanded level by
  /// level.
  private static func taskTime(_ question: Question) throws(MissingNumber) -> Time {
    try question.time("task.group").named(
      "tasks",
      because:
        "Thousands of tasks wait at a time, as in a large task group, and none is in a cache.")
  }

  /// Time per fork and join, with Fibonacci's own work. Counted in the machine code of an inner node
  /// and a leaf, of which there are as many: 92 instructions, 29 of them stores.
  private static func joinTime(_ question: Question) throws(MissingNumber) -> Time {
    longest(
      try question.instructions(92).named("instructions of the joins"),
      (29 * (try question.time("store.throughput"))).named("stores of the joins"))
  }

  /// Two threads share the work, but not the longest path: Brent's bound.
  private func quicksortTime(_ question: Question) throws(MissingNumber) -> Time {
    let cycle = try question.time("add.integer.latency")
    let miss = try question.time("branch.miss")
    let (keys, cutoff) = (Double(Self.keyCount), 24.0)
    // A key is compared with the pivot, and half of the branches on that are mispredicted, on
    // 12/7 ln(n/cutoff) levels (median of three: Sedgewick, "Implementing Quicksort Programs",
    // CACM 21(10), 1978). Insertion sorts parts of half the cutoff: it moves a quarter of the keys,
    // two steps each.
    let comparison = (2 * cycle).named("comparisons") + (miss / 2).named("mispredictions")
    let levels = 12.0 / 7 * log(keys / cutoff)
    let insertion =
      (cutoff / 2 / 4 * 2 * cycle).named("insertion sort") + miss.named("mispredictions")
    let work = keys * (levels * comparison + insertion)
    // One thread makes the first partition, and then goes on with half of the keys.
    let path = (2 * keys * comparison).named("first partitions, by one thread")
    let join = try Self.joinTime(question)
    return switch question.variant {
    // All tasks pass through one queue, and `task.group` is the time of a task on all threads.
    case "async let": work / 2 + path / 2 + forks * (try Self.taskTime(question))
    case "serial": work
    case "one worker": work + forks * join
    default: work / 2 + path / 2 + forks / 2 * join
    }
  }
}
