import Harness
import Results

extension Experiment {
  /// Loads that wait for each other, and loads that are on their way together.
  static let bandwidth = Experiment(
    id: "memory/bandwidth",
    title: "Loads from memory: one dependent chain → several chains in flight",
    slot: "performance/memory/detection",
    claim: """
      Following several chains of pointers at a time is faster than following them one after the \
      other, nearly by their number until the core has no more room for misses; where the data \
      are in the first-level cache the gain ends much earlier.
      """,
    mechanism: """
      A load whose address is the last load's value can't begin before that has arrived: one \
      line for each full latency, a few percent of what memory can deliver. Loads of different \
      chains do not wait for each other; the core keeps as many misses on their way as it has \
      buffers for. Both variants visit the same lines; the first is a loop of one load (`mov`), \
      the second goes round its chains and so loads and stores each chain's position as well. It \
      is latency divided by parallelism that makes bandwidth (Little's law).
      """,
    limits: """
      One list is one chain: what is independent must be there in the data or the problem, as \
      several lookups, several lists, several queries. In order and at fixed strides the \
      hardware's prefetchers do this by themselves. Cores that share the memory share what it \
      has: all of them together reach its limit sooner. \
      The prediction knows how fast one thread loads from random places of as large a table when \
      none waits for another; with a few chains it takes all loads to be equally long, while the \
      core waits for the slowest of them.
      """,
    diagram: """
      flowchart LR
        subgraph before["one chain: {one chain}"]
          direction LR
          a1["miss"] --> a2["miss"] --> a3["miss"] --> a4["miss"]
        end
        subgraph after["many chains: {many chains}"]
          direction TB
          b1["miss"] --> c1["miss"]
          b2["miss"] --> c2["miss"]
          b3["miss"] --> c3["miss"]
        end
        before -- "{speedup} with {point} chains" --> after
      """,
    sweep: .count(
      "chains", [2, 4, 8, 16, 32], smoke: 1, needs: { [.memory(4 * tableBytes($0))] }),
    signals: ["cycles"],
    work: { _ in Work(elements: Double(visits), each: "line", bytes: Double(visits * 64)) },
    variants: [
      Variant(
        "one chain", shows: ["Line", "followOne"], prepare: { Cycle($0) }, run: followOne),
      Variant(
        "many chains", shows: ["Line", "followMany"], prepare: { Cycle($0) }, run: followMany),
    ],
    predict: { question throws(MissingNumber) in
      let chains = Double(question.value)
      let bytes = Double(tableBytes(question.value))
      let wait = try question.chaseLatency(in: bytes)
      let apart = try question.curve(.scatter, at: bytes)
      return Prediction(
        speedup: wait / max(wait / chains, apart),
        because: """
          A load of one chain waits \(wait.brief) ns. \(chains.brief) chains share that, until \
          loads come as fast as they do from random places of such a table when none waits for \
          another: one in \(apart.brief) ns.
          """)
    })
}

/// More than any cache holds; for one chain, where there is nothing to compare, as little as a
/// call visits.
private func tableBytes(_ chains: Int) -> Int { chains == 1 ? visits * 64 : 64 << 20 }
/// Lines visited in one kernel call.
private let visits = 16_384
/// Each such stretch of the cycle has the same sum, so that every call has the same result.
private let period = 512

/// One cache line of the table.
private struct Line {
  var next: UInt32
  var tag: UInt32
  var rest: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
}

/// A random cycle through a table that no cache holds.
private final class Cycle: @unchecked Sendable {
  let lines: AlignedBuffer<Line>
  /// The lines in the order of the cycle, to begin at any place of it.
  let order: [UInt32]
  let chains: Int
  /// The period at which the next call begins, so that it finds nothing of the last in the caches.
  var turn = 0

  init(_ point: Point) {
    let count = tableBytes(point.value) / MemoryLayout<Line>.stride
    let cycle = VisitCycle(count, for: point)
    var order = [UInt32](repeating: 0, count: count)
    var tags = [UInt32](repeating: 0, count: period)
    var line = 0
    for place in 0..<count {
      line = cycle.successor(line)
      order[place] = UInt32(line)
      // Where in its period a line stands follows from its lowest bits.
      if place < period { tags[line % period] = UInt32(place) }
    }
    self.order = order
    lines = AlignedBuffer(count: count) {
      Line(next: UInt32(truncatingIfNeeded: cycle.successor($0)), tag: tags[$0 % period])
    }
    chains = point.value
  }

  /// Where this call's chains begin, each to be followed for `visits / chains` lines.
  ///
  /// They begin a step more than equally far apart: lines that are a period apart on the cycle
  /// fall into the same set of a cache, which would limit how many of them can be on their way.
  func begin(_ chains: Int) -> [UInt32] {
    defer { turn = (turn + visits / period) % (order.count / period) }
    return (0..<chains).map { order[(turn * period + $0 * (visits / chains + 1)) % order.count] }
  }
}

@inline(never)
private func followOne(_ cycle: Cycle) -> Int {
  let lines = cycle.lines.elements
  var line = cycle.begin(1)[0]
  var sum = 0
  for _ in 0..<visits {
    sum &+= Int(lines[Int(line)].tag)
    line = lines[Int(line)].next
  }
  return sum
}

@inline(never)
private func followMany(_ cycle: Cycle) -> Int {
  let lines = cycle.lines.elements
  let heads = cycle.begin(cycle.chains)
  var positions = InlineArray<32, UInt32>(repeating: 0)
  for chain in heads.indices { positions[chain] = heads[chain] }
  var sum = 0
  for _ in 0..<visits / heads.count {
    for chain in 0..<heads.count {
      let line = Int(positions[chain])
      sum &+= Int(lines[line].tag)
      positions[chain] = lines[line].next
    }
  }
  return sum
}
