import Harness
import Results

extension Experiment {
  /// A thread that is moved to another core while it works on its data.
  static let affinity = Experiment(
    id: "cpu/affinity",
    title: "A thread moved between cores → pinned to one",
    slot: "performance/cpu/hardware",
    claim: """
      A thread that is moved to another core between passes over its data loses the move itself and \
      the refilling of that core's caches: much of its time when the passes are short, little once \
      the data are too large for the private caches anyway.
      """,
    mechanism: """
      First- and second-level caches belong to a core. After a move the lines that the thread has \
      written lie modified in the cache of the core that it left, and each must be fetched from \
      there, or from the level that both share. The move costs besides: the thread goes to sleep, a \
      kernel thread puts it into the other run queue, and that core is woken. Both variants run the \
      same loop, eight passes of it between two moves.
      """,
    limits: """
      Pinning helps one thread that has a core to itself. Where more threads run than there are \
      cores, a pinned thread waits for its core while others are free: the scheduler's moves are \
      then a gain. It moves running threads seldom, not every few passes as here, so that the loss \
      in a real program is smaller by that rate.
      """,
    diagram: """
      flowchart LR
        subgraph before["moved: {moved}"]
          direction LR
          a["core 0: 8 passes"] -- "move, refill" --> b["core 1: 8 passes"]
          b -- "move, refill" --> a
        end
        subgraph after["pinned: {pinned}"]
          c["core 0: 16 passes, data stay in its caches"]
        end
        before -- "{speedup} for {point}" --> after
      """,
    sweep: .bytes("working set", [16 << 10, 128 << 10, 512 << 10, 4 << 20], smoke: 16 << 10),
    signals: ["migrations", "voluntary switches", "involuntary switches", "system time"],
    needs: [.cores(2)],
    tolerates: [.migrated],
    work: { Work(elements: Double(2 * passes * $0 / 64), bytes: Double(2 * passes * $0)) },
    variants: [
      Variant(
        "moved", shows: ["workMoving", "pass"],
        prepare: { point in
          Wanderer(lines: Lines(point), cpus: (point.cpus[0], point.cpus[1]))
        },
        run: { try! workMoving($0) }),
      Variant(
        "pinned", shows: ["workPinned"],
        prepare: { Lines($0) },
        run: { workPinned($0) }),
    ],
    predict: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      // The stride's own addition and its check, a conditional move, are a chain of two.
      let step = 2 * (try question.number("add.integer.latency"))
      let reading = try question.streaming(bytes, of: bytes, compute: bytes / 64 * step)
      let shared = try question.readBandwidth(of: reading.level == .memory ? .memory : .l3)
      let refill = max(0, bytes / shared - reading.time)
      let move = try question.number("thread.move")
      let stay = Double(passes) * reading.time
      return Prediction(
        speedup: (stay + refill + move) / stay,
        because: """
          Between two moves lie \(passes) passes of \(reading.time.brief) ns (\(reading.bound)). \
          The first after a move reads from the level that the cores share: \(refill.brief) ns \
          more. The move itself takes \(move.brief) ns.
          """)
    })
}

/// Between two moves.
private let passes = 8

/// The working set: one counter a cache line.
private final class Lines: @unchecked Sendable {
  // SAFETY (@unchecked): used by one thread, wherever it runs.
  private let counters: AlignedBuffer<Int>

  init(_ point: Point) { counters = AlignedBuffer(count: point.value / 8) { _ in 0 } }

  /// Adds `step` to one counter in each line and returns their sum.
  @inline(never)
  func pass(_ step: Int) -> Int {
    var sum = 0
    let counters = counters.opaqueElements.count
    let elements = self.counters.elements
    for index in stride(from: 0, to: counters, by: 8) {
      elements[index] &+= step
      sum &+= elements[index]
    }
    return sum
  }
}

private struct Wanderer: Sendable {
  let lines: Lines
  let cpus: (home: Int, away: Int)
}

@inline(never)
private func workMoving(_ wanderer: Wanderer) throws -> Int {
  try Placement.move(to: wanderer.cpus.away)
  var sum = 0
  for _ in 0..<passes { sum &+= wanderer.lines.pass(1) }
  try Placement.move(to: wanderer.cpus.home)
  // Down again, so that every call begins with the same counters.
  for _ in 0..<passes { sum &+= wanderer.lines.pass(-1) }
  return sum
}

@inline(never)
private func workPinned(_ lines: Lines) -> Int {
  var sum = 0
  for _ in 0..<passes { sum &+= lines.pass(1) }
  for _ in 0..<passes { sum &+= lines.pass(-1) }
  return sum
}
