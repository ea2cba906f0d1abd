import Harness
import Results
import Techniques

extension Experiment {
  /// A matrix turned over its diagonal: element by element, tile by tile, and in registers.
  static let tiledTranspose = Experiment(
    id: "memory/tiled-transpose",
    title: "Transposing a matrix: row by row → tiles of 8 × 8 → tiles of 16 × 16 in registers",
    slot: "performance/memory/layout",
    claim: """
      Transposing in tiles of 16 × 16 floats, turned in vector registers, is some three times \
      faster than going row by row, or more; at a side that is a power of two, such as 1,024 beside \
      1,008, going row by row is several times slower again. A plain copy remains faster than all.
      """,
    mechanism: """
      One of the two matrices is gone over by columns: row by row, each store goes to another \
      line, a row away. A line holds sixteen results, and if the column's lines do not stay near \
      until the next fifteen rows have used them, each is fetched sixteen times. **The trap:** a \
      cache has few places (ways) for all lines with the same middle bits of the address. At rows \
      of 4 KiB a whole column competes for one set of the first level, eight lines, and for 32 \
      sets of the second. Small tiles end their lines' use soon enough. A tile in registers \
      touches each line once, as one vector: 16 loads, 64 permutations (`vpermt2ps`), 16 stores \
      for 256 elements, against a load and a store for each.
      """,
    limits: """
      A matrix in the first level has nothing to wait for; there the registers save instructions \
      alone. Reading both layouts where they are needed may spare the transposition altogether. \
      Padding the rows (1,040 in the place of 1,024) takes the trap away from code that cannot be \
      changed. The sides here are multiples of 16: edges would take a loop of their own. In place, \
      or with large elements, other tiles are best. \
      The prediction has tiles copied at the pace of lines in order, and a column's lines bound by \
      the sets that they fall into. Where the matrix is in memory each line of a tile is on another \
      page, which such a pace does not cover; and it falls short of the full price of sides that \
      are powers of two.
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
          d["16 vectors read"] --> e["64 permutations"] --> f["16 vectors written"]
        end
        before --> tiles -- "{speedup} at {point} in all" --> after
      """,
    sweep: .count(
      "side length", [64, 256, 496, 512, 1_008, 1_024, 2_032, 2_048], smoke: 64,
      label: { "n = \($0)" }
    ).asCases(),
    signals: ["cache misses", "L1 dcache load misses", "dTLB load misses"],
    work: { side in
      let elements = Double(passes(side).count * side * side)
      return Work(elements: elements, bytes: elements * 8)
    },
    variants: [
      Variant(
        "row by row", shows: ["transposeByRows"], prepare: { Pair($0.value) },
        run: { pair in pair.run(transposeByRows) }),
      Variant(
        "tiles of 8", shows: ["transposeByTiles"], prepare: { Pair($0.value) },
        run: { pair in pair.run(transposeByTiles) }),
      Variant(
        "in registers", shows: ["transposeInRegisters"],
        prepare: { Pair($0.value) }, run: { pair in pair.run(transposeInRegisters) }),
    ],
    predict: predictTransposition)
}

private func predictTransposition(_ question: Question) throws(MissingNumber) -> Prediction? {
  let side = Double(question.value)
  // A cycle is what an integer addition takes. Row by row an element has three branches (one that
  // is taken and two for overflow), of which a core makes two a cycle (Software Optimization Guide
  // for the AMD Zen4 Microarchitecture, 57647, 2.10.1); tiles are unrolled, a store a cycle.
  let cycle = try question.number("add.integer.latency")
  let home = question.home(of: 8 * side * side)
  let stay = question.home(ofColumn: question.value)
  let first = try question.line(ofColumn: question.value, from: home)
  let again = try question.line(ofColumn: question.value, from: stay)
  let byRows = (max(1.5 * cycle, first) + 15 * max(1.5 * cycle, again)) / 16
  let copy = 8e9 / (try question.number("bandwidth.copy.\(home.rawValue)"))
  let isTiled = question.candidate == "tiles of 8"
  // 64 permutations for 256 elements, each an instruction on a whole vector.
  let work = isTiled ? cycle : try question.number("fma.throughput.512") / 4
  return Prediction(
    speedup: byRows / max(work, copy),
    because: """
      A column's \(question.value) lines come from \(home.title) once (\(first.brief) ns each) and \
      are wanted fifteen times more, from \(stay.title), where the sets that they fall into hold \
      them (\(again.brief) ns): \(byRows.brief) ns an element. In tiles each line moves once: 8 \
      bytes of copying in \(home.title) (\(copy.brief) ns), or \
      \(isTiled ? "a store a cycle" : "a quarter of a vector instruction") (\(work.brief) ns).
      """)
}

extension Question {
  /// Lines of one column that a cache can hold: those of the sets that its rows fall into.
  fileprivate func room(inColumn side: Int, of level: MemoryLevel) -> Double? {
    guard let (sets, ways) = geometry(of: level) else { return nil }
    let step = max(1, side * 4 / 64)
    return Double(sets / greatestCommonDivisor(sets, step) * ways)
  }

  /// The nearest level that holds the lines of one column.
  fileprivate func home(ofColumn side: Int) -> MemoryLevel {
    [.l1, .l2, .l3].first { level in
      guard let capacity = capacity(of: level) else { return false }
      let room = min(Double(capacity / 64), room(inColumn: side, of: level) ?? .infinity)
      return Double(side) <= room
    } ?? .memory
  }

  /// Time of one of a column's lines, which is fetched and, since it is written, goes back when
  /// another takes its place. Many are under way at a time, though no more than there is room for
  /// in the first level.
  fileprivate func line(
    ofColumn side: Int, from level: MemoryLevel
  ) throws(MissingNumber) -> Double {
    guard level != .l1 else { return 0 }
    let moved = 2 * 64e9 / (try number("bandwidth.copy.\(level.rawValue)"))
    let room = room(inColumn: side, of: .l1) ?? .infinity
    return max(moved, try overlappedLine(from: level), try latency(of: level) / room)
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}

private func passes(_ side: Int) -> Passes { Passes(over: side * side, toReach: 1 << 15) }

/// A matrix and the place for its transposed.
private struct Pair: Sendable {
  let from: AlignedBuffer<Float>
  let to: AlignedBuffer<Float>
  let side: Int

  init(_ side: Int) {
    self.side = side
    from = AlignedBuffer(count: side * side) { Float($0 & 0xff_ffff) }
    to = AlignedBuffer(count: side * side) { _ in 0 }
  }

  /// Gives a digest of elements at all places of a tile, few enough not to count.
  func run(_ transpose: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void) -> Int {
    let (source, target) = (from.elements.baseAddress!, to.elements.baseAddress!)
    for _ in 0..<passes(side).count { transpose(source, target, opaque(side)) }
    var digest = 0
    for row in 0..<side {
      digest &+= Int(target[row * side + (row * 5 + row / 16) % side]) &* (row + 1)
    }
    return digest
  }
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
