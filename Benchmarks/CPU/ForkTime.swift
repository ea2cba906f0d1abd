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
    case "async let": return try taskTime(of: Self.fibonacciForks)
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

  /// Time per task, of so many. The executor's queue is first in, first out, so the tree is expanded
  /// level by level.
  private func taskTime(of tasks: Double) throws(MissingNumber) -> Time {
    let like = tasks < 7_000 ? 4_096 : 10_000
    return try question.time("async.let.tree.\(like).\(min(question.value, 2))").named(
      "tasks",
      because:
        "Thousands of tasks wait at a time. All pass through one queue: with more than two threads "
        + "they are expected to take as long as with two.")
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
    // A key is compared with the pivot on 12/7 ln(n/cutoff) levels (median of three: Sedgewick,
    // "Implementing Quicksort Programs", CACM 21(10), 1978). Of the keys a share p is below it, with
    // density 6p(1-p), and a predictor that has learnt p is wrong for the fewer: for min(p, 1-p), in
    // the mean 5/16 (Kaligosi and Sanders, "How Branch Mispredictions Affect Quicksort", ESA 2006).
    // Insertion sorts parts of half the cutoff: it moves a quarter of the keys, two steps each.
    let comparison = (2 * cycle).named("comparisons") + (5.0 / 16 * miss).named("mispredictions")
    let levels = 12.0 / 7 * log(keys / cutoff)
    let insertion =
      (cutoff / 2 / 4 * 2 * cycle).named("insertion sort") + miss.named("mispredictions")
    let work = keys * (levels * comparison + insertion)
    // One thread makes the first partition, and then goes on with half of the keys.
    let span = (2 * keys * comparison).named("first partitions, by one thread")
    let shared = threads == 1 ? work : work / threads + (1 - 1 / threads) * span
    // The parts that are split, with a median of three (Sedgewick).
    let forks = 12.0 / 7 * keys / (cutoff + 2)
    return switch question.variant {
    // The task's time is that on all threads.
    case "async let": shared + forks * (try taskTime(of: forks))
    case "serial": work
    default: shared + forks / threads * (try joinTime())
    }
  }
}
