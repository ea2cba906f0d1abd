import Harness
import Results

extension Experiment {
  /// A counter of views that several servers add to.
  static let counters = Experiment(
    id: "migration/counters",
    title: "A counter that everybody adds to: one row → a row each, merged in memory first",
    slot: "migration/database/consistency",
    claim: """
      A row for each adder removes the wait for the other one, a factor of the number of adders at \
      best; adding up in memory and entering the sum saves the commits, a factor of the additions \
      that are merged, and loses up to as many of them when a process ends.
      """,
    mechanism: """
      An addition to one row is a commit under the row's lock, one after the other. With a row per \
      adder, in databases of their own, the commits run side by side; the value is the sum of the \
      rows, each of which only grows: a grow-only counter, which may be merged in any order \
      (Shapiro, Preguiça, Baquero and Zawirski, 2011). Merged, {point} are one commit. Two threads \
      add at the same time on two cores; processes are killed, and what they had \
      acknowledged is compared with what is there.
      """,
    limits: """
      Rows of one database have one log: in SQLite they wait for each other all the same, which is \
      why each has a file here; in PostgreSQL the row's lock goes and the log's flush stays, for \
      many commits together. A reader sees what is entered, so the value is old by what is in \
      memory. A counter that must not fall below zero, such as a stock, can't be split this way. \
      Nothing waits for the device here, neither commits nor checkpoints (`synchronous` is off): \
      where each commit does, merging saves ten times as much, and two files share their flushes \
      (`storage/group-commit`).
      """,
    diagram: """
      flowchart LR
        a["two adders"]
        a --> o["one row: {one row}"]
        a --> s["a row each: {a row each}"]
        a --> m["memory, {point}, a row each: {merged}"]
        o -- "{speedup}" --> m
      """,
    sweep: .count(
      "additions", [10, 100], smoke: 10, label: { "\($0) additions at a time" }),
    signals: ["lost per kill -9"],
    needs: [.cores(2), .storage(bytes: CountedViews.bytes)], tolerates: [.preempted],
    isRehearsed: false,
    work: { _ in Work(elements: Double(2 * CountedViews.additions), each: "addition") },
    variants: [
      variant("one row", shows: "oneRow") { _ in oneRow },
      variant("a row each", shows: "rowEach") { _ in rowEach },
      variant("merged", shows: "merged") { merged($0.value) },
    ],
    headline: DeclaredHeadline(value: CountedViews.killed, variant: "merged"),
    model: { question throws(MissingNumber) in
      let commit = try question.time("sqlite.commit.wal")
      let start = try question.time("thread.create") / Double(CountedViews.additions)
      let threads = start.named("starting the threads")
      switch question.variant {
      case "one row": return Model(commit.named("a commit each, one after the other") + threads)
      case "a row each": return Model((commit / 2).named("two commits at once") + threads)
      default:
        let batch = 2 * Double(question.value)
        return Model((commit / batch).named("a commit for all, two at once") + threads)
      }
    })
}

private func variant(
  _ name: String, shows: String, _ way: @escaping @Sendable (Point) -> CountedViews.Way
) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { point in (views: try CountedViews(point, name, way(point)), way: way(point)) },
    report: { $0.views.report }, run: { trial in orEnd { try trial.views.count(trial.way) } })
}

@Sendable private func oneRow(_ rows: [CountedViews.Row], _ thread: Int) -> CountedViews.Adder {
  CountedViews.Adder(to: rows[0], batch: 1)
}

@Sendable private func rowEach(_ rows: [CountedViews.Row], _ thread: Int) -> CountedViews.Adder {
  CountedViews.Adder(to: rows[thread], batch: 1)
}

private func merged(_ additions: Int) -> CountedViews.Way {
  { rows, thread in CountedViews.Adder(to: rows[thread], batch: additions) }
}
