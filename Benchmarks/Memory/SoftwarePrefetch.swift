import Harness
import Results
import Techniques

extension Experiment {
  /// Records that an index names, with work on each: waited for, or prefetched.
  static let softwarePrefetch = Experiment(
    id: "memory/software-prefetch",
    title: "Work on records that an index names: wait for each → prefetch ahead",
    slot: "performance/memory/detection",
    claim: """
      Prefetching records that an index names at random is faster than waiting for each, where the \
      table outgrows the caches and the work on one record fills the core's queues; in the nearest \
      caches it changes nothing.
      """,
    mechanism: """
      An out-of-order core runs ahead of a cache miss until the instructions that wait for the \
      data fill one of its queues. Each record here starts a dependent chain of 24 multiplications \
      and additions, so that two waiting records fill the queue in front of the multiplier long \
      before the reorder buffer is full. No hardware prefetcher sees a pattern in random places. The \
      index is known far ahead: one more load and one prefetch instruction per iteration request the \
      record of a later one. Nothing else differs in the machine code.
      """,
    limits: """
      With little work on a record the core overlaps the misses by itself. At too short a distance \
      the line is requested too late, at too long a distance it is evicted before its use. Where \
      the next address depends on the record, nothing can be prefetched; memory/bandwidth shows \
      several chains instead. Some cores drop a prefetch whose page translation is not cached.
      """,
    diagram: """
      flowchart LR
        index["index: 7, 81, 3, 60, …"]
        subgraph before["wait: {wait}"]
          r1["record 7: miss"] --> w1["work"] --> r2["record 81: miss"] --> w2["work"]
        end
        subgraph after["ask 16 ahead: {ask 16 ahead}"]
          p["prefetch record 60"] -.-> l1["line in flight"]
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
    work: { _ in Work(elements: visits, each: "visit", bytes: visits * 64) },
    variants: [
      Variant(
        "wait", shows: ["visit", "gather"], prepare: { IndexedRecords($0, distance: 0) },
        run: { input in input.turns.next { gather(input, opaque($0)) } })
    ]
      + [IndexedRecords.longestDistance, 4, 16].map { distance in
        Variant(
          "ask \(distance) ahead", shows: ["visit", "gatherAhead"],
          prepare: { IndexedRecords($0, distance: distance) },
          run: { input in input.turns.next { gatherAhead(input, opaque($0)) } })
      },
    // The largest table.
    headline: DeclaredHeadline(value: 128 << 20, variant: "ask 16 ahead"),
    model: { question throws(MissingNumber) in
      // A sample is one call after those that warm it up. A record's first visit since they began
      // finds what the other variants and the baseline's second instance have left of their tables.
      let bytes = Double(question.value)
      let part = visits / (bytes / 64)
      let first = SampleRounds(part, after: part).firstVisits(perLine: 1)
      let latency =
        try first * question.chaseLatency(in: 5 * bytes)
        + (1 - first) * question.chaseLatency(in: bytes)
      // Besides the links, three operations carry the state from record to record.
      let addition = try question.time("add.integer.latency")
      let multiplication = try question.time("mul.integer.latency")
      let chain = (links * multiplication + (links + 3) * addition).named("dependent chain")
      // A record's load is dispatched when what waits for those before has room in the schedulers.
      guard !question.isBaseline else {
        let together = ((latency + chain) / question.loadsWithWork)
          .named("latency and chain, for so many records at once")
        return Model(longest(chain, together))
      }
      // The prefetch is dispatched that early too, and as many records earlier as its distance.
      let records = 1 + (Double(question.variant.split(separator: " ")[1]) ?? 0)
      return Model(longest(chain, (latency / records).named("latency divided by the distance")))
    })
}

/// A multiplication and an addition each.
private let links = 24.0
private let visits = Double(IndexedRecords.visits)

/// A chain of dependent steps, as in a hash function or a parser.
@inline(__always)
private func visit(_ key: UInt64, _ state: UInt64) -> UInt64 {
  var mixed = key ^ (state & 1)
  for _ in 0..<Int(links) { mixed = mixed &* 0x9E37_79B9_7F4A_7C15 &+ key }
  return mixed
}

@inline(never)
private func gather(_ input: IndexedRecords, _ turn: Int) -> Int {
  let (records, places) = (input.records.elements, input.places(turn))
  var state: UInt64 = 0
  for number in 0..<input.turns.length { state ^= visit(records[Int(places[number])].key, state) }
  return Int(truncatingIfNeeded: state)
}

@inline(never)
private func gatherAhead(_ input: IndexedRecords, _ turn: Int) -> Int {
  let (records, places) = (input.records.elements, input.places(turn))
  let distance = input.distance
  var state: UInt64 = 0
  for number in 0..<input.turns.length {
    CacheLines.prefetch(records.baseAddress! + Int(places[number + distance]))
    state ^= visit(records[Int(places[number])].key, state)
  }
  return Int(truncatingIfNeeded: state)
}
