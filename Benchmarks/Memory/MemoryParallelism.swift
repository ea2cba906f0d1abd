import Harness
import Results
import Simulation

extension Experiment {
  /// Loads that wait for each other, and loads in flight together.
  static let bandwidth = Experiment(
    id: "memory/bandwidth",
    title: "Loads from memory: one dependent chain → several chains in flight",
    slot: "performance/memory/detection",
    claim: """
      Following several chains of pointers at once is faster than following them one after the other, \
      nearly by their number, until the core has no room for more misses; where the data are in the \
      first-level cache the gain ends much earlier.
      """,
    mechanism: """
      A load whose address is the previous load's value can't start before that value has arrived: \
      one line per full latency, a small share of the memory's bandwidth. Loads of different chains \
      are independent, and the core keeps as many misses in flight as it has buffers for: bandwidth \
      is parallelism divided by latency (Little's law). Both variants visit the same lines. The first \
      follows one link per iteration; the second also loads and stores the position of each chain.
      """,
    limits: """
      A list is one chain: independent work must exist in the data or the problem, as several \
      lookups, lists or queries. In sequential or strided order the hardware prefetchers do this \
      by themselves. Cores share the memory's bandwidth, so together they saturate it sooner. The \
      prediction is that of a closed queue, by mean value analysis. A core retires in order, so that \
      with many chains it also waits for the slowest, which is not in the prediction.
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
      Variant("one chain", shows: ["followOne"], prepare: cycle, run: followOne),
      Variant("many chains", shows: ["followMany"], prepare: cycle, run: followMany),
    ],
    model: { question throws(MissingNumber) in
      let bytes = Double(tableBytes(question.value))
      let latency = try question.chaseLatency(in: bytes)
      if question.isBaseline { return Model(latency.named("latency")) }
      // Each chain is a customer: it waits until its line has arrived, and one line at a time gets one
      // of the core's buffers, as often as loads from random places do that wait for nothing.
      let turn = try question.curve(.scatter, at: bytes)
      let chains = question.value
      let each = Ratio.function("MVA(\(chains))", of: turn / latency) {
        1 / Queueing.closedNetwork(users: chains, think: max(0, 1 - $0), demands: [$0]).throughput
      }
      return Model((each * latency).named("latency and queue, divided among the chains"))
    })
}

/// More than any cache holds; for one chain, where there is nothing to compare, as little as a
/// call visits.
private func tableBytes(_ chains: Int) -> Int { chains == 1 ? visits * 64 : 64 << 20 }
private let visits = LineCycle.visits

private func cycle(_ point: Point) -> LineCycle {
  LineCycle(point, bytes: tableBytes(point.value), chains: point.value)
}

@inline(never)
private func followOne(_ cycle: LineCycle) -> Int {
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
private func followMany(_ cycle: LineCycle) -> Int {
  let lines = cycle.lines.elements
  let heads = cycle.begin(cycle.chains)
  var positions = InlineArray<32, UInt32>(repeating: 0)
  for chain in heads.indices { positions[chain] = heads[chain] }
  var sum = 0
  for _ in 0..<visits / heads.count {
    for chain in 0..<heads.count {
      // Hidden, or the compiler gathers from sixteen chains at once and waits for the slowest.
      let line = opaque(Int(positions[chain]))
      sum &+= Int(lines[line].tag)
      positions[chain] = lines[line].next
    }
  }
  return sum
}
