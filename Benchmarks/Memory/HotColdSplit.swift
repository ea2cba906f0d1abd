import Harness
import Results

extension Experiment {
  /// Fields that every scan reads, apart from those that few records need.
  static let hotColdSplit = Experiment(
    id: "memory/hot-cold-split",
    title: "Hot fields among cold ones → an array of their own",
    slot: "performance/memory/layout",
    claim: """
      Looking for the few sessions that have expired is faster when what the scan reads lies in an \
      array of its own, away from the 112 bytes that only a hit needs, once the records outgrow \
      the first-level cache.
      """,
    mechanism: """
      A record of 128 bytes spans two cache lines. The scan reads 16 bytes of it, but moves the \
      line that they are on; split, a line brings the hot fields of four records. A hit, one record \
      in 256, reads from the cold part in either layout. Both loops compare and branch the same \
      way, and the branch is as well predicted in both.
      """,
    limits: """
      When every second record is a hit, the split costs a second miss a record and gains nothing. \
      Records must be kept in step, in two arrays. In the first-level cache nothing is gained, \
      and stepping through two arrays costs an instruction or two more a record. Out of memory the \
      prediction can say too little: the mountain's every second line is read by eight instructions, \
      each of which the hardware may prefetch for, this one by one.
      """,
    diagram: """
      flowchart LR
        subgraph before["whole records: {whole records}"]
          r0["<b>expiry user</b> · 112 cold bytes"]
          r1["<b>expiry user</b> · 112 cold bytes"]
        end
        subgraph after["hot and cold apart: {hot and cold apart}"]
          h["<b>expiry user | expiry user | expiry user | …</b>"] -. "a hit" .-> c["cold | cold | …"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes("working set", [16 << 10, 512 << 10, 8 << 20, 128 << 20], smoke: 64 << 10),
    signals: ["cache misses"],
    work: { bytes in
      let records = Double(passes(bytes / 128).count * bytes / 128)
      return Work(elements: records, each: "record", bytes: records * 8)
    },
    variants: [
      Variant(
        "whole records", shows: ["Session", "expiredBytes"],
        prepare: { point in
          var random = point.generator()
          return AlignedBuffer(count: point.value / 128) { index in
            Session(hot: Hot(index, random: random.next()), cold: Cold(index))
          }
        },
        run: { sessions in
          passes(sessions.count).sum { expiredBytes(sessions.opaqueElements.span) }
        }),
      Variant(
        "hot and cold apart", shows: ["Hot", "expiredBytesApart"],
        prepare: { point in
          var random = point.generator()
          let count = point.value / 128
          return Apart(
            hot: AlignedBuffer(count: count) { Hot($0, random: random.next()) },
            cold: AlignedBuffer(count: count) { Cold($0) })
        },
        run: { apart in
          passes(apart.hot.count).sum {
            expiredBytesApart(apart.hot.opaqueElements.span, apart.cold.opaqueElements.span)
          }
        }),
    ],
    predict: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      // A test of the record and one of the loop's end, in either layout.
      let work = try question.branches(2)
      let home = question.home(of: bytes / 2)
      let line = home == .l1 ? 0 : try question.stridedWord(128, in: bytes)
      // One record in 256 is a surprise to the branch; when apart, its cold part is another line,
      // and the records behind it wait until it has come. It has been there in the last scan: as far
      // back as a scan's bytes go.
      let miss = try question.number("branch.miss")
      let wait = try question.chaseLatency(in: bytes / 8)
      let hot = try question.streaming(16, of: bytes / 8, compute: work)
      let whole = max(work, line) + miss / 256
      let apart = hot.time + (miss + wait) / 256
      return Prediction(
        speedup: whole / apart,
        because: """
          A record costs the longer of its two branches (\(work.brief) ns) and what moves: \
          every second line from \(home.title) (\(line.brief) ns), or 16 bytes from \
          \(hot.level.title) (\(hot.transfer.brief) ns). One record in 256 is guessed wrong \
          (\(miss.brief) ns), and apart its cold part is waited for (\(wait.brief) ns).
          """)
    })
}

private func passes(_ records: Int) -> Passes { Passes(over: records, toReach: 1 << 14) }

/// What a scan reads.
private struct Hot: BitwiseCopyable {
  var expiry: Int
  var user: Int

  /// One session in 256 has expired.
  init(_ index: Int, random: UInt64) {
    expiry = Int(random % 256)
    user = index
  }
}

/// What only a hit needs: 112 bytes.
private struct Cold: BitwiseCopyable {
  var bytesSent: Int
  var rest: InlineArray<13, Int>

  init(_ index: Int) {
    bytesSent = index & 0xfff
    rest = InlineArray(repeating: index)
  }
}

private struct Session: BitwiseCopyable {
  var hot: Hot
  var cold: Cold
}

private struct Apart: Sendable {
  let hot: AlignedBuffer<Hot>
  let cold: AlignedBuffer<Cold>
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
