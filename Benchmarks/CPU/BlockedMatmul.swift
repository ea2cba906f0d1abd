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
      below one tile there is nothing to tile.
      """,
    mechanism: """
      The textbook loops compute one element of C at a time: each addition waits for the one \
      before, and each step reads another row of B, so another cache line. With the two inner \
      loops exchanged, the innermost one runs along rows and is vectorised, but it loads and \
      stores an element of C for every multiply-add. A tile of C stays in registers: three \
      quarters of them hold its sums, in rows of two vectors (twelve rows with 32 registers, six \
      with 16; this build has {registers} of {register bits} bits). A step loads two vectors of B, \
      broadcasts an element of A for each row, and does a fused multiply-add for each register of \
      sums; none waits for another. Larger matrices are taken in blocks, whose columns of B are \
      copied so that they lie together. A is read where it lies, unless its rows are a multiple \
      of 4 KiB apart: a tile's rows would then share a set of the first cache, and are copied.
      """,
    limits: """
      The results differ in the last digits, since fused multiply-adds round once. Of the last \
      columns, tiles of less than full width compute some that they don't need. Without a fused \
      multiply-add instruction in the build the tiles are slow: each product calls a function. A \
      library tuned for the processor (OpenBLAS, BLIS, MKL) chooses its kernel when it runs, for \
      whatever processor it finds; here the build decides.
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
          pa["a block of A: L2"] --> tile["a tile of sums in registers"]
          pb["some columns of B: L1"] --> tile
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
    ] + matrixProductYardsticks,
    model: { question throws(MissingNumber) in Model(try matrixProductTime(question)) })
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
