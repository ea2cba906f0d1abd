import Harness
import Results
import Techniques

extension Experiment {
  /// A matrix product as the definition says, in another order of loops, and in blocks.
  static let blockedMatmul = Experiment(
    id: "cpu/blocked-matmul",
    title: "Matrix product: textbook loops → tiles in registers, blocks in caches",
    slot: "performance/cpu/algorithmic",
    claim: """
      A product of square matrices of Float is more than ten times faster in tiles that stay in \
      registers over blocks that stay in caches, from n = 64 on and the more the larger n is; \
      below one tile (12 × 32) there is nothing to tile.
      """,
    mechanism: """
      The textbook loops add up one element of C at a time: each `vaddss` waits for the one before, \
      and each step reads another row of B, so another cache line. With the two inner loops \
      exchanged the innermost one runs along rows; the compiler turns it into 512-bit vectors, but \
      each reads and writes C in memory for every multiplication. The tile keeps 12 × 32 elements \
      of C in 24 registers: a step of the innermost loop is two vector loads of B, twelve \
      broadcasts of A and 24 `vfmadd231ps` that do not wait for each other. Blocks of A and B are \
      copied beforehand into the order in which the tile reads them.
      """,
    limits: """
      The results differ in the last digits, since fused multiply-adds round once. Matrices of a \
      few rows are padded to whole tiles, which wastes most of the work. A library tuned for the \
      processor (OpenBLAS, BLIS, MKL) does the same with kernels in assembly: prefer it where it \
      may be linked. The tile is cut for 32 registers of 512 bits; on shorter ones it spills.
      """,
    diagram: """
      flowchart LR
        subgraph before["textbook: {textbook}"]
          direction TB
          row["a row of A"] --> dot["one sum, one chain"]
          column["a column of B: a line for each element"] --> dot
        end
        subgraph middle["rows: {rows}"]
          direction TB
          scale["one element of A × a row of B"] --> add["added to a row of C in memory"]
        end
        subgraph after["tiles: {tiles}"]
          direction TB
          pa["A packed: second cache"] --> tile["12 × 32 sums in registers"]
          pb["B packed: first cache"] --> tile
        end
        before --> middle
        before -- "{speedup} at n = {point}" --> after
      """,
    sweep: .count("n", [64, 128, 256, 512], smoke: 20),
    signals: ["instructions"],
    tolerance: .relative(1e-4),
    work: { n in
      let products = Double(passes(n).count * n * n * n)
      return Work(
        elements: products, bytes: Double(passes(n).count * 12 * n * n),
        floatOperations: 2 * products)
    },
    variants: [
      Variant(
        "textbook", shows: ["multiplyByDefinition"],
        prepare: { Matrices($0) },
        run: { matrices in
          matrices.digest { multiplyByDefinition($0, $1, into: $2, matrices.n) }
        }),
      Variant(
        "rows", shows: ["multiplyByRows"],
        prepare: { Matrices($0) },
        run: { matrices in matrices.digest { multiplyByRows($0, $1, into: $2, matrices.n) } }),
      Variant(
        "tiles", shows: ["multiplyInTiles"],
        prepare: { Matrices($0) },
        run: { matrices in
          matrices.digest { matrices.multiplyInTiles($0, $1, into: $2) }
        }),
    ],
    predict: predictProduct)
}

private func passes(_ n: Int) -> Passes { Passes(over: n * n * n, toReach: 1 << 18) }

private struct Matrices {
  let n: Int
  let a, b, c: AlignedBuffer<Float>
  let product = MatrixProduct()

  init(_ point: Point) {
    var random = point.generator()
    n = point.value
    a = AlignedBuffer(count: n * n) { _ in .random(in: 0..<1, using: &random) }
    b = AlignedBuffer(count: n * n) { _ in .random(in: 0..<1, using: &random) }
    c = AlignedBuffer(count: n * n) { _ in 0 }
  }

  /// Multiplies and adds up the product, with weights, so that no element may be in another's place.
  func digest(
    _ multiply: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Double {
    // SAFETY: the buffers live as long as `self` and hold n × n elements each.
    passes(n).sum {
      multiply(
        a.opaqueElements.baseAddress!, b.opaqueElements.baseAddress!, c.elements.baseAddress!)
      var sum = 0.0
      for index in stride(from: 0, to: n * n, by: 61) {
        sum += Double(c.elements[index]) * Double(index % 7 + 1)
      }
      return sum
    }
  }

  func multiplyInTiles(
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

private func predictProduct(_ question: OldQuestion) throws(MissingNumber) -> Prediction? {
  let n = Double(question.value)
  let addition = try question.number("add.latency")
  let line = try question.lineOfColumn(question.value)
  let step = max(addition, line)
  let textbook = n * n * n * step
  if question.candidate == "rows" {
    // For sixteen products, two vectors are read and one is written: the triad's accesses.
    let triad = 192e9 / (try question.number("bandwidth.triad.l1"))
    let vector = try question.streaming(64, of: 4 * n * n, compute: triad)
    // Each begins with 25 instructions: addresses, checks, a broadcast.
    let rows = n * n * n / 16 * vector.time + n * n * (try question.instructions(25))
    return Prediction(
      speedup: textbook / rows,
      because: """
        A step of the textbook costs the longer of an addition in the chain (\(addition.brief) ns) \
        and a line of a column of B (\(line.brief) ns). Along rows, sixteen products cost two \
        vector loads and a store, as in the triad (\(triad.brief) ns), or 64 bytes of B from \
        \(vector.level.title) (\(vector.transfer.brief) ns), after 25 instructions a row.
        """)
  }
  let multiply = try question.number("fma.throughput.512")
  func rounded(_ size: Double, to unit: Double) -> Double { (size / unit).rounded(.up) * unit }
  let tiles = rounded(n, to: 12) * rounded(n, to: 32) * n / 16 * multiply
  // Counted in the machine code: A is packed element by element, in 11 instructions each, rows that
  // fill up the last tile too; B by 32 elements, in a call of memmove and about 16 more.
  let packing = try question.instructions(rounded(n, to: 12) * n * 11 + n * n / 32 * 32)
  return Prediction(
    speedup: textbook / (tiles + packing),
    because: """
      A step of the textbook costs the longer of an addition in the chain (\(addition.brief) ns) \
      and a line of a column of B (\(line.brief) ns). In tiles, sixteen products cost \
      one fused multiply-add of \(multiply.brief) ns, n rounded up to whole tiles, and packing \
      costs 11 instructions for each element of A: \
      \((100 * packing / (tiles + packing)).brief) % of the time.
      """)
}

extension OldQuestion {
  /// Time of a line of one of B's columns, of n of them on as many rows: they are wanted again for
  /// the next fifteen columns. The first level holds them if the sets that they fall into do. Else
  /// each comes from the second, at the pace of words that lie far apart, beyond the pages that a
  /// core has at hand after a walk; and at the pace of the crowded sets.
  fileprivate func lineOfColumn(_ n: Int) throws(MissingNumber) -> Double {
    if holds(n, atStride: 4 * n, in: .l1) { return 0 }
    let sets = sets(of: .l1, atStride: 4 * n)?.count ?? n
    let turn = try curve(.crowdedLoad, at: Double(sets))
    let apart = try stridedWord(256, in: Double(64 * n))
    let page = try curve(.pages, at: min(Double(n), Double(4 * n * n) / 4096))
    return max(turn, apart, page)
  }
}
