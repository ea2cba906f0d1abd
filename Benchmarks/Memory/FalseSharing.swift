import Harness
import Results
import Synchronization

extension Experiment {
  /// Counters of different threads on one cache line, and on lines of their own.
  static let falseSharing = Experiment(
    id: "memory/false-sharing",
    title: "Counters of several threads: side by side → a cache line each",
    slot: "performance/memory/detection",
    claim: """
      Threads that each increment a counter of their own, without pause, run several times faster \
      when the counters lie a cache line apart; the more threads, the more. It stops holding \
      when increments are rare beside other work, since the core then hides the line's journey.
      """,
    mechanism: """
      Coherence works on cache lines, not on variables: a core must own the whole line to write \
      eight bytes of it. Counters 8 bytes apart share a line, so that it travels from core to core \
      though no datum is shared, and while it travels nobody increments. The three variants run \
      the same instructions, an unrolled row of `lock inc`, at addresses 8, 64 \
      or 128 bytes apart. 128 is for processors that fetch lines in pairs.
      """,
    limits: """
      One thread alone, or threads that write seldom, gain nothing: padding costs memory and \
      cache for naught. A counter that *is* shared stays slow at any spacing; give each thread its \
      own and add them up when somebody asks. Cores keep a line for a while once they have it, so \
      that the loss is less than one transfer an increment.
      """,
    diagram: """
      flowchart LR
        subgraph before["8 bytes apart: {8 bytes apart}"]
          direction TB
          t0["thread 0"] --> line["one line: count 0 | count 1 | …"]
          t1["thread 1"] --> line
        end
        subgraph after["64 bytes apart: {64 bytes apart}<br>128 bytes apart: {128 bytes apart}"]
          direction TB
          u0["thread 0"] --> l0["line: count 0 | padding"]
          u1["thread 1"] --> l1["line: count 1 | padding"]
        end
        before -- "{speedup} at {point} threads" --> after
      """,
    sweep: .count("threads", [2, 4, 8], smoke: 2, needs: { [.cores($0)] }),
    signals: ["cycles", "instructions"],
    needs: [.cores(2)],
    work: { threads in Work(elements: Double(threads * increments), each: "increment") },
    variants: [8, 64, 128].map { spacing in
      Variant(
        "\(spacing) bytes apart", shows: ["Counters", "increment"],
        prepare: { point in
          Counters(team: try point.team(point.value), spacing: spacing)
        },
        run: { counters in
          let before = counters.total
          counters.team.run { increment(counters.of($0)) }
          return counters.total - before
        })
    },
    predict: { question throws(MissingNumber) in
      let add = try question.number("atomic.add")
      let load = try question.latency(of: .l1)
      // Each core hands the line on in one step.
      let step = try question.coherenceStep()
      let threads = Double(question.value)
      let holding = step / 2
      // The first has waited for the line alone.
      let increments = 1 + max(0, holding - load) / add
      return Prediction(
        speedup: threads * step / (increments * add),
        because: """
          Handing a line on takes \(step.brief) ns, half of it the request and half the answer. A \
          core keeps the line until the next request arrives, \(holding.brief) ns. The increment \
          that waited is done with a load (\(load.brief) ns), and further ones each \
          \(add.brief) ns: \(increments.brief) in a turn of \(threads.brief) × \(step.brief) ns. \
          With a line of its own it increments all the time.
          """)
    })
}

/// What each thread does in one kernel call.
private let increments = 10_000

/// A counter for each member of a team, `spacing` bytes apart.
private final class Counters: @unchecked Sendable {
  let team: Team
  private let memory: AlignedBuffer<UInt8>
  private let spacing: Int

  init(team: Team, spacing: Int) {
    self.team = team
    self.spacing = spacing
    memory = AlignedBuffer(count: team.count * spacing, alignment: 128) { _ in 0 }
  }

  func of(_ member: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    // SAFETY: within the buffer, aligned since `spacing` is a multiple of 8, and zero bytes are an
    // `Atomic<Int>` that holds 0.
    UnsafeMutableRawPointer(memory.elements.baseAddress! + member * spacing)
      .assumingMemoryBound(to: Atomic<Int>.self)
  }

  var total: Int {
    (0..<team.count).reduce(0) { $0 + of($1).pointee.load(ordering: .relaxed) }
  }
}

@inline(never)
private func increment(_ counter: UnsafeMutablePointer<Atomic<Int>>) {
  for _ in 0..<increments { counter.pointee.wrappingAdd(1, ordering: .relaxed) }
}
