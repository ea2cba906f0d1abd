import Harness
import Results
import Synchronization

extension Experiment {
  /// A field that several threads only read, on the cache line of one that another thread writes.
  static let readMostlySharing = Experiment(
    id: "memory/read-mostly-sharing",
    title: "A setting beside a counter that another thread writes: same line → a line apart",
    slot: "performance/memory/detection",
    claim: """
      Threads that only read a field run several times slower when another thread writes another \
      field of the same cache line every hundred cycles; a line apart, each reads as fast as alone.
      """,
    mechanism: """
      To write, a core must own the line exclusively: each write invalidates all readers' copies, \
      and the next load of each waits until it has the line again; they get it one after the other. \
      No datum is shared, and the readers write nothing. Both variants run the same loop of loads \
      and additions (a relaxed atomic load is a plain load) beside the same writer, which pauses \
      for 100 dependent additions between atomic increments. Only the distance from setting to \
      counter differs, 8 or 64 bytes. The readers' work is timed.
      """,
    limits: """
      A thread that reads seldom has little to lose, and with some thousand cycles between two \
      writes nearly all reads hit. Where readers and writer share the very datum, distance does \
      not help: publish it less often. The cheapest fix is to keep the written fields together and \
      away from those that are only read, which can share a line with each other.
      """,
    diagram: """
      flowchart LR
        subgraph before["same line: {same line}"]
          direction TB
          r0["reads"] --> l0["line: <b>setting</b> | count | …"]
          w0["writes"] --> l0
        end
        subgraph after["a line apart: {a line apart}"]
          direction TB
          r1["reads"] --> l1["line: <b>setting</b> | …"]
          w1["writes"] --> l2["line: count | …"]
        end
        before -- "{speedup} with readers: {point}" --> after
      """,
    sweep: .threads("readers", besides: 1),
    signals: ["cycles", "instructions"],
    needs: [.cores(2)],
    work: { Work(elements: Double($0 * reads), each: "read") },
    variants: [("same line", 8), ("a line apart", 64)].map { name, distance in
      Variant(
        name, shows: ["Shared", "read", "write"],
        prepare: { Shared(team: try $0.team($0.value + 1), distance: distance) },
        run: { shared in shared.run() })
    },
    headline: DeclaredHeadline(value: 1, variant: "a line apart"),
    model: { question throws(MissingNumber) in
      // Eight reads are as many loads and additions and the loop's end, counted in the machine code.
      let readers = Double(question.value)
      let read = try question.loads(1, beside: 1.25) / readers
      let hits = read.named("loads and additions")
      guard question.isBaseline else { return Model(hits) }
      let transfer = try question.cacheLineTransfer(among: question.value + 1)
      let chain = Double(pause) * (try question.time("add.integer.latency"))
      let pausing = chain + (try question.time("atomic.add"))
      // The writer requests the line again after its pause, though not before all readers have it, one
      // after the other; half of a transfer later a reader's core drops the loads that it has begun.
      let dropped = try question.time("branch.miss")
      let reading = longest(pausing, readers * transfer) - 0.5 * transfer - dropped
      let lost = ((0.5 + readers) * transfer + dropped) / longest(reading, readers * read) * read
      let why = "Per write, one for each reader, half of one for the writer, and a misprediction."
      return Model(hits + lost.named("cache-line transfers", because: why))
    })
}

/// Of a reader in one kernel call; and dependent additions between two writes.
private let (reads, pause) = (100_000, 100)

/// A setting, and a counter at some distance from it.
private struct Shared {
  let team: Team
  let distance: Int
  private let memory = AlignedBuffer<UInt8>(count: 256, alignment: 128) { $0 == 0 ? 1 : 0 }
  /// Readers that are done and the sum of what they read, on lines of their own.
  private let finished = AlignedBuffer<UInt8>(count: 256, alignment: 128) { _ in 0 }

  func run() -> Int {
    let setting = memory.atomicInteger(at: 0)
    let counter = memory.atomicInteger(at: distance)
    let (done, total) = (finished.atomicInteger(at: 0), finished.atomicInteger(at: 128))
    for word in [done, total] { word.pointee.store(0, ordering: .relaxed) }
    team.run { member in
      // The writer is the last, so that the calling thread reads.
      if member == team.count - 1 {
        write(counter, until: done, team.count - 1)
      } else {
        total.pointee.add(read(setting), ordering: .relaxed)
        done.pointee.add(1, ordering: .releasing)
      }
    }
    return total.pointee.load(ordering: .relaxed)
  }
}

@inline(never)
private func read(_ setting: UnsafeMutablePointer<Atomic<Int>>) -> Int {
  var total = 0
  for _ in 0..<reads { total &+= setting.pointee.load(ordering: .relaxed) }
  return total
}

@inline(never)
private func write(
  _ counter: UnsafeMutablePointer<Atomic<Int>>, until done: UnsafeMutablePointer<Atomic<Int>>,
  _ readers: Int
) {
  while done.pointee.load(ordering: .relaxed) < readers {
    counter.pointee.wrappingAdd(1, ordering: .relaxed)
    var chain = 0
    for _ in 0..<pause { chain = opaque(chain &+ 1) }
  }
}
