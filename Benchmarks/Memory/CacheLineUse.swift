import Harness
import Results

extension Experiment {
  /// How many of the 64 bytes that are fetched are used.
  static let cacheLineUse = Experiment(
    id: "memory/cache-line-use",
    title: "Values far apart → packed",
    slot: "performance/memory/detection",
    claim: """
      Summing values that lie a stride apart slows down with the stride up to the size of a \
      cache line, and once more where the hardware no longer fetches the lines ahead, as long as \
      the set outgrows the nearest cache; packing them wins by the share of \
      every line that is thrown away, and by moving the set to a nearer level.
      """,
    mechanism: """
      Both variants run the same loop over the same number of values, load, checked addition, \
      add the step, and differ in the step alone. A line is fetched whole: at a stride of 64 bytes \
      eight of every 64 bytes are used. Beyond 64 bytes a value costs one line, no more, however \
      far apart the values lie, but the hardware may no longer fetch ahead, and pages and their \
      translations begin to count.
      """,
    limits: """
      Values that are used together with their neighbours do not waste the line. In the first-level \
      cache the stride hardly matters. Packing costs a pass over the data and pays when the values \
      are used several times. The prediction says too little for strides beyond a line where the \
      hardware prefetches for each instruction by itself: the mountain is read by eight, this loop \
      by one.
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
    work: { _ in Work(elements: Double(count), bytes: Double(count * 8)) },
    variants: [
      Variant(
        "strided", shows: ["total"], prepare: { Strided(step: $0.value / 8) },
        run: { total($0.values.opaqueElements.span, step: $0.step) }),
      Variant(
        "packed", shows: ["total"], prepare: { _ in Strided(step: 1) },
        run: { total($0.values.opaqueElements.span, step: $0.step) }),
    ],
    predict: { question throws(MissingNumber) in
      let stride = Double(question.value)
      // Four branches a value (the end, its bounds, two checks of overflow), counted in the machine
      // code.
      let work = try question.branches(4)
      let strided = try question.stridedWord(question.value, in: Double(count) * stride)
      let packed = try question.stridedWord(8, in: Double(count) * 8)
      return Prediction(
        speedup: max(work, strided) / max(work, packed),
        because: """
          Of the memory that the words take up at this stride, \(min(64, stride).brief) bytes move \
          for each, which takes \(strided.brief) ns; packed, \(packed.brief) ns; either way it \
          costs at least its four branches, \(work.brief) ns.
          """)
    })
}

/// Six MiB when packed: past the second-level cache.
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
