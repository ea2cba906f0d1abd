import Harness
import Results

extension Experiment {
  /// The same elements in random and in ascending order.
  static let cacheLevels = Experiment(
    id: "memory/cache-levels",
    title: "Order of visits: random → sorted",
    slot: "performance/memory/detection",
    claim: """
      Visiting the elements of a set by a list of indices is faster when the list is sorted, by \
      more with each level of cache that the set outgrows; inside the first level the order does \
      not matter.
      """,
    mechanism: """
      Both variants run the same function, an index load, a value load and a checked addition an \
      element, over the same indices in another order. Sorted, eight values come with every cache \
      line, and the hardware fetches the next lines ahead. In random order each visit needs a line \
      of its own from wherever the set lives; the core hides part of that by having several loads \
      in flight, since the indices are known beforehand.
      """,
    limits: """
      Sorting costs more than one round of visits gains: it pays where the same order is used many \
      times, or where the indices can be produced in order to begin with. A set that fits in the \
      first- or second-level cache gains little, a chain where each index depends on the value \
      before gains more than shown here, having one load in flight.
      """,
    diagram: """
      flowchart LR
        subgraph before["random: {random}"]
          direction LR
          i0["7 2 5 0 …"] --> a["a new line a visit, from L1, L2, L3 or memory"]
        end
        subgraph after["sorted: {sorted}"]
          direction LR
          i1["0 1 2 3 …"] --> b["eight visits a line, fetched ahead"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes(
      "working set", [16 << 10, 512 << 10, 8 << 20, 64 << 20], smoke: 4 << 10),
    signals: ["cache misses", "minor faults"],
    work: { bytes in
      let elements = Double(passes(bytes / 8).count * bytes / 8)
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
    predict: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      let addition = try question.number("add.integer.latency")
      // The order, four bytes a visit, goes through the same caches: all of it between two scans,
      // an eighth of it between two visits of a line of eight values.
      let near = try question.listedLine(in: bytes + bytes / 16)
      let set = 1.5 * bytes
      let random = max(addition, near)
      // A value of eight bytes and an index of four.
      let sorted = try question.streaming(12, of: set, compute: addition)
      return Prediction(
        speedup: random / sorted.time,
        because: """
          In random order a visit costs the longer of an addition (\(addition.brief) ns) and a \
          line at a random place, many of them on their way at a time: \(near.brief) ns. Sorted \
          it costs the longer of that addition and 12 bytes from \(sorted.level.title) \
          (\(sorted.transfer.brief) ns).
          """)
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

private func passes(_ elements: Int) -> Passes { Passes(over: elements, toReach: 1 << 14) }

private func visit(_ visits: Visits) -> Int {
  passes(visits.values.count).sum {
    totalInOrder(visits.values.opaqueElements, visits.order.opaqueElements)
  }
}

/// Without bounds checks, so that the visit is what costs.
@inline(never)
private func totalInOrder(
  _ values: UnsafeBufferPointer<Int>, _ order: UnsafeBufferPointer<Int32>
) -> Int {
  var total = 0
  for index in order { total += values[Int(index)] }
  return total
}
