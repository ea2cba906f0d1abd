import Harness

/// The model of a prefix sum: time per element, on so many threads as the sweep says.
struct PrefixSumModel {
  private let question: Question
  private let blocks: ScanBlocks

  init(_ question: Question) {
    self.question = question
    blocks = ScanBlocks(
      of: PrefixSumInput.count, for: question.variant == "blocks" ? question.value : 1)
  }

  /// Of the question's variant.
  func time() throws(MissingNumber) -> Time {
    if question.isBaseline {
      return longest(
        try question.loopStep().named("additions in a chain"),
        try moved(by: "copy", 16).named("bandwidth of one core"))
    }
    // A vector of four has three permutations: two for its own sums, one for what it carries on. A
    // core starts one in a cycle (Fog, Instruction Tables: those across lanes).
    let permutations = (3.0 / 4 * (try question.time("add.integer.latency"))).named("permutations")
    let scanned = longest(
      permutations, try moved(by: "copy", 16).named("bandwidth of one core"))
    if blocks.threads == 1 { return scanned }
    let added = try moved(by: "read", 8).named("bandwidth of one core")
    let (first, other) = (share(0), share(1))
    let threads = Double(blocks.threads)
    let firstPass = longest(
      first * scanned, other * added,
      try shared(first, by: "copy", 16) + shared((threads - 1) * other, by: "read", 8))
    let secondPass = longest(other * scanned, try shared(threads * other, by: "copy", 16))
    let barriers = 2 / Double(PrefixSumInput.count) * (try question.forkAndJoin(of: blocks.threads))
    return firstPass + secondPass + barriers.named("two barriers")
  }

  private func share(_ block: Int) -> Double {
    Double(blocks[block].count) / Double(PrefixSumInput.count)
  }

  /// Both arrays compete for the caches. A thread works on the same part of them in each call: what
  /// its core's own caches hold of that, it finds there; in the last one, all parts are together.
  private var workingSet: Double {
    let whole = 16 * Double(PrefixSumInput.count)
    let own = whole / Double(blocks.threads)
    return [.l1, .l2].contains(question.home(of: own)) ? own : whole
  }

  /// Time in which one core moves so many bytes.
  private func moved(by operation: String, _ bytes: Double) throws(MissingNumber) -> Time {
    .exactly(bytes) / (try question.bandwidth(operation, in: workingSet))
  }

  /// Time in which all threads together move so many bytes of a share of the elements: they divide
  /// the bandwidth of the last cache and of memory among them.
  private func shared(
    _ share: Double, by operation: String, _ bytes: Double
  ) throws(MissingNumber) -> Time {
    if [.l1, .l2].contains(question.home(of: workingSet)) { return .zero }
    let far = try question.shareOfMemory(in: workingSet)
    func time(_ level: MemoryLevel) throws(MissingNumber) -> Time {
      Size.exactly(bytes)
        / (try question.bandwidth(operation, of: level, sharedBy: blocks.threads))
    }
    let near = (1 - far) * (try time(.l3))
    return (share * (near + far * (try time(.memory)))).named("bandwidth of all threads")
  }
}
