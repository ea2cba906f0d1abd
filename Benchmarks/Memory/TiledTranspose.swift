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
      of 4 KiB a whole column competes for one set of the first level, a dozen lines or fewer, and \
      for a few of the sets of the second. Small tiles end their lines' use soon enough. A tile in \
      registers touches each line once, as one vector: 16 loads, 64 permutations (`vpermt2ps`), 16 \
      stores for 256 elements, against a load and a store for each.
      """,
    limits: """
      A matrix in the first level has nothing to wait for; there the registers save instructions \
      alone. Reading both layouts where they are needed may spare the transposition altogether. \
      Padding the rows (1,040 in the place of 1,024) takes the trap away from code that cannot be \
      changed. The sides here are multiples of 16: edges would take a loop of their own. In place, \
      or with large elements, other tiles are best. \
      The prediction has the price of crowded sets from stores that follow each other at once. It \
      depends on how many of them a core's queue holds, whose lines push each other out again: \
      with work between the stores it is lower, by how much no number tells. Nor does the \
      prediction know how far apart lines may lie that a processor fetches ahead.
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

private func predictTransposition(_ question: OldQuestion) throws(MissingNumber) -> Prediction? {
  let side = Double(question.value)
  let column = try Column(question)
  let rows = try Way.rows(question)
  let tiles = try Way.tiles(question)
  let registers = try Way.registers(question)
  let bytes = 8 * side * side
  let lines = side * side / 16 * Double(passes(question.value).count)
  let home = question.home(of: bytes)
  // A long call finds what the others have left: two more variants' pairs, and those of the
  // baseline's second turn.
  let other = question.home(of: 4 * bytes)
  func line(_ way: Way) throws(MissingNumber) -> Double {
    let warm = try column.line(way, from: home)
    return SampleLength.isCold(lines * warm) ? try column.line(way, from: other) : warm
  }
  let isTiled = question.candidate == "tiles of 8"
  let before = try line(rows)
  let after = try line(isTiled ? tiles : registers)
  return Prediction(
    speedup: before / after,
    because: """
      Sixteen elements are a line read and a line written, from \(home.title) at first. Row by \
      row the written line is visited sixteen times, each with \(rows.work.brief) ns of branches; \
      a column's \(question.value) lines stay in \(column.stay.title), and one costs \
      \((try column.again()).brief) ns when it comes again: \(before.brief) ns. \
      \(isTiled ? "In tiles it is visited twice" : "In registers it is visited once"), with \
      \((isTiled ? tiles : registers).work.brief) ns of \
      \(isTiled ? "stores" : "permutations and copying"): \(after.brief) ns.
      """)
}

/// How a line of the result is written.
private struct Way {
  /// Times that it is come back to.
  let visits: Double
  /// Nanoseconds of instructions in each.
  let work: Double

  /// An element has three branches: one that is taken and two for overflow.
  static func rows(_ question: OldQuestion) throws(MissingNumber) -> Way {
    Way(visits: 16, work: try question.branches(3))
  }

  /// Eight stores, each with a branch.
  static func tiles(_ question: OldQuestion) throws(MissingNumber) -> Way {
    let store = try question.number("store.throughput")
    return Way(visits: 2, work: max(8 * store, try question.branches(8)))
  }

  /// 64 permutations for sixteen lines, each an instruction on a whole vector; and then copying,
  /// since a tile's stores wait for the last step of its permutations.
  static func registers(_ question: OldQuestion) throws(MissingNumber) -> Way {
    let permutations = 4 * (try question.number("fma.throughput.512"))
    return Way(
      visits: 1, work: permutations + 128e9 / (try question.number("bandwidth.copy.l1")))
  }
}

/// The lines that one column of the result lies in.
private struct Column {
  let question: OldQuestion
  /// The nearest level that holds them all, by the sets that they fall into.
  let stay: MemoryLevel
  /// The least time between two of them where the first level doesn't hold them: the sets that they
  /// fall into are crowded.
  private let turn: Double

  init(_ question: OldQuestion) throws(MissingNumber) {
    self.question = question
    let stride = question.value * 4
    stay =
      [.l1, .l2, .l3].first { question.holds(question.value, atStride: stride, in: $0) }
      ?? .memory
    let sets = question.sets(of: .l1, atStride: stride)?.count ?? question.value
    turn = stay == .l1 ? 0 : try question.curve(.crowdedStore, at: Double(sets))
  }

  /// Time of a line written and a line read, which come from `home` at first. In the caches work
  /// goes on while they come; memory's lines are awaited, for much longer than a core has work.
  func line(_ way: Way, from home: MemoryLevel) throws(MissingNumber) -> Double {
    let first = try max(turn, pair(from: home))
    let visit = home == .memory ? way.work + first : max(way.work, first)
    return visit + (way.visits - 1) * max(way.work, try again())
  }

  /// Both are moved, and one goes back. Written lines are a row apart, so that nothing fetches
  /// them ahead.
  private func pair(from level: MemoryLevel) throws(MissingNumber) -> Double {
    guard level != .l1 else { return 0 }
    let moved = 128e9 / (try question.number("bandwidth.copy.\(level.rawValue)"))
    return level == .memory ? max(moved, try question.overlappedLine(from: level)) : moved
  }

  /// Time of a line that is wanted again: it comes and another one goes, each at the pace of words
  /// that lie far apart.
  func again() throws(MissingNumber) -> Double {
    switch stay {
    case .l1: return 0
    case .l2:
      return max(turn, 2 * (try question.stridedWord(256, in: Double(64 * question.value))))
    case .l3, .memory: return max(turn, try pair(from: stay))
    }
  }
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
