import Harness

/// The model of a prefix sum: time per element.
struct PrefixSumModel {
  let question: Question
  /// Elements.
  let count: Int
  /// What the blocks are made for.
  let threads: Int

  /// Of the question's variant.
  func time() throws(MissingNumber) -> Time {
    // Both arrays compete for the caches.
    let bytes = 16 * Double(count)
    let warm = try passTime(in: bytes)
    // A long call finds what the three other instances, with their own arrays, left in the caches.
    let cold = try passTime(in: 4 * bytes)
    return SampleLength.isCold(Double(count) * warm.value) ? cold : warm
  }

  /// Time of a pass if `workingSet` bytes are read in order over and over.
  private func passTime(in workingSet: Double) throws(MissingNumber) -> Time {
    if question.isBaseline {
      return longest(
        try question.time("add.integer.latency").named("additions in a chain"),
        try bandwidthBound(16, "copy", in: workingSet))
    }
    let scanned = longest(try permutations(), try bandwidthBound(16, "copy", in: workingSet))
    let blocks = ScanBlocks(of: count, for: threads)
    guard question.variant == "blocks", blocks.threads > 1 else { return scanned }
    return try passes(over: blocks, scanned: scanned, in: workingSet)
  }

  /// A vector of four has three: two for its own sums and one for what it carries on.
  private func permutations() throws(MissingNumber) -> Time {
    (3.0 / 4 * (try question.time("fma.throughput.256"))).named("permutations")
  }

  private func bandwidthBound(
    _ bytes: Double, _ operation: String, in workingSet: Double
  ) throws(MissingNumber) -> Time {
    (.exactly(bytes) / (try question.bandwidth(operation, in: workingSet)))
      .named("bandwidth of one core")
  }

  private func passes(
    over blocks: ScanBlocks, scanned: Time, in workingSet: Double
  ) throws(MissingNumber) -> Time {
    let read = try bandwidthBound(8, "read", in: workingSet)
    // The threads share the bandwidth for what comes from memory.
    let far = try question.shareOfMemory(in: workingSet)
    let copiedByAll = Size.exactly(16) / (try question.bandwidth("bandwidth.copy.memory.all"))
    let readByAll = Size.exactly(8) / (try question.bandwidth("bandwidth.read.memory.all"))
    func shared(_ time: Time) -> Time { (far * time).named("memory bandwidth of all cores") }
    let threads = Double(blocks.threads)
    func share(_ block: Int) -> Double { Double(blocks[block].count) / Double(count) }
    let (first, other) = (share(0), share(1))
    let firstPass = longest(
      first * scanned, other * read,
      shared(first * copiedByAll + (threads - 1) * other * readByAll))
    let secondPass = longest(other * scanned, shared(threads * other * copiedByAll))
    let barriers = (2 / Double(count) * (try question.time("team.round"))).named("two barriers")
    return firstPass + secondPass + barriers
  }
}
