import Harness
import Results

extension Experiment {
  /// A thread that is moved to another core while it works on its data.
  static let affinity = Experiment(
    id: "cpu/affinity",
    title: "A thread moved between cores → pinned to one",
    slot: "performance/cpu/hardware",
    claim: """
      A thread that migrates to another core between passes over its data loses the time of the \
      migration and of refilling the new core's caches, which is most of its time when the passes \
      are short and little once the data exceed the private caches.
      """,
    mechanism: """
      First- and second-level caches belong to a core. After a move, the lines that the thread has \
      written lie modified in the caches of the core that it left. Each one is fetched from there, \
      or from the level that the cores share. For the move itself, the thread sleeps while a \
      kernel thread puts it into the other core's run queue and wakes that core. Both variants run \
      the same loop, eight passes between two moves.
      """,
    limits: """
      Pinning helps a thread that has a core to itself. With more threads than cores, a pinned \
      thread waits for its core while others are idle; there the scheduler's migrations help. A \
      scheduler migrates a running thread much more rarely than every few passes, as here, so a \
      real program loses proportionally less.
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
          MovingThread(lines: Lines(point), cpus: (point.cpus[0], point.cpus[1]))
        },
        run: { try! workMoving($0) }),
      Variant("pinned", shows: ["workPinned"], prepare: { Lines($0) }, run: { workPinned($0) }),
    ],
    model: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      // The stride's own addition and its check, a conditional move, are a chain of two.
      let step = 2 * (try question.time("add.integer.latency"))
      // Every line is changed, so that another goes back for each that comes.
      let home = question.home(of: bytes)
      func moved(in level: MemoryLevel) throws(MissingNumber) -> Time {
        Size.exactly(64) / (try question.bandwidth("bandwidth.write.\(level.rawValue)"))
      }
      let line = longest(
        step.named("computation"), try moved(in: home).named("lines changed in \(home.title)"))
      guard question.isBaseline else { return Model(line) }
      // The first of the passes after a move finds them in the level that the cores share.
      let shared = try moved(in: home == .memory ? .memory : .l3)
      let refill = longest(shared - line, .zero) / Double(passes)
      let move = try question.time("thread.move") / (Double(passes) * bytes / 64)
      return Model(line + refill.named("refilling the caches") + move.named("migration"))
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

private struct MovingThread: Sendable {
  let lines: Lines
  let cpus: (home: Int, away: Int)
}

@inline(never)
private func workMoving(_ thread: MovingThread) throws -> Int {
  try Placement.move(to: thread.cpus.away)
  var sum = 0
  for _ in 0..<passes { sum &+= thread.lines.pass(1) }
  try Placement.move(to: thread.cpus.home)
  // Subtracts again, so that every call starts with the same counters.
  for _ in 0..<passes { sum &+= thread.lines.pass(-1) }
  return sum
}

@inline(never)
private func workPinned(_ lines: Lines) -> Int {
  var sum = 0
  for _ in 0..<passes { sum &+= lines.pass(1) }
  for _ in 0..<passes { sum &+= lines.pass(-1) }
  return sum
}
