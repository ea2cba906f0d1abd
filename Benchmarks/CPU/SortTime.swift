import Harness
import Techniques

/// The models of sorting random keys.
extension SortCase {
  /// Time per element of the library's merge sort.
  func mergeSortTime(_ question: Question) throws(MissingNumber) -> Time {
    let cycle = try question.time("add.integer.latency")
    let miss = try question.time("branch.miss")
    // Insertion makes runs of 32 (Sort.swift of the standard library: counts that are powers of two
    // halve to 32): it moves a quarter of a run, two steps each, and its end is mispredicted.
    let run = 32.0
    // A step of merging: a load, a comparison, and half a misprediction.
    let steps = Double(count.trailingZeroBitCount) - 5
    return (run / 4 * 2 * cycle).named("insertion sort of runs")
      + (miss + steps / 2 * miss).named("mispredictions")
      + (steps * (try question.latency(of: .l1) + cycle)).named("merging")
  }

  /// Time per element of the radix sort, with instructions counted in the machine code: adding to
  /// memory is three.
  func radixSortTime(_ question: Question) throws(MissingNumber) -> Time {
    let set = Double(2 * count * stride)
    let work = try longest(
      question.instructions(10).named("distribution"), storeToPages(question))
    let read = try question.streaming(Double(stride), of: set, compute: work)
    // The lines of the buckets lie apart and are fetched before they are written. Stores retire in
    // order, so a store whose line is missing delays those behind it.
    let lines = Double(stride) / 64 * (try question.randomLine(in: set))
    let counting = try question.instructions(5).named("counting digits")
    // Where a bucket starts is the sum of the counts before: a chain of additions.
    let starts = try longest(question.instructions(3), question.time("add.integer.latency"))
    let passes = (Double(8 * keyBytes) / Double(digitBits)).rounded(.up)
    return passes
      * (read.time + lines.named("random lines of the buckets") + counting
        + (buckets / Double(count) * starts).named("sums of the bucket sizes"))
  }

  private var digitBits: Int { RadixSort.digitBits(of: count, stride: stride) }
  private var buckets: Double { Double(1 << digitBits) }

  /// Time of a store to one of as many pages as the ends of the buckets lie on. Nothing on machines
  /// measured before that was a curve.
  private func storeToPages(_ question: Question) -> Time {
    let pages = min(buckets, (Double(count * stride) / Double(question.pageBytes)).rounded(.up))
    let store = try? question.curve(.storedPages, at: pages)
    return store?.named("stores to many pages") ?? .zero
  }
}
