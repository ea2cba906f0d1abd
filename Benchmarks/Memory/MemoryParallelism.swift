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
      So it is with chains whose lines fall into the same set of the first-level cache, as these \
      do, which begin a power of two of steps apart: each line on its way is given one of the \
      set's few ways, and further misses wait for one. The prediction takes all loads to be \
      equally long; with many chains the core waits for the slowest of them.
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
      let parallel = try question.number("mlp.memory")
      let chains = Double(question.value)
      let room = question.geometry(of: .l1).flatMap { waysShared(by: question.value, $0) }
      return Prediction(
        speedup: min(chains, parallel, room ?? parallel),
        because: """
          \(chains.brief) chains, of which the core keeps at most \(parallel.brief) loads from \
          memory on their way\(room.map { """
            , and at most \($0.brief) into one set of the first-level cache, into which the lines \
            of all chains fall at any time
            """ } ?? "").
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

/// Lines that can be on their way to the first-level cache, if the chains' lines all fall into one
/// set of it. Chains begin `visits / chains` steps apart on a cycle whose lowest bits go round in
/// so many steps (`VisitCycle`): their lines' numbers have those bits in common at any time.
private func waysShared(by chains: Int, _ cache: (sets: Int, ways: Int)) -> Double? {
  visits / chains % cache.sets == 0 ? Double(cache.ways) : nil
}

/// One cache line of the table.
private struct Line {
  var next: UInt32
  var tag: UInt32
  var rest: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
}

/// A random cycle through a table that no cache holds, and where each period of it begins.
private final class Cycle: @unchecked Sendable {
  let lines: AlignedBuffer<Line>
  let beginnings: [UInt32]
  let chains: Int
  /// The period at which the next call begins, so that it finds nothing of the last in the caches.
  var turn = 0

  init(_ point: Point) {
    let count = tableBytes(point.value) / MemoryLayout<Line>.stride
    let cycle = VisitCycle(count, for: point)
    var beginnings: [UInt32] = []
    var tags = [UInt32](repeating: 0, count: period)
    var line = 0
    for place in 0..<count {
      line = cycle.successor(line)
      if place % period == 0 { beginnings.append(UInt32(line)) }
      // Where in its period a line stands follows from its lowest bits.
      if place < period { tags[line % period] = UInt32(place) }
    }
    self.beginnings = beginnings
    lines = AlignedBuffer(count: count) {
      Line(next: UInt32(truncatingIfNeeded: cycle.successor($0)), tag: tags[$0 % period])
    }
    chains = point.value
  }

  /// The first periods of this call's chains, each to be followed for `visits / chains` lines.
  func begin(_ chains: Int) -> [UInt32] {
    defer { turn = (turn + visits / period) % beginnings.count }
    return (0..<chains).map { beginnings[turn + $0 * (visits / chains / period)] }
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
