import Harness
import Results

extension Experiment {
  /// How many of the 64 bytes of each fetched line are used.
  static let cacheLineUse = Experiment(
    id: "memory/cache-line-use",
    title: "Values far apart → packed",
    slot: "performance/memory/detection",
    claim: """
      Summing packed values is faster than summing values that lie a stride apart, by more with \
      every doubling of the stride up to the size of a cache line, once the values outgrow the \
      nearest cache; within the first level the stride hardly matters.
      """,
    mechanism: """
      Both variants run the same loop over the same number of values: a load, a checked addition, \
      a step. Only the step differs. Memory moves in whole cache lines: at a stride of 64 bytes, \
      eight of every 64 bytes are used. Beyond that a value costs one line, however far apart the \
      values lie, but the hardware may no longer prefetch, and page-table walks begin to count.
      """,
    limits: """
      Values that are used together with their neighbours do not waste the line. Packing takes a \
      pass over the data and pays when the values are used several times.
      """,
    diagram: """
      flowchart LR
        subgraph before["strided: {strided}"]
          l0["line: <b>v</b> · · · · · · ·"]
          l1["line: <b>v</b> · · · · · · ·"]
        end
        subgraph after["packed: {packed}"]
          p0["line: <b>v v v v v v v v</b>"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes("stride", [8, 16, 32, 64, 128, 256], smoke: 64),
    signals: ["cache misses"],
    work: { _ in Work(elements: Double(count), each: "value", bytes: Double(count * 8)) },
    variants: [
      Variant(
        "strided", shows: ["total"], prepare: { Strided(step: $0.value / 8) },
        run: { total($0.values.opaqueElements.span, step: $0.step) }),
      Variant(
        "packed", shows: ["total"], prepare: { _ in Strided(step: 1) },
        run: { total($0.values.opaqueElements.span, step: $0.step) }),
    ],
    model: { question throws(MissingNumber) in
      let stride = question.isBaseline ? question.value : 8
      // The loop's end, the bounds check and two overflow checks, counted in the machine code.
      let work = try question.branches(4)
      return Model(
        try question.scan(
          Double(stride), loadEvery: stride, of: Double(count * stride), compute: work))
    })
}

/// Six MiB when packed: beyond the second-level cache.
private let count = 3 << 18

/// Values `step` places apart.
private struct Strided: Sendable {
  let values: AlignedBuffer<Int>
  let step: Int

  init(step: Int) {
    self.step = step
    values = AlignedBuffer(count: count * step) { _ in 0 }
    for number in 0..<count { values.elements[number * step] = number & 0xff }
  }
}

@inline(never)
private func total(_ values: Span<Int>, step: Int) -> Int {
  var total = 0
  var index = 0
  while index < values.count {
    total += values[index]
    index += step
  }
  return total
}
