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
      of which wait: the queue that feeds the multiplier is full before two records are in it, and \
      dispatch stops long before the window of some hundred instructions is used. The hardware's \
      prefetchers see no pattern in random places. The index is known far ahead: one more load \
      and `prefetcht0` an iteration ask for the record that comes a fixed number of iterations \
      later. That is all that differs in the machine code.
      """,
    limits: """
      With short work the core does the same by itself, and an instruction is lost. A distance \
      too short comes late, one too long is evicted before its use. Where the next address \
      depends on the record itself, nothing can be asked for: see `memory/bandwidth` for several \
      chains. Pages whose translation is not cached need a walk, which some cores drop. \
      Each call visits the next part of the table; of one that is not much larger than a third \
      level, others who share that decide how much is still there.
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
        run: { input in input.turns.next { gather(input, opaque($0)) } })
    ]
      + [farthest, 4, 16].map { distance in
        Variant(
          "ask \(distance) ahead", shows: ["Record", "visit", "gatherAhead"],
          prepare: { Gather($0, ahead: distance) },
          run: { input in input.turns.next { gatherAhead(input, opaque($0)) } })
      },
    predict: { question throws(MissingNumber) in
      // A sample is a call, after one that warms up. A record's first visit in these finds what the
      // other variants, and this one once more as its own proof, have left of their tables.
      let bytes = Double(question.value)
      let part = Double(visits) / (bytes / 64)
      let first = Turns.firstVisits(perLine: 1, rounds: part, after: part)
      let reach =
        first * (try question.chaseLatency(in: 5 * bytes))
        + (1 - first) * (try question.chaseLatency(in: bytes))
      // Besides the links three operations carry the state from record to record.
      let addition = try question.number("add.integer.latency")
      let chain = links * (try question.number("mul.integer.latency")) + (links + 3) * addition
      // A record's load is dispatched when the multiplications of the one before are all in their
      // queue: that is when the chain of the one before that ends. It is wanted a chain later.
      let waiting = max(chain, (reach + chain) / 2)
      // The request goes out that early too, and as many records earlier as one asks ahead.
      let ahead = Double(question.candidate.split(separator: " ")[1]) ?? 0
      let asking = max(chain, reach / (ahead + 1))
      return Prediction(
        speedup: waiting / asking,
        because: """
          A record is \(reach.brief) ns away, its chain takes \(chain.brief) ns. What \
          waits of one record fills its queue, so that \
          a load sets out when the chain of the record but one before it ends: two records in the \
          time of one way and one chain, \(waiting.brief) ns each. Asked for \(ahead.brief) ahead, \
          the way has \((ahead + 1).brief) records' time: \(asking.brief) ns.
          """)
    })
}

/// A multiplication and an addition each. One record can wait for its operands and two cannot: of
/// the four integer schedulers of Zen 4, with 24 entries each, one serves the only multiplier; the
/// one of Zen 5 has 88 entries for all that waits, 51 of a record. Source: AMD, *Software
/// Optimization Guide* for the two, documents 57647 and 58455, on the integer execution unit.
private let links = 24.0
private let visits = 16_384
/// The farthest that one asks ahead.
private let farthest = 64

/// 64 bytes: one cache line.
private struct Record {
  var key: UInt64
  var rest: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
}

private final class Gather: Sendable {
  let records: AlignedBuffer<Record>
  /// Each place once, and from the beginning again as far as one asks ahead.
  let index: AlignedBuffer<Int32>
  let turns: Turns
  let ahead: Int

  init(_ point: Point, ahead: Int) {
    let count = point.value / MemoryLayout<Record>.stride
    // The order's lowest bits go round within a turn: each turn meets the same keys.
    records = AlignedBuffer(count: count) { Record(key: UInt64($0 % visits)) }
    let order = VisitOrder.random(count, for: point)
    index = AlignedBuffer(count: count + farthest) { order.elements[$0 % count] }
    turns = Turns(count, steps: visits)
    self.ahead = ahead
  }

  /// What one turn visits, and what follows.
  func places(_ turn: Int) -> UnsafePointer<Int32> {
    UnsafePointer(index.elements.baseAddress! + turn * turns.length)
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
private func gather(_ input: Gather, _ turn: Int) -> Int {
  let (records, places) = (input.records.elements, input.places(turn))
  var state: UInt64 = 0
  for number in 0..<input.turns.length { state ^= visit(records[Int(places[number])].key, state) }
  return Int(truncatingIfNeeded: state)
}

@inline(never)
private func gatherAhead(_ input: Gather, _ turn: Int) -> Int {
  let (records, places) = (input.records.elements, input.places(turn))
  let ahead = input.ahead
  var state: UInt64 = 0
  for number in 0..<input.turns.length {
    CacheLines.prefetch(records.baseAddress! + Int(places[number + ahead]))
    state ^= visit(records[Int(places[number])].key, state)
  }
  return Int(truncatingIfNeeded: state)
}
