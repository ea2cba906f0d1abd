import Harness
import Results

extension Experiment {
  /// Running totals: one thread, and two passes over blocks by two.
  static let parallelPrefixSum = Experiment(
    id: "cpu/parallel-prefix-sum",
    title: "Running totals: one loop → two passes over blocks",
    slot: "performance/cpu/algorithmic",
    claim: """
      Running totals of an array that caches hold are faster on two threads by less than twice, \
      since all but the first block are read twice; below some thousands of elements the two \
      barriers cost more than is gained, and from memory the second reading eats the gain up.
      """,
    mechanism: """
      Each total needs the one before: one addition a cycle is all that the serial loop can do, and \
      the compiler cannot vectorise it. The parallel form makes three blocks for two threads. \
      First, thread 0 scans block 0 while thread 1 only adds up block 1, a loop that the compiler \
      vectorises and that is bound by reading. Then each scans one more block from the total that \
      is now known. Source: Blelloch, *Prefix Sums and Their Applications*, 1990; the extra block \
      is there so that nobody is idle in the first pass.
      """,
    limits: """
      Two cores are few for an algorithm that does more work in order to do it side by side: the \
      bound is the share of elements that one thread scans, here 5/9, and with a memory that one \
      core nearly saturates there is no gain. A scan that is fused with what makes its input, or \
      with what uses its output, saves a pass and is better than any parallel scan.
      """,
    diagram: """
      flowchart TB
        subgraph before["serial: {serial}"]
          a["thread 0: scan all"]
        end
        subgraph after["blocks: {blocks}"]
          direction TB
          b["thread 0: scan block 0"] --> d["thread 0: scan block 2"]
          c["thread 1: add up block 1"] --> e["thread 1: scan block 1"]
          b -- "total" --> e
          c -- "total" --> d
        end
        before -- "{speedup} for {point} elements" --> after
      """,
    sweep: .count("elements", [4_096, 65_536, 1 << 20, 1 << 22], smoke: 4_096),
    needs: [.cores(2)],
    work: { count in
      let elements = Double(passes(count).count * count)
      return Work(elements: elements, bytes: 16 * elements)
    },
    variants: [
      Variant(
        "serial", shows: ["scan"],
        prepare: { Scan($0) },
        run: { input in
          for _ in 0..<passes(input.values.count).count {
            _ = scan(input.values.opaqueElements, into: input.totals.elements, from: 0)
          }
          return input.digest
        }),
      Variant(
        "blocks", shows: ["scanBlocks", "sum"],
        prepare: { try (Scan($0), $0.team(2)) },
        run: { input, team in
          for _ in 0..<passes(input.values.count).count {
            scanBlocks(input.values.opaqueElements, into: input.totals.elements, team)
          }
          return input.digest
        }),
    ],
    predict: predictScan)
}

private func predictScan(_ question: OldQuestion) throws(MissingNumber) -> Prediction? {
  let addition = try question.number("add.integer.latency")
  let round = try question.number("team.round")
  // Both arrays compete for the caches.
  let bytes = 16 * Double(question.value)
  let warm = try Pace(question, in: bytes)
  // A long call finds what the two others, with arrays of their own, have left since its last.
  let cold = try Pace(question, in: 3 * bytes)
  let isCold = SampleLength.isCold(warm.serial)
  let pace = isCold ? cold : warm
  let after = SampleLength.isCold(warm.blocks) ? cold.blocks : warm.blocks
  let why = isCold ? ", since the others' arrays have gone through the caches" : ""
  return Prediction(
    speedup: pace.serial / after,
    because: """
      Scanning costs the longer of an addition (\(addition.brief) ns) and moving 16 bytes, of \
      which \((100 * pace.far).brief)% come from memory\(why): \(pace.scanned.brief) ns an \
      element. Adding up costs reading: \(pace.read.brief) ns. Of nine parts thread 0 scans one and \
      then four, thread 1 adds up four and then scans them, both at the pace of the memory that \
      they share for those lines; each of two rounds of the team costs \(round.brief) ns.
      """)
}

