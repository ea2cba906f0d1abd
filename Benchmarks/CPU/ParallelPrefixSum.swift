import Harness
import Results

extension Experiment {
  /// A prefix sum: one thread, and two passes over blocks by two threads.
  static let parallelPrefixSum = Experiment(
    id: "cpu/parallel-prefix-sum",
    title: "Prefix sum: one loop → two passes over blocks, on two threads",
    slot: "performance/cpu/algorithmic",
    claim: """
      The prefix sum of an array that fits in the caches is faster on two threads, but less than \
      twice as fast, since all blocks but the first are read twice; below some thousands of \
      elements the two barriers cost more than the second thread gains, and from memory the second \
      read cancels the gain.
      """,
    mechanism: """
      Each total needs the one before, so the serial loop does one addition per cycle and the \
      compiler cannot vectorise it. The parallel form makes three blocks for two threads. First, \
      thread 0 scans block 0 while thread 1 only adds up block 1, a loop that the compiler \
      vectorises and that is limited by reading. Then each thread scans one more block from the \
      total that is now known. The extra block keeps both threads busy in the first pass \
      (Blelloch, *Prefix Sums and Their Applications*, 1990).
      """,
    limits: """
      Two cores are few for an algorithm that does extra work to run in parallel: one thread scans \
      5/9 of the elements, so the speedup is at most 9/5. If one core nearly saturates the memory \
      bandwidth, nothing is gained. A scan that is fused with the producer of its input or the \
      consumer of its output saves a pass and beats any parallel scan.
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
      let elements = Double(Passes(over: count).count * count)
      return Work(elements: elements, bytes: 16 * elements)
    },
    variants: [
      Variant(
        "serial", shows: ["scan"],
        prepare: { PrefixSumInput($0) },
        run: { input in
          for _ in 0..<Passes(over: input.values.count).count {
            _ = scan(input.values.opaqueElements, into: input.totals.elements, from: 0)
          }
          return input.digest
        }),
      Variant(
        "blocks", shows: ["scanBlocks", "sum"],
        prepare: { try (PrefixSumInput($0), $0.team(2)) },
        run: { input, team in
          for _ in 0..<Passes(over: input.values.count).count {
            scanBlocks(input.values.opaqueElements, into: input.totals.elements, team)
          }
          return input.digest
        }),
    ] + prefixSumYardsticks,
    // Of the arrays that caches hold, the one whose time is not that of the barriers.
    headline: DeclaredHeadline(value: 65_536, variant: "blocks"),
    model: { question throws(MissingNumber) in Model(try prefixSumTime(question)) })
}

/// Writes the prefix sum and returns the last total.
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
  let first = PrefixSumInput.firstBlock(of: values.count)
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
