import Harness
import Results

extension Experiment {
  /// Fields that every scan reads, split from those that few records need.
  static let hotColdSplit = Experiment(
    id: "memory/hot-cold-split",
    title: "Hot fields among cold ones → hot fields in an array of their own",
    slot: "performance/memory/layout",
    claim: """
      Scanning for the few expired sessions is faster when the fields that the scan reads are in an \
      array of their own, apart from the 112 bytes that only a hit needs, once the records outgrow \
      the first-level cache and as long as hits are rare.
      """,
    mechanism: """
      A record of 128 bytes spans two lines of 64. The scan reads 16 bytes of it but moves the \
      line that they are on; after the split, a line holds the hot fields of four records. A hit, \
      one record in 256, reads the cold part in either layout. Both loops have the same branches.
      """,
    limits: """
      When half of the records are hits, the split costs a second miss per hit and gains nothing. \
      The two arrays must be kept consistent.
      """,
    diagram: """
      flowchart LR
        subgraph before["whole records: {whole records}"]
          r["<b>expiry user</b> · cold bytes | <b>expiry user</b> · cold bytes | …"]
        end
        subgraph after["hot and cold apart: {hot and cold apart}"]
          h["<b>expiry user | expiry user | expiry user | …</b>"] -. "a hit" .-> c["cold | cold | …"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes("working set", [16 << 10, 512 << 10, 8 << 20, 128 << 20], smoke: 64 << 10),
    signals: ["cache misses"],
    work: { bytes in
      let records = Double(scanPasses(bytes / 128).count * bytes / 128)
      return Work(elements: records, each: "record", bytes: records * 8)
    },
    variants: [
      Variant(
        "whole records", shows: ["Session", "expiredBytes"],
        prepare: { point in
          var random = point.generator()
          return AlignedBuffer(count: point.value / 128) { index in
            Session(hot: Hot(index, random: random.next()), cold: Cold(bytesSent: index & 0xfff))
          }
        },
        run: { sessions in
          scanPasses(sessions.count).sum { expiredBytes(sessions.opaqueElements.span) }
        }),
      Variant(
        "hot and cold apart", shows: ["Hot", "expiredBytesApart"],
        prepare: { point in
          var random = point.generator()
          let count = point.value / 128
          return (
            hot: AlignedBuffer(count: count) { Hot($0, random: random.next()) },
            cold: AlignedBuffer(count: count) { Cold(bytesSent: $0 & 0xfff) }
          )
        },
        run: { apart in
          scanPasses(apart.hot.count).sum {
            expiredBytesApart(apart.hot.opaqueElements.span, apart.cold.opaqueElements.span)
          }
        }),
    ] + [.reading({ $0 / 8 }, passes: { scanPasses($0 / 128).count })],
    model: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      // A test of the record and one of the loop's end, in either layout.
      let work = try question.branches(2)
      let misses = try (question.time("branch.miss") / 256).named(
        "mispredictions", because: "One record in 256 is a hit.")
      guard question.isBaseline else {
        let scan = try question.scan(16, loadEvery: 16, of: bytes / 8, compute: work)
        // The records behind a hit wait for its cold part: a line last used one scan ago.
        let cold = try question.chaseLatency(in: bytes / 8) / 256
        return Model(scan + misses + cold.named("cold parts of hits"))
      }
      return Model(try question.scan(128, loadEvery: 128, of: bytes, compute: work) + misses)
    })
}

/// What a scan reads.
private struct Hot: BitwiseCopyable {
  var expiry, user: Int

  /// One session in 256 has expired.
  init(_ index: Int, random: UInt64) { (expiry, user) = (Int(random % 256), index) }
}

/// What only a hit needs: 112 bytes.
private struct Cold: BitwiseCopyable {
  var bytesSent: Int
  var rest = InlineArray<13, Int>(repeating: 0)
}

private struct Session: BitwiseCopyable {
  var hot: Hot
  var cold: Cold
}

@inline(never)
private func expiredBytes(_ sessions: Span<Session>) -> Int {
  var total = 0
  for index in sessions.indices where sessions[index].hot.expiry < 1 {
    total += sessions[index].cold.bytesSent
  }
  return total
}

@inline(never)
private func expiredBytesApart(_ hot: Span<Hot>, _ cold: Span<Cold>) -> Int {
  var total = 0
  for index in hot.indices where hot[index].expiry < 1 { total += cold[index].bytesSent }
  return total
}