/// Enough elements for some microseconds.
private func passes(_ count: Int) -> Passes { Passes(over: count, toReach: 1 << 14) }

/// What a pass costs if its arrays are found where `workingSet` bytes are that are gone over in
/// order again and again.
private struct Pace {
  /// Nanoseconds an element, scanned by one thread or added up.
  let scanned, read: Double
  /// Share of the lines that come from memory.
  let far: Double
  /// Nanoseconds of a call.
  let serial, blocks: Double

  init(_ question: OldQuestion, in workingSet: Double) throws(MissingNumber) {
    let addition = try question.number("add.integer.latency")
    let round = try question.number("team.round")
    let count = Double(question.value)
    far = try question.shareOfMemory(in: workingSet)
    scanned = max(addition, 16 / (try question.bandwidth("copy", in: workingSet)))
    read = 8 / (try question.bandwidth("read", in: workingSet))
    // What comes from memory, the two threads share.
    let copiedByAll = 16 / (try question.number("bandwidth.copy.memory.all") / 1e9)
    let readByAll = 8 / (try question.number("bandwidth.read.memory.all") / 1e9)
    let share = Double(Blocks.first(count: 9, ratio: 4)) / 9
    let half = (1 - share) / 2
    let first = max(share * scanned, half * read, far * (share * copiedByAll + half * readByAll))
    let second = max(half * scanned, far * 2 * half * copiedByAll)
    serial = count * scanned
    blocks = count * (first + second) + 2 * round
  }
}

/// An array and where its running totals go.
private struct Scan: @unchecked Sendable {
  // SAFETY (@unchecked): members of a team write to blocks of their own.
  let values: AlignedBuffer<Int>
  let totals: AlignedBuffer<Int>

  init(_ point: Point) {
    var random = point.generator()
    values = AlignedBuffer(count: point.value) { _ in .random(in: -1_000...1_000, using: &random) }
    totals = AlignedBuffer(count: point.value) { _ in 0 }
  }

  /// Some totals in every block, and the last one: looking at all would be work like the scan's.
  var digest: Int {
    let count = totals.count
    return stride(from: count - 1, to: -1, by: -(count / 64)).reduce(0) {
      $0 &* 31 &+ totals.elements[$1]
    }
  }
}

/// Where the blocks end, for two threads.
private enum Blocks {
  /// Elements of block 0, so that scanning it takes as long as adding up block 1, which is as
  /// large as block 2. `ratio`: how much faster is adding up.
  static func first(count: Int, ratio: Int) -> Int { count / (2 * ratio + 1) }
}

/// Writes the running totals and returns the last.
@inline(never)
private func scan(
  _ values: UnsafeBufferPointer<Int>, into totals: UnsafeMutableBufferPointer<Int>, from start: Int
) -> Int {
  var total = start
  for index in values.indices {
    total &+= values[index]
    totals[index] = total
  }
  return total
}

@inline(never)
private func sum(_ values: UnsafeBufferPointer<Int>) -> Int { values.reduce(0, &+) }

@inline(never)
private func scanBlocks(
  _ values: UnsafeBufferPointer<Int>, into totals: UnsafeMutableBufferPointer<Int>, _ team: Team
) {
  let first = Blocks.first(count: values.count, ratio: 4)
  let second = first + (values.count - first) / 2
  let blocks = [0..<first, first..<second, second..<values.count]
  func scanBlock(_ block: Int, from start: Int) -> Int {
    scan(
      UnsafeBufferPointer(rebasing: values[blocks[block]]),
      into: UnsafeMutableBufferPointer(rebasing: totals[blocks[block]]), from: start)
  }
  var (totalOfFirst, totalOfSecond) = (0, 0)
  team.run { member in
    if member == 0 {
      totalOfFirst = scanBlock(0, from: 0)
    } else {
      totalOfSecond = sum(UnsafeBufferPointer(rebasing: values[blocks[1]]))
    }
  }
  let (start, middle) = (totalOfFirst, totalOfFirst &+ totalOfSecond)
  team.run { member in
    _ = member == 0 ? scanBlock(2, from: middle) : scanBlock(1, from: start)
  }
}
