import Harness

/// The model of a matrix product: time per multiplication of two elements.
func matrixProductTime(_ question: Question) throws(MissingNumber) -> Time {
  let n = Double(question.value)
  switch question.variant {
  case "textbook":
    return longest(
      try question.textbookStep(),
      try question.lineOfColumn(question.value).named("loads down a column of B"))
  case "rows":
    // Each row begins with 25 instructions: addresses, checks, a broadcast.
    let start = try question.instructions(25 / n).named("overhead per row")
    return try question.rowStep(n) + start
  default:
    return try question.tiles(n)
  }
}

extension Question {
  /// Time of a product of a sum, all in the first level: the chain of additions, beside the checked
  /// addresses of its factors. Sums shorter than a core's window may overlap, others wait for the
  /// whole chain.
  ///
  /// On machines measured before that was a number, the chain alone.
  fileprivate func textbookStep() throws(MissingNumber) -> Time {
    let chain = try time("add.latency").named("additions in a chain")
    guard let step = try? time("dot.strided") else { return chain }
    return longest(chain, step.named("sums of products in L1"))
  }

  /// Time of a product that is added to a row's element: the loop of `axpy`, whose row of B comes from
  /// where B lies.
  ///
  /// On machines measured before that was a number, sixteen products are two vectors loaded and one
  /// stored, as in the triad, beside which B arrives.
  fileprivate func rowStep(_ n: Double) throws(MissingNumber) -> Time {
    let set = 4 * n * n
    // Beside B, rows of A and C.
    let isNear = home(of: 2 * set) == .l1
    guard let step = try? time(isNear ? "axpy.l1" : "axpy.l2") else {
      let triad = (Size.exactly(192) / (try bandwidth("bandwidth.triad.l1"))).named(
        "loads and stores")
      return try streaming(64, of: set, compute: triad) / 16
    }
    let work = step.named("loads, multiply-adds and stores")
    return isNear ? work : try streaming(4, of: set, compute: work)
  }

  /// Tiles of twelve rows, or of six where there are sixteen registers, and of two vectors; the last
  /// columns in narrower ones, down to eight elements.
  fileprivate func tiles(_ n: Double) throws(MissingNumber) -> Time {
    let lanes = Double(registers.bits / 32)
    let columns = (n / 8).rounded(.up) * 8
    let products = columns / n / lanes * (try multiplyAdd())
    // Counted in the machine code: a tile begins and ends with six instructions a row and forty
    // more, for at most 256 steps. Above 128 rows, B is copied: seven instructions for two vectors.
    let rows = registers.count == 16 ? 6.0 : 12
    let steps = n / (n / 256).rounded(.up)
    let copies = n > 128 ? 1 / n : 0
    let around = try instructions(((6 + 40 / rows) / steps + 7 * copies) / (2 * lanes))
    // Unless all three matrices are in the first level, a tile waits for its rows of A and for its
    // part of C, which it reads and writes, and B is copied once: as long as the second level needs.
    let bytes = home(of: 12 * n * n) == .l1 ? 0 : 4 / (2 * lanes) + 8 / steps + 8 * copies
    let lines = try Size.exactly(bytes) / readBandwidth(of: .l2)
    return products.named("fused multiply-adds") + around.named("tiles' ends and copies")
      + lines.named("A, B and C, from L2")
  }

  /// Time of a line of a column of B, which has n of them, one per row; the next fifteen columns
  /// read them again. The first level holds them if the sets that they map to do. Otherwise each
  /// comes from the second level, and the slowest of three decides: words that lie far apart, pages
  /// that the TLB does not hold, lines that share few sets.
  fileprivate func lineOfColumn(_ n: Int) throws(MissingNumber) -> Time {
    if holds(n, atStride: 4 * n, in: .l1) { return .zero }
    return longest(
      try conflictingLine(of: n, atStride: 4 * n), try stridedWord(256, in: Double(64 * n)),
      try wordOfRows(Double(n), in: Double(4 * n * n)))
  }
}
