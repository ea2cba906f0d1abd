import Databases
import Drills
import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// Rows that a copy has wrong, before it is used.
  static let shadowReads = Experiment(
    id: "migration/shadow-reads",
    title: "Is the copy right? shadow reads → checksums of chunks",
    slot: "migration/database/synchronisation",
    claim: """
      Comparing old and new store for each of thirty thousand requests leaves wrong rows unseen \
      that nobody happened to read; checksums of all chunks find every one in milliseconds, \
      while the number of rows, which most people compare, says that all is well.
      """,
    mechanism: """
      Eighty of 32,000 rows are wrong in ways that migrations have had: the last rows missing, \
      as many doubled under new numbers (so that the counts agree), totals rounded, a status \
      taken from the neighbour. Shadow reads follow the traffic, which prefers few orders: by \
      Zipf the one of rank r is read in proportion to 1 ÷ r, and n reads have seen it with 1 − \
      e^(−n p); a number that nobody knows is never asked for. A checksum is the sum over a \
      chunk of a number made of all columns; where two differ, their thousand rows are compared \
      one by one. Both read the stores themselves, past any cache.
      """,
    limits: """
      Shadow reads find what checksums can't: code that reads the right row and shows it \
      wrongly, and answers that come late. Under writes a checksum needs a snapshot of both \
      sides at one position of the log, else it finds rows that are on their way. A sum of \
      columns can hide two errors that cancel out; a hash per row, added up, practically can't.
      """,
    diagram: """
      flowchart LR
        subgraph before["shadow reads: {shadow reads}"]
          direction LR
          t0["{point}"] --> o0["old"]
          t0 --> n0["new"]
        end
        subgraph after["checksums: {checksums}"]
          direction LR
          c1["32 chunks"] --> o1["old"]
          c1 --> n1["new"]
        end
        before -- "found: {speedup}" --> after
      """,
    sweep: .count(
      "requests", [300, 3_000, 30_000], smoke: 300, label: { "\($0) requests" }),
    metric: .share("wrong rows found", lowerIsBetter: false),
    signals: ["time of the check", "difference of the counts"],
    needs: [.storage(bytes: 2 * SharedDatabase.needed)], tolerates: countTolerates,
    work: { _ in Work(elements: 1, each: "check") },
    variants: [
      Variant(
        "shadow reads", shows: ["readBoth"], prepare: { try FaultyCopy($0) },
        report: { $0.report }, run: { copy in copy.check(readBoth) }),
      Variant(
        "checksums", shows: ["compareChunks"], prepare: { try FaultyCopy($0) },
        report: { $0.report }, run: { copy in copy.check(compareChunks) }),
    ],
    headline: DeclaredHeadline(value: 3_000, variant: "checksums"),
    model: { question in
      guard question.isBaseline else {
        return Model(Term<Percent>.exactly(100).named("all rows"), per: .metric)
      }
      let reads = Double(question.value)
      let found = ZipfRanks(FaultyCopy.rows).shares.reduce(0) { $0 + 1 - exp(-reads * $1) }
      // Nobody asks for the quarter that is there twice, under numbers that nobody knows.
      return Model(
        Term<Percent>.exactly(75 * found / Double(FaultyCopy.rows)).named("rows that were read"),
        per: .metric)
    })
}

/// Each request asks both stores.
private func readBoth(_ copy: FaultyCopy) throws -> Set<Int> {
  var wrong: Set<Int> = []
  for order in copy.requests where try copy.row(order, in: .old) != copy.row(order, in: .new) {
    wrong.insert(order)
  }
  return wrong
}

/// Chunk by chunk; row by row where the sums differ.
private func compareChunks(_ copy: FaultyCopy) throws -> Set<Int> {
  var wrong: Set<Int> = []
  for first in stride(from: 0, to: FaultyCopy.last, by: 1_000) {
    let chunk = first...first + 999
    guard try copy.sum(chunk, in: .old) != copy.sum(chunk, in: .new) else { continue }
    let report = TruthReport.comparing(
      try copy.rows(chunk, in: .new), with: try copy.rows(chunk, in: .old))
    wrong.formUnion(report.lost + report.diverged + report.invented)
  }
  return wrong
}
