import Harness
import Results

extension Experiment {
  /// All fields of records in random order, where the array of structures wins.
  static let randomRecords = Experiment(
    id: "memory/random-records",
    title: "All fields of random records: array of structures → structure of arrays",
    slot: "performance/memory/layout",
    claim: """
      Reading all eight fields of records in random order is several times **slower** from a \
      structure of arrays than from an array of structures, also where the records fit in the \
      first-level cache; memory/aos-to-soa shows the opposite case, one field in order.
      """,
    mechanism: """
      A record of 32 bytes lies on one line and is read with vector loads. The same record in \
      eight columns lies on eight lines and eight pages. 64 bytes bring fifteen neighbours that \
      nobody needs, and occupies one of the core's buffers for lines in flight. Both loops know \
      the indices beforehand and overlap their misses, but one has eight times as many. The \
      columns' loads, as gathers or one by one, fetch one field after the other, which costs eight \
      loads per record even where all columns are in the nearest cache.
      """,
    limits: """
      The expected verdict is `slower`. With records in order, or with one field of each, the result \
      is reversed. A structure of arrays of *blocks* of eight or sixteen records keeps both: whole \
      vectors in order, and one or two lines for a random record. Records larger than a line lose \
      part of the advantage.
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
          c2["six more lines"]
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
          VisitedAtRandom(point, point.value / 32, visits: visits) { count in
            AlignedBuffer(count: count) { index in
              SIMD8(repeating: Int32(index & 0xff)) &+ SIMD8(0, 1, 2, 3, 4, 5, 6, 7)
            }
          }
        },
        run: { all in all.visit { totalOfRecords(all.data.opaqueElements, $0) } }),
      Variant(
        "structure of arrays", shows: ["totalOfColumns"],
        prepare: { point in
          VisitedAtRandom(point, point.value / 32, visits: visits) { count in
            (0..<8).map { field in AlignedBuffer(count: count) { Int32(($0 & 0xff) + field) } }
          }
        },
        run: { all in all.visit { totalOfColumns(all.data, $0) } }),
    ],
    noYardstick: "Random accesses that overlap are the bound; memory/bandwidth shows their time.",
    model: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      let addition = try question.time("add.vector.latency")
      let words = try 8 * question.time("gather")
      let near = try question.listedLine(in: bytes)
      // The records and orders of three instances: the baseline has two.
      let far = try question.listedLine(in: 3 * (bytes + bytes / 8))
      let sample = SampleRounds(
        visits: visits, of: bytes / 32, fastest: max(addition, near).value,
        slowest: max(words, 8 * near).value)
      // A line that is visited for the first time is where the other variants have left it.
      func line(holding records: Double) -> Time {
        let first = sample.firstVisits(perLine: records)
        return (first * far).named("first visits to a line")
          + ((1 - first) * near).named("later visits to a line")
      }
      return question.isBaseline
        ? Model(longest(addition.named("addition in the chain"), line(holding: 2)))
        : Model(longest(words.named("eight gathered words"), 8 * line(holding: 16)))
    })
}

/// Records that one kernel call visits.
private let visits = 1 << 14

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
