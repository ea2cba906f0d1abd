import Harness
import Results
import Synchronization

extension Experiment {
  /// A field that is only read, on the cache line of one that another thread writes.
  static let readMostlySharing = Experiment(
    id: "memory/read-mostly-sharing",
    title: "A setting beside a counter that another thread writes: same line → a line apart",
    slot: "performance/memory/detection",
    claim: """
      A thread that only reads a field runs several times slower when another thread writes \
      another field of the same cache line every hundred cycles or more often; with some thousand \
      cycles between two writes the loss is negligible.
      """,
    mechanism: """
      To write, a core must own the line exclusively: each write invalidates the reader's copy, \
      and the next load waits until the line is back. No datum is shared, and the reader writes \
      nothing. Both variants run the same loop of loads and additions (a relaxed atomic load is a \
      plain load) beside the same writer, which pauses between atomic increments. Only the \
      distance from setting to counter differs, 8 or 64 bytes. The reader's work is timed.
      """,
    limits: """
      A thread that reads seldom has little to lose. Where reader and writer share the very datum, \
      distance does not help: publish it less often. Settings that never change can share a line \
      with each other; the cheapest fix is to keep the written fields together and away from them.
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
        before -- "{speedup} with {point} additions between two writes" --> after
      """,
    sweep: .count("additions between two writes", [1, 100, 1_000, 10_000], smoke: 10),
    signals: ["cycles", "instructions"],
    needs: [.cores(2)],
    work: { _ in Work(elements: Double(reads), each: "read") },
    variants: [("same line", 8), ("a line apart", 64)].map { name, distance in
      Variant(
        name, shows: ["Shared", "read", "write"],
        prepare: { Shared(team: try $0.team(2), distance: distance, pause: $0.value) },
        run: { shared in shared.run() })
    },
    headline: DeclaredHeadline(value: 100, variant: "a line apart"),
    model: { question throws(MissingNumber) in
      // Eight reads are as many loads and additions and the loop's end, counted in the machine code.
      let read = try question.instructions(2.25)
      guard question.isBaseline else { return Model(read.named("loads and additions")) }
      let transfer = try question.cacheLineTransfer()
      let chain = Double(question.value) * (try question.time("add.integer.latency"))
      let pause = chain + (try question.time("atomic.add"))
      // The writer requests the line again after its pause, though not before the reader has it.
      // Each waits a transfer for it, and half of one passes until the writer's request arrives.
      let reading = longest(pause, transfer) - 0.5 * transfer
      return Model(
        read.named("loads and additions")
          + ((1.5 * transfer / reading) * read).named(
            "cache-line transfers", because: "One and a half transfers per write."))
    })
}

/// What the reader does in one kernel call.
private let reads = 100_000

/// A setting, and a counter at some distance from it.
private struct Shared {
  let team: Team
  let distance: Int
  let pause: Int
  private let memory = AlignedBuffer<UInt8>(count: 256, alignment: 128) { $0 == 0 ? 1 : 0 }
  /// Set by the reader when it is done, on a line of its own.
  private let finished = AlignedBuffer<UInt8>(count: 256, alignment: 128) { _ in 0 }

  func run() -> Int {
    let setting = memory.atomicInteger(at: 0)
    let counter = memory.atomicInteger(at: distance)
    let done = finished.atomicInteger(at: 0)
    done.pointee.store(0, ordering: .relaxed)
    var total = 0
    team.run { member in
      if member == 0 {
        total = read(setting)
        done.pointee.store(1, ordering: .releasing)
      } else {
        write(counter, until: done, pause: pause)
      }
    }
    return total
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
  pause: Int
) {
  while done.pointee.load(ordering: .relaxed) == 0 {
    counter.pointee.wrappingAdd(1, ordering: .relaxed)
    var chain = 0
    for _ in 0..<pause { chain = opaque(chain &+ 1) }
  }
}
