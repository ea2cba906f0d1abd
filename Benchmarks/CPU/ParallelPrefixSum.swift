import Harness
import Results

extension Experiment {
  /// A prefix sum: one loop, vectors, and two passes over blocks by several threads.
  static let parallelPrefixSum = Experiment(
    id: "cpu/parallel-prefix-sum",
    title: "Prefix sum of a million integers: one loop → vectors, in blocks on several threads",
    slot: "performance/cpu/algorithmic",
    claim: """
      The prefix sum of an array that fits in the last cache is faster by vectors, and faster again \
      in blocks on several threads, though by less than their number, since all blocks but the \
      first are read twice and two barriers are waited for.
      """,
    mechanism: """
      Each total needs the one before, so the serial loop does one addition per cycle and the \
      compiler cannot vectorise it. A vector of four elements gets its own prefix sums in two \
      steps of shifting and adding; what was before it is one more addition, and only its last \
      lane is carried on: a chain of one addition per vector. The parallel form makes one block \
      more than there are threads. First, thread 0 scans block 0 while each other thread only \
      adds up its block, a loop that is limited by reading. Then each thread scans one more block \
      from the total that is now known. The extra block keeps all threads busy in the first pass \
      (Blelloch, *Prefix Sums and Their Applications*, 1990).
      """,
    limits: """
      Each of p threads scans 2/(2p + 1) of the elements, and adds up as many: where adding up \
      takes half as long as scanning, p threads are at most (2p + 1)/3 as fast as one. Some \
      thousands of elements take less time than the barriers. If one core nearly saturates the \
      memory bandwidth, arrays that no cache holds gain nothing. A scan that is fused with the \
      producer of its input or the consumer of its output saves a pass and beats any parallel scan.
      """,
    diagram: """
      flowchart TB
        subgraph before["one thread"]
          a["serial: {serial}"]
          v["vectors: {vectors}"]
        end
        subgraph after["blocks: {blocks}; drawn for two threads"]
          direction TB
          b["thread 0: scan block 0"] --> d["thread 0: scan block 2"]
          c["thread 1: add up block 1"] --> e["thread 1: scan block 1"]
          b -- "total" --> e
          c -- "total" --> d
        end
        before -- "{speedup} on {point} threads" --> after
      """,
    sweep: .threads(),
    needs: [.cores(2)],
    work: { _ in
      let elements = Double(PrefixSumInput.count)
      return Work(elements: elements, bytes: 16 * elements)
    },
    variants: [
      Variant(
        "serial", shows: ["scan"],
        prepare: { PrefixSumInput($0) },
        run: { input in
          _ = scan(input.values.opaqueElements, into: input.totals.elements, from: 0)
          return input.digest
        }),
      Variant(
        "vectors", isReference: true, shows: ["scanVectors", "prefixSums"],
        prepare: { PrefixSumInput($0) },
        run: { input in
          _ = scanVectors(input.values.opaqueElements, into: input.totals.elements, from: 0)
          return input.digest
        }),
      Variant(
        "blocks", shows: ["scanBlocks", "sum"],
        prepare: { try (PrefixSumInput($0), $0.team($0.value)) },
        run: { input, team in
          scanBlocks(input.values.opaqueElements, into: input.totals.elements, team)
          return input.digest
        }),
    ] + prefixSumYardsticks,
    headline: DeclaredHeadline(value: 2, variant: "blocks"),
    model: { question throws(MissingNumber) in Model(try PrefixSumModel(question).time()) })
}

/// Writes the prefix sum and returns the last total.
@inline(never)
func scan(
  _ values: UnsafeBufferPointer<Int>, into totals: UnsafeMutableBufferPointer<Int>, from start: Int
) -> Int {
  var total = start
  for index in values.indices {
    total &+= values[index]
    totals[index] = total
  }
  return total
}

/// The same, in vectors of four elements.
@inline(never)
func scanVectors(
  _ values: UnsafeBufferPointer<Int>, into totals: UnsafeMutableBufferPointer<Int>, from start: Int
) -> Int {
  var before = SIMD4(repeating: start)
  var index = 0
  while index &+ 8 <= values.count {
    // SAFETY: eight elements from `index` on are within both.
    let source = UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + index)
    let target = UnsafeMutableRawPointer(totals.baseAddress.unsafelyUnwrapped + index)
    let left = source.loadUnaligned(as: SIMD4<Int>.self).prefixSums
    let right = source.loadUnaligned(fromByteOffset: 32, as: SIMD4<Int>.self).prefixSums
    let middle = before &+ SIMD4(repeating: left[3])
    target.storeBytes(of: left &+ before, as: SIMD4<Int>.self)
    target.storeBytes(of: right &+ middle, toByteOffset: 32, as: SIMD4<Int>.self)
    before = middle &+ SIMD4(repeating: right[3])
    index &+= 8
  }
  var total = before[0]
  while index < values.count {
    total &+= values[index]
    totals[index] = total
    index &+= 1
  }
  return total
}

extension SIMD4<Int> {
  /// In two steps: each lane takes the one before it, and then the pair before its own.
  @inline(__always)
  fileprivate var prefixSums: SIMD4<Int> {
    var sums = self
    sums &+= SIMD4(0, sums[0], 0, sums[2])
    sums &+= SIMD4(0, 0, sums[1], sums[1])
    return sums
  }
}

@inline(never)
private func sum(_ values: UnsafeBufferPointer<Int>) -> Int { values.reduce(0, &+) }

@inline(never)
func scanBlocks(
  _ values: UnsafeBufferPointer<Int>, into totals: UnsafeMutableBufferPointer<Int>, _ team: Team
) {
  let blocks = ScanBlocks(of: values.count, for: team.count)
  func scanBlock(_ elements: Range<Int>, from start: Int) -> Int {
    scanVectors(
      UnsafeBufferPointer(rebasing: values[elements]),
      into: UnsafeMutableBufferPointer(rebasing: totals[elements]), from: start)
  }
  guard blocks.threads > 1 else {
    _ = scanBlock(values.indices, from: 0)
    return
  }
  withUnsafeTemporaryAllocation(of: Int.self, capacity: blocks.threads) { sums in
    team.run { member in
      guard member < blocks.threads else { return }
      sums[member] =
        member == 0
        ? scanBlock(blocks[0], from: 0)
        : sum(UnsafeBufferPointer(rebasing: values[blocks[member]]))
    }
    team.run { member in
      guard member < blocks.threads else { return }
      let block = member == 0 ? blocks.threads : member
      _ = scanBlock(blocks[block], from: sums[..<block].reduce(0, &+))
    }
  }
}
