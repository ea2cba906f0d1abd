import Disks
import Harness
import Platform
import Results
import Techniques

extension Experiment {
  /// Writers that each flush their own record, or share a flush.
  static let groupCommit = Experiment(
    id: "storage/group-commit",
    title: "Durable records of many writers: a flush each → a flush for all that wait",
    slot: "performance/storage/analysis",
    claim: """
      With sixteen writers, one flush for all records that have come meanwhile commits several times \
      as many records per second as a flush per record, and shortens the wait of each; with one \
      writer it changes nothing, and a leader that lingers for more records only adds its pause there.
      """,
    mechanism: """
      `fdatasync` costs the same for one record as for a hundred: a write of the last pages and a \
      command that empties the device's cache. File system and device merge flushes that are called \
      at the same time to some degree, so that the cost of k of them is measured and not assumed. \
      The first writer that finds no flush under way leads: it writes all records that wait and \
      flushes once; those that come meanwhile form the next batch. Since a finished batch's writers \
      miss the flush that starts as soon as the next leader is awake, a batch holds about half of \
      the writers. The leader that lingers gets nearly all of them.
      """,
    limits: """
      Records must be durable before a writer goes on; if it need not wait, asynchronous commits are \
      faster still and lose what was not flushed. Lingering makes one full batch of \
      two half-full ones: it wins where the pause is shorter than the flush and the wake-ups that \
      this saves, or where flushes are what is paid for. The log is \
      written in place, as databases do that recycle their log files: a growing file adds the file \
      system's journal to each flush. A virtual disk may acknowledge a flush that its host has not \
      done; compare `fsync.4k` with `write.cached.4k` among the machine's numbers.
      """,
    diagram: """
      flowchart LR
        subgraph before["a flush each: {a flush each}"]
          direction LR
          w0["{point} writers"] -- "{point} flushes" --> d0["log"]
        end
        subgraph after["shared: {a shared flush}, after a pause {after a pause}"]
          direction LR
          w1["{point} writers"] --> l1["leader"] -- "1 flush" --> d1["log"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("writers", [1, 4, 16], smoke: 4),
    signals: ["commits per flush", "p99 latency"],
    needs: [.disk(bytes: 16 << 20)], tolerates: [.preempted],
    work: { Work(elements: Double($0 * CommitLog.recordsEach), each: "commit") },
    variants: [
      commits("a flush each", shows: ["flushEach"]) { log, writer in flushEach(log, writer) },
      commits("a shared flush", shows: ["commitTogether"]) { log, writer in
        commitTogether(log, writer)
      },
      commits("after a pause", shows: ["commitTogether"], linger: pauseMicroseconds) {
        log, writer in
        commitTogether(log, writer)
      },
    ],
    headline: DeclaredHeadline(value: 16, variant: "a shared flush"),
    model: { question throws(MissingNumber) in
      let writers = Double(question.value)
      if question.isBaseline {
        let flushes = try question.curve(.flushesTogether, at: writers)
        return Model((flushes / writers).named("flushes at the same time, shared"))
      }
      let flush = try question.curve(.flushesTogether, at: 1)
      let wake = try question.time("futex.wake")
      let call = try question.time("futex.wake.call")
      let lingers = question.variant == "after a pause"
      // Two batches take turns, unless the leader waits for both: one is flushed while the other
      // gathers.
      let batch = lingers ? writers : max(1, writers / 2)
      let pause = lingers ? Time.exactly(Double(pauseMicroseconds) * 1e3) + wake : .zero
      return Model(
        (flush / batch).named("flush, shared by a batch")
          + (pause / batch).named("pause and wake-up")
          + ((writers > 1 ? wake : .zero) / batch).named("waking the next leader")
          + ((batch - 1) / batch * call).named("waking a follower"))
    })
}

private let pauseMicroseconds = 100

private func commits(
  _ name: String, shows: [String], linger: Int = 0,
  each: @escaping @Sendable (CommitLog, Int) -> Void
) -> Variant {
  Variant(
    name, shows: shows, prepare: { try CommitLog($0, linger: linger) }, report: { $0.report() },
    run: { log in log.round(each) })
}

/// Each writer writes its record and flushes by itself.
@inline(never)
private func flushEach(_ log: CommitLog, _ writer: Int) {
  for number in 0..<CommitLog.recordsEach {
    log.timed(writer) {
      let record = log.record(writer, number)
      try log.file.write(record, at: log.reserve(record.count))
      try log.file.flush()
    }
  }
}

/// The writers share flushes.
@inline(never)
private func commitTogether(_ log: CommitLog, _ writer: Int) {
  for number in 0..<CommitLog.recordsEach {
    log.timed(writer) { try log.group.commit(log.record(writer, number)) }
  }
}
