import Harness
import Results
import Synchronization

extension Experiment {
  /// A field that is only read, on the line of one that another thread writes.
  static let readMostlySharing = Experiment(
    id: "memory/read-mostly-sharing",
    title: "A setting that one thread reads beside a counter that another writes → lines apart",
    slot: "performance/memory/detection",
    claim: """
      A thread that only reads a field is slowed down several times when another thread keeps \
      writing a field beside it on the same line; a line apart it reads at full speed. It stops \
      holding when the writes are rare: with some thousand cycles between two of them nothing is \
      left of it.
      """,
    mechanism: """
      To write, a core must own the line alone: every write takes it away from the reader, whose \
      next load waits until it is back. No datum is shared, and the reader writes nothing. Both \
      variants run the same loop, a load and an addition (a relaxed atomic load is a plain `mov`), \
      beside the same writer, `lock inc` and a chain of additions as a pause; only the address of \
      the counter differs, 8 or 64 bytes from the setting. What is timed is the reader's work.
      """,
    limits: """
      A reader that reads seldom loses nothing that it would notice. Where reader and writer share \
      the very datum, distance does not help: publish it less often. Settings that never change \
      can share a line with each other, which is the cheapest way: keep the written fields together \
      and away from them.
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
    predict: { question throws(MissingNumber) in
      let addition = try question.number("add.integer.latency")
      // The writer takes one step, the reader the other.
      let step = try question.coherenceStep()
      let write = try question.number("atomic.add")
      let pause = Double(question.value) * addition + write
      // The writer asks for the line again after its pause, though not before the reader has it.
      let period = max(pause, step) + step
      let reading = period - 1.5 * step
      return Prediction(
        speedup: period / reading,
        because: """
          Taking a line from another core takes \(step.brief) ns, half of it for the request. \
          After a write the reader waits for all of it; the writer comes back \(pause.brief) ns \
          after its write and waits as long. Until its request arrives the reader reads: \
          \(reading.brief) ns out of each \(period.brief).
          """)
    })
}

/// What the reader does in one kernel call.
private let reads = 100_000

/// A setting, and a counter at some distance from it.
private final class Shared: @unchecked Sendable {
  // SAFETY (@unchecked): what several threads touch is atomic.
  private let team: Team
  private let memory: AlignedBuffer<UInt8>
  private let distance: Int
  private let pause: Int
  /// Raised by the reader when it is done, on lines that nobody else uses.
  private let finished: AlignedBuffer<UInt8>

  init(team: Team, distance: Int, pause: Int) {
    self.team = team
    self.distance = distance
    self.pause = pause
    memory = AlignedBuffer(count: 256, alignment: 128) { $0 == 0 ? 1 : 0 }
    finished = AlignedBuffer(count: 256, alignment: 128) { _ in 0 }
  }

  private func atomic(_ buffer: AlignedBuffer<UInt8>, at offset: Int)
    -> UnsafeMutablePointer<Atomic<Int>>
  {
    // SAFETY: within the buffer, aligned, and an integer's bytes are those of an `Atomic<Int>`.
    UnsafeMutableRawPointer(buffer.elements.baseAddress! + offset)
      .assumingMemoryBound(to: Atomic<Int>.self)
  }

  func run() -> Int {
    let setting = atomic(memory, at: 0)
    let counter = atomic(memory, at: distance)
    let done = atomic(finished, at: 0)
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
