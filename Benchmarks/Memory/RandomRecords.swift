import Harness
import Results

extension Experiment {
  /// All fields of records in random order: where the array of structures wins.
  static let randomRecords = Experiment(
    id: "memory/random-records",
    title: "All fields of random records: array of structures → structure of arrays",
    slot: "performance/memory/layout",
    claim: """
      Reading all eight fields of records in random order is several times **slower** from a \
      structure of arrays than from an array of structures, once the records outgrow the \
      first-level cache: this is the case against memory/aos-to-soa. In the first level what \
      remains is one vector instruction against eight loads.
      """,
    mechanism: """
      A record of 32 bytes lies on one line and is read as one vector (`vpaddd` with a memory \
      operand of 256 bits). The same record in eight columns lies on eight lines, each of which \
      comes from wherever the columns live, brings fifteen neighbours that nobody asked for, and \
      takes one of the places for lines under way. Both loops know the indices beforehand and so \
      have many loads in flight; one has eight times as many to wait for, on eight pages. The \
      compiler makes gathers (`vpgatherdd`) of the columns' loads, which fetch one element after \
      the other: even where all columns lie in the nearest cache a record costs eight loads.
      """,
    limits: """
      Expected verdict: `slower`. Records in order, or one field of each, turn it round \
      (memory/aos-to-soa). A structure of arrays of *blocks*, eight or sixteen records a block, \
      keeps both: whole vectors in order, one or two lines a random record. Records larger than a \
      line lose part of the lead.
      """,
    diagram: """
      flowchart LR
        i["records 7, 2, 5, 0, …"]
        subgraph before["array of structures: {array of structures}"]
          r["line: <b>a b c d e f g h</b> of record 7"]
        end
        subgraph after["structure of arrays: {structure of arrays}"]
          direction TB
          c0["line of a: · <b>a</b> · ·"]
          c1["line of b: · <b>b</b> · ·"]
          c2["six lines more"]
        end
        i --> before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes("working set", [16 << 10, 512 << 10, 4 << 20, 64 << 20], smoke: 16 << 10),
    signals: ["cache misses", "dTLB load misses"],
    work: { _ in Work(elements: Double(visits), each: "visit", bytes: Double(visits * 36)) },
    variants: [
      Variant(
        "array of structures", shows: ["totalOfRecords"],
        prepare: { point in
          let count = point.value / 32
          return Records(
            order: VisitOrder.random(count, for: point), turns: Turns(count, steps: visits),
            records: AlignedBuffer(count: count) { index in
              SIMD8(repeating: Int32(index & 0xff)) &+ SIMD8(0, 1, 2, 3, 4, 5, 6, 7)
            })
        },
        run: { all in
          all.turns.next { turn in
            totalOfRecords(all.records.opaqueElements, all.order.stretch(turn, of: all.turns))
          }
        }),
      Variant(
        "structure of arrays", shows: ["totalOfColumns"],
        prepare: { point in
          let count = point.value / 32
          return Columns(
            order: VisitOrder.random(count, for: point), turns: Turns(count, steps: visits),
            columns: (0..<8).map { field in
              AlignedBuffer(count: count) { Int32(($0 & 0xff) + field) }
            })
        },
        run: { all in
          all.turns.next { turn in
            totalOfColumns(all.columns, all.order.stretch(turn, of: all.turns))
          }
        }),
    ],
    predict: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      let cycle = try question.number("add.integer.latency")
      let addition = try question.number("add.vector.latency")
      let words = 8 * (try question.number("gather"))
      let near = try question.listedLine(in: bytes)
      // Records and their order, of three variants: the first is there twice.
      let far = try question.listedLine(in: 3 * (bytes + bytes / 8))
      let slowest = Double(visits) * max(words, 8 * near)
      let calls = SampleLength.calls(
        fastest: Double(visits) * max(addition, near), slowest: slowest)
      func rounds(_ calls: Int) -> Double { Double(calls * visits) / (bytes / 32) }
      let earlier = SampleLength.warmUpCalls(of: calls, each: slowest)
      /// A line that holds `records` of them, wholly or in part.
      func line(of records: Double) -> Double {
        let first = Turns.firstVisits(
          perLine: records, rounds: rounds(calls), after: rounds(earlier))
        return first * far + (1 - first) * near
      }
      let record = max(addition, line(of: 2))
      let columns = max(words, 8 * line(of: 16))
      return Prediction(
        speedup: record / columns,
        because: """
          A sample goes \(rounds(calls).brief) times over the records. A line that is visited for \
          the first time is where the other variants have left it (\(far.brief) ns beside others), \
          later in the caches (\(near.brief) ns). A record costs the longer of one addition in the \
          chain (\(addition.brief) ns) and its line, which holds two (\(line(of: 2).brief) ns); in \
          columns that of eight gathered words (\(words.brief) ns) and eight lines, which hold \
          sixteen fields each (\((8 * line(of: 16)).brief) ns).
          """)
    })
}

/// Records that one kernel call visits.
private let visits = 1 << 14

private struct Records: Sendable {
  let order: AlignedBuffer<Int32>
  let turns: Turns
  let records: AlignedBuffer<SIMD8<Int32>>
}

private struct Columns: Sendable {
  let order: AlignedBuffer<Int32>
  let turns: Turns
  let columns: [AlignedBuffer<Int32>]
}

extension AlignedBuffer<Int32> {
  /// What one turn visits.
  fileprivate func stretch(_ turn: Int, of turns: Turns) -> Slice<UnsafeBufferPointer<Int32>> {
    opaqueElements[turn * turns.length..<(turn + 1) * turns.length]
  }
}

@inline(never)
private func totalOfRecords(
  _ records: UnsafeBufferPointer<SIMD8<Int32>>, _ order: Slice<UnsafeBufferPointer<Int32>>
) -> Int {
  var total = SIMD8<Int32>()
  for index in order { total &+= records[Int(index)] }
  return Int(total.wrappedSum())
}

@inline(never)
private func totalOfColumns(
  _ columns: [AlignedBuffer<Int32>], _ order: Slice<UnsafeBufferPointer<Int32>>
) -> Int {
  let (a, b, c, d) = (
    columns[0].opaqueElements, columns[1].opaqueElements, columns[2].opaqueElements,
    columns[3].opaqueElements
  )
  let (e, f, g, h) = (
    columns[4].opaqueElements, columns[5].opaqueElements, columns[6].opaqueElements,
    columns[7].opaqueElements
  )
  var total = Int32(0)
  for index in order {
    let i = Int(index)
    total &+= (a[i] &+ b[i]) &+ (c[i] &+ d[i]) &+ (e[i] &+ f[i]) &+ (g[i] &+ h[i])
  }
  return Int(total)
}
