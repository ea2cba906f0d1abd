import Glibc
import Harness

/// The models of recursions that fork at every node, on so many threads as the sweep says: the work
/// is divided among them, the span is not (Brent's bound).
struct ForkModel {
  /// Forks of Fibonacci(20).
  static let fibonacciForks = 10_945.0
  /// Nodes on its longest path.
  private static let fibonacciDepth = 20.0
  /// Keys that quicksort sorts in a call of the kernel.
  static let keys = 65_536
  /// Parts of no more keys are not split.
  private static let cutoff = 24.0

  private let question: Question
  private let threads: Double

  init(_ question: Question) {
    self.question = question
    threads = Double(question.value)
  }

  /// Time per fork. A serial call is shorter than any of the machine's numbers.
  func fibonacciTime() throws(MissingNumber) -> Time? {
    switch question.variant {
    case "async let": return try taskTime()
    case "serial": return nil
    default:
      let join = try joinTime()
      if threads == 1 { return join }
      // At each level of the longest path another worker may have taken the branch: its record goes
      // there and comes back.
      let transfer = try question.cacheLineTransfer(among: question.value)
      let level =
        join + (2 * transfer).named("cache-line transfers", because: "On the longest path.")
      let start = try question.forkAndJoin(of: question.value).named("fork and join of the threads")
      return join / threads
        + (1 - 1 / threads) * Self.fibonacciDepth / Self.fibonacciForks * level
        + start / Self.fibonacciForks
    }
  }

  /// Time per task. The executor's queue is first in, first out, so the tree is expanded level by
  /// level.
  private func taskTime() throws(MissingNumber) -> Time {
    try question.time("task.group").named(
      "tasks",
      because:
        "Thousands of tasks wait at a time, as in a large task group, and none is in a cache. "
        + "All pass through one queue, whatever the number of threads.")
  }

  /// Time per fork and join, with Fibonacci's own work. Counted in the machine code of an inner node
  /// and a leaf, of which there are as many: 92 instructions, 29 of them stores.
  private func joinTime() throws(MissingNumber) -> Time {
    longest(
      try question.instructions(92).named("instructions of the joins"),
      (29 * (try question.time("store.throughput"))).named("stores of the joins"))
  }

  /// Time of a call.
  func quicksortTime() throws(MissingNumber) -> Time {
    let cycle = try question.time("add.integer.latency")
    let miss = try question.time("branch.miss")
    let (keys, cutoff) = (Double(Self.keys), Self.cutoff)
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
    let span = (2 * keys * comparison).named("first partitions, by one thread")
    let shared = threads == 1 ? work : work / threads + (1 - 1 / threads) * span
    // A pivot for each part of more keys than the cutoff: about so many with a median of three.
    let forks = 2 * keys / cutoff
    return switch question.variant {
    // `task.group` is the time of a task on all threads.
    case "async let": shared + forks * (try taskTime())
    case "serial": work
    default: shared + forks / threads * (try joinTime())
    }
  }
}
