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
      then and finds the next chunk there; with a pause twice as long as the chunk after each one, \
      hardly a visitor notices, and a `kill -9` halfway costs a chunk and not half of the work.
      """,
    mechanism: """
      SQLite has one writer at a time. A writer that finds the lock taken sleeps 1, 2, 5, 10, 15, \
      20, 25, 25, 25, 50, 50, then 100 ms and looks again (`sqliteDefaultBusyCallback`). Where the \
      lock is free for microseconds between two chunks, it misses the gap at each look: {point} or \
      one statement, the writer that waits sees a lock that is always taken. The longest wait is a \
      sum of these pauses and jumps from one to the next, so that what is compared is the share of \
      changes that are answered within 5 ms: those that come while the lock seems free. Progress \
      is in each chunk's transaction: after `kill -9` a new start goes on behind the last one, \
      where a single statement begins again.
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
    sweep: .count("rows of a chunk", [2_500, 10_000], smoke: 2_500, label: { "\($0) rows" }),
    metric: .share("changes answered within 5 ms", lowerIsBetter: false),
    signals: [
      "backfill", "longest response", "failed requests", "rows left after kill -9 halfway",
      "rows wrong after going on",
    ],
    needs: [.cores(2), .storage(bytes: 4 * ShopFolders.bytes)],
    tolerates: loadTolerates,
    isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "backfill") },
    variants: [
      variant("one statement", shows: "atOnce", .atOnce),
      variant("chunks at once", shows: "inChunks", .chunks),
      variant("paced chunks", shows: "inChunks", .paced),
    ],
    demands: Demands { ["the backfill by itself": try Backfilling($0, .atOnce).timeAlone()] },
    headline: DeclaredHeadline(value: 2_500, variant: "paced chunks"),
    model: { question in
      guard let whole = question.demand("the backfill by itself") else { return nil }
      let share = Double(question.value) / Double(Backfilling.rows)
      let isPaced = question.variant == "paced chunks"
      // Of a paced one the chunk alone is in the way. The Shop has one writer: who comes after it
      // waits for it.
      let held = nextLook(after: isPaced ? share * whole : whole)
      let borne = Time.exactly(Backfilling.borne)
      let late = (longest(held, borne) - borne) / Time.exactly(Backfilling.seconds * 1e9)
      let chunks = isPaced ? (1 / share).rounded(.up) : 1
      let free = 1 - chunks * late
      return Model(
        (free * Term<Percent>.exactly(100)).named("changes that find the lock free in time"),
        per: .metric)
    })
}

/// When a writer that waits finds a lock free that has been held for so long.
private func nextLook(after held: Time) -> Time {
  let looks = [1.0, 3, 8, 18, 33, 53, 78, 103, 128, 178, 228]
  let look = Ratio.function("next look", of: held / Time.exactly(1e6)) { held in
    looks.first { $0 >= held } ?? held
  }
  return look * Time.exactly(1e6)
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
