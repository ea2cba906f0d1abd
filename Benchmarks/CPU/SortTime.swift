import Harness
import Techniques

/// The models of sorting random keys.
extension SortCase {
  /// Time per element of what both sorts begin with: the array is copied, since each call sorts the
  /// same ones again.
  func copyTime(_ question: Question) throws(MissingNumber) -> Time {
    let made = try question.time(
      Double(count * stride) > 1_000 ? "malloc.free.65536" : "array.make")
    // The arrays of a call, of which each is read once, and a copy.
    let copied = try question.moving(
      Double(2 * stride), by: "copy", in: Double(bytes + count * stride))
    return (made / Double(count) + copied).named("copying the array")
  }

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
    guard count > RadixSort.pairLimit else { return try pairTime(of: count, question) }
    let bits = RadixSort.splitBits(of: count)
    let parts = 1 << bits
    return try counting(1, question)
      + distribution(to: parts, of: count, in: bytes(of: count), question)
      + pairTime(of: count / parts, question)
  }

  /// Time per element of the two digits and of what follows, in parts of so many elements.
  private func pairTime(of part: Int, _ question: Question) throws(MissingNumber) -> Time {
    let bits = RadixSort.digitBits(of: part)
    let buckets = 1 << bits
    // Where a bucket starts is the sum of the counts before: a chain of additions.
    let starts = try longest(question.instructions(3), question.time("add.integer.latency"))
    // Of random keys, so many neighbours agree in both digits; half of them are in disorder, which
    // is two mispredictions: at the comparison and at the end of the insertion.
    let inverted = Double(part) / Double(buckets * buckets) / 4
    let miss = try question.time("branch.miss")
    return try counting(2, question)
      + (2 * Double(buckets) / Double(part) * starts).named("sums of the bucket sizes")
      + distribution(to: buckets, of: part, in: bytes(of: part), question)
      + distribution(to: buckets, of: part, in: bytes(of: count), question)
      + (question.instructions(5) + 2 * inverted * miss).named("keys that agree in both digits")
  }

  /// Elements and as much room.
  private func bytes(of count: Int) -> Double { Double(2 * count * stride) }

  /// Which bits differ is found by whole vectors, faster than elements come from a cache; then so
  /// many digits are counted.
  private func counting(_ digits: Double, _ question: Question) throws(MissingNumber) -> Time {
    let reading = Double(stride) / 64 * (try question.orderedLine(in: bytes(of: count)))
    let work = try longest(
      question.instructions(2 + 5 * digits), digits * question.time("store.throughput"))
    return (reading + work).named("counting digits")
  }

  /// Time of reading an element in order and of storing it and its bucket's end: the lines of the
  /// buckets lie apart and are fetched from `set` bytes before they are written.
  private func distribution(
    to buckets: Int, of part: Int, in set: Double, _ question: Question
  ) throws(MissingNumber) -> Time {
    let pages = (Double(part * stride) / Double(question.pageBytes)).rounded(.up)
    let store = try question.time("store.throughput")
    // Nothing on machines measured before that was a curve.
    let apart = (try? question.curve(.storedPages, at: min(Double(buckets), pages))) ?? store
    let lines =
      try Double(stride) / 64 * (question.orderedLine(in: set) + question.storedLine(in: set))
    return try longest(question.instructions(9), store + apart).named("distribution")
      + lines.named("lines of the elements and of the buckets")
  }
}
