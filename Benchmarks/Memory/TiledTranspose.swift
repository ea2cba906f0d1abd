import Harness
import Results
import Techniques

extension Experiment {
  /// A matrix transposed element by element, tile by tile, and in registers.
  static let tiledTranspose = Experiment(
    id: "memory/tiled-transpose",
    title: "Transposing a matrix: row by row → tiles of 8 × 8 → whole lines in registers",
    slot: "performance/memory/layout",
    claim: """
      Transposing a matrix by whole cache lines, in vector registers, is several times faster than \
      row by row, most of all at a side that is a power of two, where a column's lines share few \
      sets of the caches; within the first level it only saves instructions.
      """,
    mechanism: """
      One of the two matrices is accessed by columns: row by row, each store goes to another line, \
      a row away. A line holds sixteen results, and if a column's lines do not stay in a near \
      cache for the next fifteen rows, each is fetched sixteen times. **The trap:** at rows of 4 \
      KiB a whole column competes for one set of the first level, with room for a dozen lines or \
      fewer, and for a few sets of the second. Small tiles use all of a line before it is evicted. \
      In registers, vectors of four and eight elements replace single ones: a step reads a line of \
      each of eight rows, permutes them and writes half a line of each of sixteen rows; the next \
      step writes the other half. A result of 4 MiB or more is gathered in blocks of 64 × 64 in \
      the first level and leaves it with non-temporal stores, for which no line is read first.
      """,
    limits: """
      A plain copy remains faster than any transposition; reading both layouts where they are \
      needed may avoid one. Padding the rows (1,040 instead of 1,024) avoids the trap in code that \
      cannot change. Rows of 2 KiB are the weakest case: the lines of a column fall into few sets \
      of the first level, and some leave it half written. Steps at the edges overlap those before; \
      a large result with rows that are no multiple of 16 goes through the caches. What was \
      written past the caches comes from memory when it is read. Nothing is predicted where stores \
      to the sets that a column shares take longer than fetching a line from the second level: \
      lines are then fetched more than once, by how often depends on the rest of the loop. Nor \
      does the model know up to which distance between lines a processor prefetches, and which \
      pages share a set of its TLB.
      """,
    diagram: """
      flowchart LR
        subgraph before["row by row: {row by row}"]
          direction TB
          a["read: <b>x x x x x x x x</b>"] --> b["write: x in a line of each row"]
        end
        subgraph tiles["tiles of 8: {tiles of 8}"]
          c["8 lines read, 8 written"]
        end
        subgraph after["in registers: {in registers}"]
          d["8 lines read"] --> e["permutations"] --> f["16 half lines written"]
        end
        before --> tiles -- "{speedup} over row by row, {point}" --> after
      """,
    sweep: .count(
      "side length", [64, 256, 496, 512, 1_008, 1_024, 2_032, 2_048], smoke: 64,
      label: { "n = \($0)" }
    ).asCases(),
    signals: ["cache misses", "L1 dcache load misses", "dTLB load misses"],
    work: { side in
      let elements = Double(MatrixPair.passes(side) * side * side)
      return Work(elements: elements, bytes: elements * 8)
    },
    variants: [
      Variant(
        "row by row", shows: ["transposeByRows"], prepare: { MatrixPair($0.value) },
        run: { pair in pair.run(transposeByRows) }),
      Variant(
        "tiles of 8", shows: ["transposeByTiles"], prepare: { MatrixPair($0.value) },
        run: { pair in pair.run(transposeByTiles) }),
      Variant(
        "in registers", shows: ["transposeInRegisters"], prepare: { MatrixPair($0.value) },
        run: { pair in pair.run(transposeInRegisters) }),
    ] + transpositionYardsticks,
    // The power of two.
    headline: DeclaredHeadline(value: 1_024, variant: "in registers"),
    model: { question throws(MissingNumber) in
      question.variant == "in registers"
        ? try TransposedLines(question).model : try TransposedColumn(question).model
    })
}

@inline(never)
private func transposeByRows(
  _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, side: Int
) {
  var source = 0
  for row in 0..<side {
    var target = row
    for _ in 0..<side {
      to[target] = from[source]
      source += 1
      target += side
    }
  }
}

@inline(never)
private func transposeByTiles(
  _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, side: Int
) {
  for top in stride(from: 0, to: side, by: 8) {
    for left in stride(from: 0, to: side, by: 8) {
      for column in left..<left &+ 8 {
        var source = top &* side &+ column
        let target = column &* side &+ top
        for row in 0..<8 {
          to[target &+ row] = from[source]
          source += side
        }
      }
    }
  }
}

@inline(never)
private func transposeInRegisters(
  _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, side: Int
) {
  MatrixTransposition.transpose(from, to: to, side: side)
}
