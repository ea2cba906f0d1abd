import Harness
import Results

extension Experiment {
  /// The same elements in random and in ascending order.
  static let cacheLevels = Experiment(
    id: "memory/cache-levels",
    title: "Order of visits: random → sorted",
    slot: "performance/memory/detection",
    claim: """
      Visiting elements through a list of indices is faster when the list is sorted, by more with \
      each level of cache that the elements outgrow; within the first level the order does not \
      matter.
      """,
    mechanism: """
      Both variants run the same function over the same indices in another order. Each visit is a \
      load of an index, a load of a value and a checked addition. Sorted, eight values share 64 \
      bytes of a cache line, and the hardware prefetches the next lines. In random order each \
      visit needs a line of its own, from whichever level the elements are in. The core hides part \
      of that latency: the indices are known in advance, so that several loads are in flight.
      """,
    limits: """
      Sorting takes longer than one pass of visits saves. It pays where one order is used many \
      times, or where the indices can be produced in order. Elements that fit in the first- or \
      second-level cache gain little. A chain in which each index depends on the value before has \
      one load in flight and gains more than shown here.
      """,
    diagram: """
      flowchart LR
        subgraph before["random: {random}"]
          direction LR
          i0["7 2 5 0 …"] --> a["a new line per visit, from L1, L2, L3 or memory"]
        end
        subgraph after["sorted: {sorted}"]
          direction LR
          i1["0 1 2 3 …"] --> b["eight visits per line, prefetched"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes(
      "working set", [16 << 10, 512 << 10, 8 << 20, 64 << 20], smoke: 4 << 10),
    signals: ["cache misses", "minor faults"],
    work: { bytes in
      let elements = Double(Passes(over: bytes / 8).count * bytes / 8)
      return Work(elements: elements, bytes: elements * 12)
    },
    variants: [
      Variant(
        "random", shows: ["totalInOrder"],
        prepare: { Visits($0, order: VisitOrder.random($0.value / 8, for: $0)) }, run: visit),
      Variant(
        "sorted", shows: ["totalInOrder"],
        prepare: { Visits($0, order: VisitOrder.ascending($0.value / 8)) }, run: visit),
    ],
    model: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      let addition = try question.loopStep()
      guard question.isBaseline else {
        // A value of eight bytes and an index of four: two loads.
        return Model(
          try question.scan(12, loadEvery: 8, of: 1.5 * bytes, compute: addition))
      }
      // The indices, four bytes per visit, pass through the same caches: all of them between two
      // passes, an eighth of them between two visits to a line of eight values.
      let line = try question.listedLine(in: bytes + bytes / 16)
      return Model(
        longest(
          addition.named("computation"),
          line.named("random lines", because: "Many misses overlap.")))
    })
}

/// Values, and the order in which they are visited.
private struct Visits: Sendable {
  let values: AlignedBuffer<Int>
  let order: AlignedBuffer<Int32>

  init(_ point: Point, order: AlignedBuffer<Int32>) {
    values = AlignedBuffer(count: point.value / 8) { $0 & 0xff }
    self.order = order
  }
}

private func visit(_ visits: Visits) -> Int {
  Passes(over: visits.values.count).sum {
    totalInOrder(visits.values.opaqueElements, visits.order.opaqueElements)
  }
}

/// Without bounds checks, so that the visits dominate.
@inline(never)
private func totalInOrder(
  _ values: UnsafeBufferPointer<Int>, _ order: UnsafeBufferPointer<Int32>
) -> Int {
  var total = 0
  for index in order { total += values[Int(index)] }
  return total
}
