import Harness
import Results

/// Time of a block of `memory/free-list-pool`.
func timeOfReplacement(_ question: Question) throws(MissingNumber) -> Model? {
  let live = Double(question.value)
  // A call replaces the same blocks each time.
  let visited = ReplacementOrder.visited(of: live)
  switch question.variant {
  case "malloc":
    guard try question.translates(live) else { return nil }
    let pair = try question.time("malloc.free.64").named("malloc and free")
    return Model(
      pair + (try question.waitForBlock(of: visited, instructions: instructionsOfPair(nil))))
  case "pool of slots":
    // At random among the lines that a call visits.
    let set = 64 * (visited + ReplacementOrder.visited(of: live / 8))
    let lines = try 2 * question.storedLine(in: set)
    // A return stores the slot's link, the next `take` loads it. A core commits one store per
    // cycle: the tag, the link and the block's address.
    let link = try question.time("store.forward")
    let stores = try 3 * question.time("add.integer.latency")
    return Model(
      longest(
        link.named("store-forwarded load"), stores.named("three stores"),
        lines.named("lines of the block and its address")))
  default: return nil
  }
}

/// Instructions of a malloc and a free of 64 bytes and of the loop around them, counted by single
/// steps of Debian 12's libraries; nil is glibc's.
func instructionsOfPair(_ allocator: Preloaded?) -> Double {
  switch allocator {
  case nil: 145
  case .jemalloc, .tcmalloc: 83
  case .mimalloc: 60
  }
}

extension Question {
  /// Whether the translation caches reach all pages that a kernel call visits of so many live blocks
  /// and their addresses.
  fileprivate func translates(_ live: Double) throws(MissingNumber) -> Bool {
    let blocksOfPage = Double(pageBytes / 64)
    let pages =
      ReplacementOrder.visited(of: live / blocksOfPage)
      + ReplacementOrder.visited(of: live / blocksOfPage / 8)
    return try pages * Double(pageBytes) <= size("tlb.reach").value
  }

  /// What a core doesn't hide of the latencies of a block's address and of the block, one after the
  /// other, both at random: meanwhile it begins with as many of the next blocks as fit in its
  /// window.
  /// - Parameters:
  ///   - blocks: of 64 bytes, that are visited again and again; their addresses are in a table.
  ///   - instructions: for each block.
  func waitForBlock(
    of blocks: Double, instructions: Double
  ) throws(MissingNumber) -> Time {
    let latency = try randomLatency(in: blocks * 72) - latency(of: .l1)
    return ((2 * instructions / window) * latency)
      .named("latency of a random block", because: "beyond what the next ones overlap")
  }
}
