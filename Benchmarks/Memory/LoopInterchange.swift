import Harness
import Results

extension Experiment {
  /// A matrix stored by rows, gone over by columns and by rows.
  static let loopInterchange = Experiment(
    id: "memory/loop-interchange",
    title: "A row-major matrix: column by column → row by row",
    slot: "performance/memory/layout",
    claim: """
      Summing a row-major matrix is faster with the column index in the inner loop, once the lines \
      that one column touches no longer fit in the first-level cache; for smaller matrices the \
      order hardly matters.
      """,
    mechanism: """
      The two functions differ in the order of their two loops, and so in whether the inner one \
      steps by a row or by an element. By rows, eight elements come with \
      each line and the next line is fetched ahead. By columns every access is on another line, a \
      row away: a column of n elements brings n lines, and if those do not stay in a cache until \
      the next seven columns have used them, each line is fetched eight times. Both add integers \
      with a checked `+`, which keeps the compiler from interchanging or vectorising by itself.
      """,
    limits: """
      A matrix that fits in a near cache is summed equally fast either way. Where the algorithm \
      needs both orders, as in a transposition, blocks help (memory/tiled-transpose). With a row \
      length that is a power of two it is worse than shown: a column's lines then compete for few \
      sets of the cache. The side lengths here avoid that.
      """,
    diagram: """
      flowchart LR
        subgraph before["by columns: {by columns}"]
          direction TB
          a["row 0: <b>x</b> · · ·"] --> b["row 1: <b>x</b> · · ·"] --> c["row 2: <b>x</b> · · ·"]
        end
        subgraph after["by rows: {by rows}"]
          direction LR
          d["row 0: <b>x x x x</b>"]
        end
        before -- "{speedup} at n = {point}" --> after
      """,
    sweep: .count("side length n", [50, 300, 1_000, 3_000], smoke: 20),
    signals: ["cache misses"],
    work: { side in
      let elements = Double(passes(side).count * side * side)
      return Work(elements: elements, bytes: elements * 8)
    },
    variants: [
      Variant(
        "by columns", shows: ["totalByColumns"], prepare: { Matrix($0.value) },
        run: { matrix in
          passes(matrix.side).sum {
            totalByColumns(matrix.elements.opaqueElements, side: matrix.side)
          }
        }),
      Variant(
        "by rows", shows: ["totalByRows"], prepare: { Matrix($0.value) },
        run: { matrix in
          passes(matrix.side).sum {
            totalByRows(matrix.elements.opaqueElements, side: matrix.side)
          }
        }),
    ],
    model: { question throws(MissingNumber) in
      let side = Double(question.value)
      let bytes = side * side * 8
      // The loop's end and two checks of overflow, counted in the machine code of both.
      let work = try question.branches(3)
      let matrix = try question.streaming(8, of: bytes, compute: work)
      guard question.isBaseline else { return Model(matrix.time) }
      // A column's lines stay in a cache while its neighbours are read; every eighth column fetches
      // them anew. The next element is on another page.
      let stay = question.home(of: side * 64)
      let line =
        matrix.level == .l1
        ? Time.zero : try question.curve(.pages, at: min(side, bytes / 4096))
      let fetch =
        stay == matrix.level ? Time.zero : try question.randomLine(in: bytes) / 8
      return Model(
        longest(work.named("work"), line.named("a line on another page"))
          + fetch.named("a new line in every eighth column"))
    })
}

private func passes(_ side: Int) -> Passes { Passes(over: side * side, toReach: 1 << 14) }

private struct Matrix: Sendable {
  let elements: AlignedBuffer<Int>
  let side: Int

  init(_ side: Int) {
    self.side = side
    elements = AlignedBuffer(count: side * side) { $0 & 0xff }
  }
}

@inline(never)
private func totalByColumns(_ matrix: UnsafeBufferPointer<Int>, side: Int) -> Int {
  var total = 0
  for column in 0..<side {
    var index = column
    for _ in 0..<side {
      total += matrix[index]
      index += side
    }
  }
  return total
}

@inline(never)
private func totalByRows(_ matrix: UnsafeBufferPointer<Int>, side: Int) -> Int {
  var total = 0
  for row in 0..<side {
    var index = row * side
    for _ in 0..<side {
      total += matrix[index]
      index += 1
    }
  }
  return total
}
