import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// A large copy through the caches, and past them.
  static let nonTemporalCopy = Experiment(
    id: "memory/non-temporal-copy",
    title: "A large copy: ordinary stores → stores that go past the caches",
    slot: "performance/memory/detection",
    claim: """
      A copy whose target is larger than the last-level cache is up to half as fast again with \
      non-temporal stores; a copy that fits in the caches is slower with them, most of all if \
      the copy is read soon.
      """,
    mechanism: """
      An ordinary store to a line that is not cached first reads that line from memory, though \
      every byte of it is then overwritten; later the line is written back: three transfers for \
      each line copied. A non-temporal store gathers a whole line in a write buffer and sends it \
      to memory: two transfers. Both are the same loop of one 64-byte load and one 64-byte store; \
      in the machine code `vmovaps` differs from `vmovntps`, and an `sfence` stands at the end. \
      Swift has no word for such a store, so both loops are C kernels in CPerflab, reached by \
      `CacheLines` of Techniques. `memcpy` chooses by size: glibc takes non-temporal stores \
      above three quarters of a thread's share of the last-level cache.
      """,
    limits: """
      Some cores see that whole lines are overwritten and do not read them first; on these there \
      is nothing to gain. What is read again soon must then come from memory. Stores that do not \
      fill whole lines are much slower this way.
      """,
    diagram: """
      flowchart LR
        subgraph before["ordinary stores: {ordinary stores}"]
          direction LR
          s1["source line"] -- "1 read" --> core1["core"]
          t1["target line"] -- "2 read for ownership" --> core1
          core1 -- "3 write back" --> t1
        end
        middle["memcpy: {memcpy}"]
        subgraph after["non-temporal stores: {non-temporal stores}"]
          direction LR
          s2["source line"] -- "1 read" --> core2["core"] -- "2 write" --> t2["target line"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes(
      "copied", [256 << 10, 4 << 20, 32 << 20, 64 << 20], smoke: 256 << 10,
      needs: { [.memory(6 * $0)] }),
    work: { bytes in Work(elements: Double(bytes / 64), each: "line", bytes: Double(2 * bytes)) },
    variants: [
      Variant(
        "ordinary stores", shows: ["Buffers", "copyOrdinary"], prepare: { Buffers($0) },
        run: copyOrdinary),
      Variant(
        "memcpy", shows: ["copyByLibrary"], prepare: { Buffers($0) }, run: copyByLibrary),
      Variant(
        "non-temporal stores", shows: ["copyStreaming"], prepare: { Buffers($0) },
        run: copyStreaming),
    ],
    predict: { question throws(MissingNumber) in
      guard question.candidate == "non-temporal stores" else { return nil }
      let both = Double(2 * question.value)
      let lines = both / 128
      let level = question.home(of: min(both, Double(question.capacity(of: .l3) ?? 0)))
      let near = 128e9 / (try question.number("bandwidth.copy.\(level.rawValue)"))
      // Sending a line to memory is a transfer; there an ordinary copy takes three for the two of
      // the other (read, read for ownership, write back), and memory is what limits both.
      let past = 64e9 / (try question.number("bandwidth.write.past"))
      func ordinary(_ share: Double) -> Double { (1 - share) * near + share * 3 / 2 * past }
      let share = try question.shareOfMemory(in: both)
      return Prediction(
        speedup: ordinary(share) / past,
        because: """
          A line past the caches takes \(past.brief) ns. The ordinary copy finds \
          \((100 * (1 - share)).brief)% of its lines in \(level.title), at \(near.brief) ns, and \
          for the others makes three transfers where the other makes two: \
          \(ordinary(share).brief) ns a line.
          """)
    })
}

private final class Buffers: Sendable {
  let source: AlignedBuffer<UInt64>
  let target: AlignedBuffer<UInt64>

  init(_ point: Point) {
    var random = point.generator()
    source = AlignedBuffer(count: point.value / 8) { _ in random.next() }
    target = AlignedBuffer(count: point.value / 8) { _ in 0 }
  }

  /// A look at the copy: one word of each page, few enough not to count.
  var digest: UInt64 {
    stride(from: 0, to: target.count, by: 512).reduce(0) { $0 &* 31 &+ target.elements[$1] }
  }
}

@inline(never)
private func copyOrdinary(_ buffers: Buffers) -> UInt64 {
  CacheLines.copyThroughCaches(
    UnsafeRawBufferPointer(buffers.source.elements),
    to: UnsafeMutableRawBufferPointer(buffers.target.elements))
  return buffers.digest
}

@inline(never)
private func copyByLibrary(_ buffers: Buffers) -> UInt64 {
  memcpy(
    buffers.target.elements.baseAddress!, buffers.source.elements.baseAddress!,
    opaque(buffers.source.count) * 8)
  return buffers.digest
}

@inline(never)
private func copyStreaming(_ buffers: Buffers) -> UInt64 {
  CacheLines.copyPastCaches(
    UnsafeRawBufferPointer(buffers.source.elements),
    to: UnsafeMutableRawBufferPointer(buffers.target.elements))
  return buffers.digest
}
