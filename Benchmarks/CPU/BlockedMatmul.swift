import Harness
import Results
import Techniques

extension Experiment {
  /// A matrix product by its definition, with the loops exchanged, and in blocks.
  static let blockedMatmul = Experiment(
    id: "cpu/blocked-matmul",
    title: "Matrix product: textbook loops → tiles in registers, blocks in caches",
    slot: "performance/cpu/algorithmic",
    claim: """
      A product of square matrices of Float is more than ten times faster in tiles that stay in \
      registers, over blocks that stay in caches, from n = 64 on and increasingly so for larger n; \
      below one tile (12 × 32) there is nothing to tile.
      """,
    mechanism: """
      The textbook loops compute one element of C at a time: each addition waits for the one \
      before, and each step reads another row of B, so another cache line. With the two inner \
      loops exchanged, the innermost one runs along rows and is vectorised, but it loads and \
      stores C for every multiplication. The tile keeps 12 × 32 elements of C in registers (24 of \
      512 bits): a step loads 32 elements of B, broadcasts twelve of A, and does fused \
      multiply-adds that do not wait for each other. Blocks of A and B are first copied into the \
      order in which the tile reads them.
      """,
    limits: """
      The results differ in the last digits, since fused multiply-adds round once. Matrices of a \
      few rows are padded to whole tiles, which wastes most of the work. The tile is made for 32 \
      registers of 512 bits; shorter ones spill. A library tuned for the processor (OpenBLAS, \
      BLIS, MKL) does the same with kernels in assembly: prefer it where you may link it.
      """,
    diagram: """
      flowchart LR
        subgraph before["textbook: {textbook}"]
          direction TB
          row["a row of A"] --> dot["one sum, one chain"]
          column["a column of B: a line per element"] --> dot
        end
        subgraph middle["rows: {rows}"]
          direction TB
          scale["one element of A × a row of B"] --> add["added to a row of C in memory"]
        end
        subgraph after["tiles: {tiles}"]
          direction TB
          pa["A packed: L2"] --> tile["12 × 32 sums in registers"]
          pb["B packed: L1"] --> tile
        end
        before --> middle
        before -- "{speedup} at n = {point}" --> after
      """,
    sweep: .count("n", [64, 128, 256, 512], smoke: 20),
    signals: ["instructions"],
    tolerance: .relative(1e-4),
    work: { n in
      let products = Double(SquareMatrices.passes(n).count * n * n * n)
      return Work(
        elements: products, bytes: Double(SquareMatrices.passes(n).count * 12 * n * n),
        floatOperations: 2 * products)
    },
    variants: [
      Variant(
        "textbook", shows: ["multiplyByDefinition"],
        prepare: { SquareMatrices($0) },
        run: { matrices in
          matrices.digest { multiplyByDefinition($0, $1, into: $2, matrices.n) }
        }),
      Variant(
        "rows", shows: ["multiplyByRows"],
        prepare: { SquareMatrices($0) },
        run: { matrices in matrices.digest { multiplyByRows($0, $1, into: $2, matrices.n) } }),
      Variant(
        "tiles", shows: ["multiplyInTiles"],
        prepare: { SquareMatrices($0) },
        run: { matrices in
          matrices.digest { matrices.multiplyInTiles($0, $1, into: $2) }
        }),
    ],
    model: { question throws(MissingNumber) in Model(try productTime(question)) })
}

extension SquareMatrices {
  fileprivate func multiplyInTiles(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>
  ) {
    product.multiply(a, b, into: c, m: n, n: n, k: n)
  }
}

@inline(never)
private func multiplyByDefinition(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
  _ n: Int
) {
  for i in 0..<n {
    for j in 0..<n {
      var sum: Float = 0
      for k in 0..<n { sum += a[i * n + k] * b[k * n + j] }
      c[i * n + j] = sum
    }
  }
}

@inline(never)
private func multiplyByRows(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
  _ n: Int
) {
  for i in 0..<n {
    let sums = c + i * n
    for j in 0..<n { sums[j] = 0 }
    for k in 0..<n {
      let factor = a[i * n + k]
      let row = b + k * n
      for j in 0..<n { sums[j] += factor * row[j] }
    }
  }
}

/// Time per multiplication of two elements.
private func productTime(_ question: Question) throws(MissingNumber) -> Time {
  let n = Double(question.value)
  switch question.variant {
  case "textbook":
    let chain = try question.time("add.latency").named("additions in a chain")
    return longest(chain, try question.lineOfColumn(question.value).named("lines of a column of B"))
  case "rows":
    // For sixteen products, two vectors are loaded and one is stored: the triad's accesses.
    let triad = (Size.exactly(192) / (try question.bandwidth("bandwidth.triad.l1")))
      .named("loads and stores")
    let vector = try question.streaming(64, of: 4 * n * n, compute: triad)
    // Each row begins with 25 instructions: addresses, checks, a broadcast.
    let start = try question.instructions(25 / n).named("start of a row")
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
