import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// A large copy through the caches, and bypassing them.
  static let nonTemporalCopy = Experiment(
    id: "memory/non-temporal-copy",
    title: "A large copy: ordinary stores → stores that bypass the caches",
    slot: "performance/memory/detection",
    claim: """
      A copy whose target is larger than the last-level cache is up to 1.5 times as fast with \
      non-temporal stores; a copy that fits in the caches is slower with them, most of all if it \
      is read soon.
      """,
    mechanism: """
      An ordinary store to a line that is not cached first reads the line from memory, although \
      every byte of it is then overwritten; later the line is written back. That makes three \
      transfers for each line copied. A non-temporal store asks the core to collect a whole line \
      in a write buffer and to send it to memory: two transfers. Both are the same C loop over \
      blocks of 64 bytes (`CacheLines` in Techniques, since Swift has no such store). `memcpy` is \
      the C library's, which may choose between the two by size.
      """,
    limits: """
      Some cores detect that whole lines are overwritten and do not read them first; these have \
      nothing to gain, nor has a core that treats these stores as ordinary ones. Data that are \
      read again soon then come from memory. Non-temporal stores that do not fill whole lines are \
      much slower.
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
      needs: { [.memory(8 * $0)] }),
    work: { bytes in Work(elements: Double(bytes / 64), each: "line", bytes: Double(2 * bytes)) },
    variants: [
      Variant(
        "ordinary stores", shows: ["Buffers", "copyOrdinary"], prepare: { Buffers($0) },
        run: copyOrdinary),
      Variant(
        "memcpy", yardstick: .peer, shows: ["copyByLibrary"], prepare: { Buffers($0) },
        run: copyByLibrary),
      Variant(
        "non-temporal stores", shows: ["copyStreaming"], prepare: { Buffers($0) },
        run: copyStreaming),
    ],
    headline: DeclaredHeadline(value: 64 << 20, variant: "non-temporal stores"),
    model: { question throws(MissingNumber) in
      question.variant == "memcpy" ? nil : Model(try CopyTime(question).line())
    })
}

private final class Buffers: Sendable {
  let source: AlignedBuffer<UInt64>
  let target: AlignedBuffer<UInt64>

  init(_ point: Point) {
    var random = point.generator()
    source = AlignedBuffer(count: point.value / 8, distinct: 1 << 15) { _ in random.next() }
    target = AlignedBuffer(count: point.value / 8) { _ in 0 }
  }

  /// One word in 64 KiB of the copy: after non-temporal stores each comes from memory.
  var digest: UInt64 {
    stride(from: 0, to: target.count, by: 8_192).reduce(0) { $0 &* 31 &+ target.elements[$1] }
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
