import Harness
import Results

extension Experiment {
  /// A row-major matrix, summed by columns and by rows.
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
      The two functions differ only in the order of their loops, and so in whether the inner loop \
      steps by an element or by a row. By rows, each line of 64 bytes brings eight elements and \
      the next line is prefetched. By columns, every access is to another line, a row away. A \
      column of n elements touches n lines; if they are evicted before the next seven columns use \
      them, each line is fetched eight times. Both add integers with a checked `+`, which keeps \
      the compiler from interchanging the loops or vectorising them.
      """,
    limits: """
      A matrix that fits in a near cache is summed equally fast either way. An algorithm that \
      needs both orders, such as a transposition, needs blocking (memory/tiled-transpose). A row \
      length that is a power of two is worse than shown: the lines of a column then map to few \
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
    ] + [.reading({ 8 * $0 * $0 }, passes: { passes($0).count })],
    model: { question throws(MissingNumber) in
      let side = Double(question.value)
      let bytes = side * side * 8
      // The loop's end and two overflow checks, counted in the machine code of both.
      let work = try question.branches(3)
      guard question.isBaseline else {
        return Model(try question.scan(8, loadEvery: 8, of: bytes, compute: work))
      }
      let home = question.home(of: bytes)
      // Every eighth column fetches new lines; where a column's lines are not evicted before the
      // next seven columns, those find them in a cache. The next element is on another page.
      let stay = question.home(of: side * 64)
      let line =
        home == .l1
        ? Time.zero : try question.wordOfRows(side, in: bytes)
      let fetch =
        stay == home ? Time.zero : try question.randomLine(in: bytes) / 8
      return Model(
        longest(work.named("computation"), line.named("loads, each from another page"))
          + fetch.named("fetches of new lines", because: "Every eighth column needs them."))
    })
}

private func passes(_ side: Int) -> Passes { Passes(over: side * side, toReach: 1 << 17) }

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
