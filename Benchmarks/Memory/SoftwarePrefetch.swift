import Harness
import Results
import Techniques

extension Experiment {
  /// Records that an index names, with work on each: wait for them, or ask in time.
  static let softwarePrefetch = Experiment(
    id: "memory/software-prefetch",
    title: "Gather by index with work on each record: wait → ask in time",
    slot: "performance/memory/detection",
    claim: """
      Work on records that an index names at random is faster when each record is asked for some \
      iterations before its use, where the table outgrows the caches and the work on a record is \
      long enough to fill the core's queues while it waits; in the nearest caches it does nothing.
      """,
    mechanism: """
      An out-of-order core runs ahead of a miss until what waits for the missing data fills one \
      of its queues. With little work on a record that is many iterations, and the core overlaps \
      the misses by itself. Here a record costs a chain of 24 multiplications and additions, all \
      of which wait: the multiplier's queue is full after one record, and dispatch stops long \
      before the window of some hundred instructions is used. The hardware's \
      prefetchers see no pattern in random places. The index is known far ahead: one more load \
      and `prefetcht0` an iteration ask for the record that comes a fixed number of iterations \
      later. That is all that differs in the machine code.
      """,
    limits: """
      With short work the core does the same by itself, and an instruction is lost. A distance \
      too short comes late, one too long is evicted before its use. Where the next address \
      depends on the record itself, nothing can be asked for: see `memory/bandwidth` for several \
      chains. Pages whose translation is not cached need a walk, which some cores drop. \
      Each call visits the same places, a part of the table; how many of them a third level that is \
      shared with others still holds is not the same from one minute to the next.
      """,
    diagram: """
      flowchart LR
        index["index: 7, 81, 3, 60, …"]
        subgraph before["wait: {wait}"]
          r1["record 7: miss"] --> w1["work"] --> r2["record 81: miss"] --> w2["work"]
        end
        subgraph after["ask 16 ahead: {ask 16 ahead}"]
          p["prefetch record 60"] -.-> l1["line on its way"]
          w3["work on 7"] --> w4["work on 81"]
        end
        others["ask 4 ahead: {ask 4 ahead}, ask 64 ahead: {ask 64 ahead}"]
        index --> before
        index --> after
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes(
      "table", [32 << 10, 512 << 10, 8 << 20, 128 << 20], smoke: 4 << 10,
      needs: { [.memory(4 * $0)] }),
    signals: ["cycles"],
    work: { _ in Work(elements: Double(visits), each: "visit", bytes: Double(visits * 64)) },
    variants: [
      Variant(
        "wait", shows: ["Record", "visit", "gather"], prepare: { Gather($0, ahead: 0) },
        run: gather)
    ]
      + [64, 4, 16].map { distance in
        Variant(
          "ask \(distance) ahead", shows: ["Record", "visit", "gatherAhead"],
          prepare: { Gather($0, ahead: distance) }, run: gatherAhead)
      },
    predict: { question throws(MissingNumber) in
      let reach = try question.randomLatency(in: Double(question.value))
      let chain =
        links * (try question.number("mul.integer.latency"))
        + links * (try question.number("add.integer.latency"))
      // A record's load is dispatched when the multiplications of the one before are all in their
      // queue: that is when the chain of the one before that ends. It is wanted a chain later.
      let waiting = max(chain, (reach + chain) / 2)
      // The request goes out that early too, and as many records earlier as one asks ahead.
      let ahead = Double(question.candidate.split(separator: " ")[1]) ?? 0
      let asking = max(chain, reach / (ahead + 1))
      return Prediction(
        speedup: waiting / asking,
        because: """
          A record is \(reach.brief) ns away, its chain takes \(chain.brief) ns. The \
          multiplications of one record fill their queue (Zen 4: \(links.brief) entries), so that \
          a load sets out when the chain of the record but one before it ends: two records in the \
          time of one way and one chain, \(waiting.brief) ns each. Asked for \(ahead.brief) ahead, \
          the way has \((ahead + 1).brief) records' time: \(asking.brief) ns.
          """)
    })
}

/// A multiplication and an addition each. As many multiplications can wait for their operands: one
/// of the four integer schedulers, of 24 entries each, serves the only multiplier. Source: AMD,
/// *Software Optimization Guide for the AMD Zen 4 Microarchitecture*, document 57647, on the
/// integer execution unit.
private let links = 24.0
private let visits = 16_384

/// 64 bytes: one cache line.
private struct Record {
  var key: UInt64
  var rest: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
}

private final class Gather: Sendable {
  let records: AlignedBuffer<Record>
  /// Another place each time, beyond the end as far as one asks ahead.
  let index: AlignedBuffer<Int32>
  let ahead: Int

  init(_ point: Point, ahead: Int) {
    var random = point.generator()
    let count = point.value / MemoryLayout<Record>.stride
    records = AlignedBuffer(count: count) { Record(key: UInt64($0)) }
    index = AlignedBuffer(count: visits + 64) { _ in
      .random(in: 0..<Int32(count), using: &random)
    }
    self.ahead = ahead
  }
}

/// A chain of dependent steps, as a hash or a parser makes them.
@inline(__always)
private func visit(_ key: UInt64, _ state: UInt64) -> UInt64 {
  var mixed = key ^ (state & 1)
  for _ in 0..<Int(links) { mixed = mixed &* 0x9E37_79B9_7F4A_7C15 &+ key }
  return mixed
}

@inline(never)
private func gather(_ input: Gather) -> UInt64 {
  let (records, index) = (input.records.elements, input.index.elements)
  var state: UInt64 = 0
  for number in 0..<visits { state ^= visit(records[Int(index[number])].key, state) }
  return state
}

@inline(never)
private func gatherAhead(_ input: Gather) -> UInt64 {
  let (records, index) = (input.records.elements, input.index.elements)
  let ahead = input.ahead
  var state: UInt64 = 0
  for number in 0..<visits {
    CacheLines.prefetch(records.baseAddress! + Int(index[number + ahead]))
    state ^= visit(records[Int(index[number])].key, state)
  }
  return state
}
