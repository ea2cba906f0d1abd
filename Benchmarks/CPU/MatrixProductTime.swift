import Harness

/// The model of a matrix product: time per multiplication of two elements.
func matrixProductTime(_ question: Question) throws(MissingNumber) -> Time {
  let n = Double(question.value)
  switch question.variant {
  case "textbook":
    let chain = try question.time("add.latency").named("additions in a chain")
    return longest(
      chain, try question.lineOfColumn(question.value).named("loads down a column of B"))
  case "rows":
    // For sixteen products, two vectors are loaded and one is stored: the triad's accesses.
    let triad = (Size.exactly(192) / (try question.bandwidth("bandwidth.triad.l1")))
      .named("loads and stores")
    let vector = try question.streaming(64, of: 4 * n * n, compute: triad)
    // Each row begins with 25 instructions: addresses, checks, a broadcast.
    let start = try question.instructions(25 / n).named("overhead per row")
    return vector.time / 16 + start
  default:
    func rounded(_ size: Double, to unit: Double) -> Double { (size / unit).rounded(.up) * unit }
    let (rows, columns) = (rounded(n, to: 12), rounded(n, to: 32))
    let tiles = rows * columns / n / n / 16 * (try question.time("fma.throughput.512"))
    // Counted in the machine code: A is packed element by element, in 11 instructions each, padded
    // to whole tiles; B by 32 elements, in a call of memmove and about 16 more.
    let packing = try question.instructions((rows * 11 + n) / n / n)
    return tiles.named("fused multiply-adds") + packing.named("packing")
  }
}

extension Question {
  /// Time of a line of a column of B, which has n of them, one per row; the next fifteen columns
  /// read them again. The first level holds them if the sets that they map to do. Otherwise each
  /// comes from the second level, and the slowest of three decides: words that lie far apart, pages
  /// that the TLB does not hold, lines that share few sets.
  fileprivate func lineOfColumn(_ n: Int) throws(MissingNumber) -> Time {
    if holds(n, atStride: 4 * n, in: .l1) { return .zero }
    let sets = sets(of: .l1, atStride: 4 * n)?.count ?? n
    return longest(
      try curve(.crowdedLoad, at: Double(sets)), try stridedWord(256, in: Double(64 * n)),
      try curve(.pages, at: min(Double(n), Double(4 * n * n) / 4096)))
  }
}
