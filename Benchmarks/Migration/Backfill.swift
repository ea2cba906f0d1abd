import Harness
import Results

extension Experiment {
  /// A new column filled in for all rows while the Shop writes.
  static let backfill = Experiment(
    id: "migration/backfill",
    title: "A new column for old rows: one statement → paced chunks",
    slot: "migration/database/synchronisation",
    claim: """
      One `UPDATE` of all rows stops every write of the Shop until it ends; chunks that follow \
      each other at once hardly help, since a writer that waits looks for the lock only now and \
      then and finds the next chunk there; a pause longer than the chunk after each one brings \
      the longest wait down to milliseconds.
      """,
    mechanism: """
      SQLite has one writer at a time. A writer that finds the lock taken sleeps 1, 2, 5, 10, \
      15, 20, 25, 25, 25, 50, 50, then 100 ms and looks again (`sqliteDefaultBusyCallback`). \
      Where the lock is free for microseconds between two chunks, it misses the gap at each \
      look. So the longest wait is not the time of a chunk but the next sum of these pauses, and \
      without pauses between chunks the whole backfill's. Progress is stored in each chunk's \
      transaction: after `kill -9` a new start goes on behind the last one, where a single \
      statement begins again.
      """,
    limits: """
      Paced chunks take as long as their pauses add up to, and old and new rows live side by \
      side meanwhile: the program must read both. In PostgreSQL only the rows of the chunk are \
      locked, and what pauses save is the replicas' lag and the vacuum's work. A queue of \
      writers in the order of arrival in place of the busy handler takes away the luck and not \
      the wait. The load is 1,000 changes of carts per second.
      """,
    diagram: """
      flowchart LR
        w["visitors write"] --> a["one statement: {one statement}"]
        w --> c["chunks of {point} at once: {chunks at once}"]
        w --> p["with pauses: {paced chunks}"]
        a -- "{speedup}" --> p
      """,
    sweep: .count("rows of a chunk", [100, 1_000, 2_500], smoke: 1_000, label: { "\($0) rows" }),
    metric: .reported("longest response", unit: .nanoseconds, lowerIsBetter: true),
    signals: [
      "backfill", "response (p50)", "failed requests", "rows left after kill -9 halfway",
    ],
    needs: [.cores(2), .storage(bytes: 4 * ShopFolders.bytes)], tolerates: [.preempted],
    isMirrored: false,
    work: { _ in Work(elements: 1, each: "backfill") },
    variants: [
      variant("one statement", shows: "atOnce", .atOnce),
      variant("chunks at once", shows: "inChunks", .chunks),
      variant("paced chunks", shows: "inChunks", .paced),
    ],
    demands: Demands { point in
      let store = try Backfilling(point, .atOnce)
      return [
        "the backfill by itself": try store.timeAlone(),
        "a response of the Shop": try store.responseAlone(),
      ]
    },
    headline: DeclaredHeadline(value: 1_000, variant: "paced chunks"),
    model: { question throws(MissingNumber) in
      guard let whole = question.demand("the backfill by itself"),
        let response = question.demand("a response of the Shop")
      else { return nil }
      // Without pauses the lock seems to be held all the time.
      let share =
        question.variant == "paced chunks"
        ? Double(question.value) / Double(Backfilling.rows) : 1
      let held = (share * whole) / Time.exactly(1e6)
      let look = Ratio.function("SQLite's next look, in ms", of: held, nextLook)
      return Model((look * Time.exactly(1e6)).named("wait for the lock") + response, per: .metric)
    })
}

/// The sum of SQLite's pauses that is no shorter than a time, both in milliseconds.
private func nextLook(_ time: Double) -> Double {
  let pauses = [1.0, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50]
  var (sum, count) = (0.0, 0)
  while sum < time {
    sum += count < pauses.count ? pauses[count] : 100
    count += 1
  }
  return sum
}

private func variant(_ name: String, shows: String, _ way: Backfilling.Way) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try Backfilling($0, way) }, report: { $0.report },
    run: { filling in
      filling.serve { way == .atOnce ? try atOnce(filling) : try inChunks(filling, way == .paced) }
    })
}

private func atOnce(_ filling: Backfilling) throws { try filling.fill(1...Backfilling.rows) }

private func inChunks(_ filling: Backfilling, _ isPaced: Bool) throws {
  for first in stride(from: 1, through: Backfilling.rows, by: filling.chunk) {
    let time = try filling.fill(first...min(Backfilling.rows, first + filling.chunk - 1))
    if isPaced { filling.pause(2 * time) }
  }
}
