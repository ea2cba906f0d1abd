import Harness
import Results
import Synchronization

extension Experiment {
  /// Counters of several threads on one cache line, and on a line each.
  static let falseSharing = Experiment(
    id: "memory/false-sharing",
    title: "Counters of several threads: side by side → a cache line each",
    slot: "performance/memory/detection",
    claim: """
      Threads that each increment a counter of their own without pause run several times faster \
      when each counter has its own cache line, the more so the more threads there are; where \
      other work separates the increments, it hides the transfer of the line and the difference \
      disappears.
      """,
    mechanism: """
      Coherence works on cache lines, not on variables: to write eight bytes, a core must own the \
      whole line. Counters 8 bytes apart share a line, so that it moves from core to core although \
      no datum is shared, and during a transfer no thread increments. All variants run the same \
      unrolled loop of atomic increments, on counters 8, 64 or 128 bytes apart. A distance of 128 \
      bytes is for processors that prefetch lines in pairs or whose lines are as long.
      """,
    limits: """
      A single thread, or threads that write seldom, gain nothing; the padding then only takes up \
      memory and cache. A counter that *is* shared stays slow at any spacing: give each thread its \
      own, and add them up on reading. A core increments several times before it loses the line, \
      so the cost is less than one transfer per increment.
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
    sweep: .threads(),
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
    headline: DeclaredHeadline(value: 2, variant: "64 bytes apart"),
    model: { question throws(MissingNumber) in
      let add = try question.time("atomic.add")
      guard question.isBaseline, question.value > 1 else {
        return Model((add / Double(question.value)).named("increments"))
      }
      // Coherence works on lines: counters on one line are as slow as one counter of all threads.
      if let contended = try? question.contended("atomic.add.contended", by: question.value) {
        return Model((contended / 2).named("increments on one line"))
      }
      // On machines measured before that was a number:
      // A transfer is half a request, half an answer. The owner increments until the next request
      // arrives; its first increment has waited for the line, and takes no longer than a load.
      // Of more threads one has the line at a time, and the others wait longer for their turns.
      let half = try question.cacheLineTransfer(among: question.value) / 2
      let increments = 1 + longest(.zero, half - (try question.latency(of: .l1))) / add
      return Model(
        (half / increments).named(
          "increments", because: "The owner increments until the next request arrives.")
          + (half / increments).named(
            "cache-line transfers", because: "No core owns the line while it moves."))
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
    memory.atomicInteger(at: member * spacing)
  }

  var total: Int {
    (0..<team.count).reduce(0) { $0 + of($1).pointee.load(ordering: .relaxed) }
  }
}

@inline(never)
private func increment(_ counter: UnsafeMutablePointer<Atomic<Int>>) {
  for _ in 0..<increments { counter.pointee.wrappingAdd(1, ordering: .relaxed) }
}
