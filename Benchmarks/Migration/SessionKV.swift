import Glibc
import Harness
import Results

extension Experiment {
  /// Sessions that move to a key-value store while they are used.
  static let sessionKV = Experiment(
    id: "migration/session-kv",
    title:
      "Sessions to a key-value store: copy, then switch → write both, copy what is missing",
    slot: "migration/database/polyglot",
    claim: """
      With one request per session during the copy, more than a third of the sessions are old in \
      the new store; writing to both helps, and still loses those that change between the copier's \
      read and its write; a copier that writes only what is missing loses none.
      """,
    mechanism: """
      SQLite to LMDB, real both, in twenty batches: the copier reads a batch, requests change \
      sessions at random meanwhile, the copier writes the batch. {point} come during the copy. A \
      session that changes after its batch was read is old in the copy: with r requests per \
      session and the batches spread evenly, the share is about 1 − (1 − e⁻ʳ) ÷ r. Written to \
      both, only what happens within a batch's own time counts, 1 − e⁻ʳᐟ²⁰: the copier puts the \
      old value over the new one. The condition *where there is none* is one look-up in the same \
      transaction. Once in each process the program is killed at a random request, and another \
      one copies from the beginning; once the store's disk is full for a while, so that requests \
      fail and a batch is written late.
      """,
    limits: """
      The two writes of a request are one after the other: a process that ends in between leaves \
      them different (`migration/dual-write`), which for sessions is often borne. Sessions that \
      end must be deleted at both sides, or the copier brings them back. Many teams move no \
      session at all and wait until the old ones expire, reading both until then. A store without \
      transactions needs a conditional put.
      """,
    diagram: """
      flowchart LR
        r["requests change sessions"]
        r --> a["table, then switched: {copy, then switch}"]
        r --> b["both, copier overwrites: {write both}"]
        r --> c["both, copier adds what is missing: {copy what is missing}"]
        a -- "{speedup} with {point}" --> c
      """,
    sweep: .count(
      "requests", [10, 100, 400], smoke: 100,
      label: { $0 == 100 ? "1 request per session" : "\(Double($0) / 100) requests per session" }),
    metric: .share("sessions right afterwards", lowerIsBetter: false),
    signals: [
      "sessions lost", "sessions wrong after kill -9", "sessions wrong after a full disk",
      "look-up in the table", "look-up in the store",
    ],
    needs: [.storage(bytes: 64 << 20)], tolerates: countTolerates,
    isMirrored: false, isRehearsed: false,
    work: { Work(elements: Double(MovingSessions.sessions * $0) / 100, each: "request") },
    variants: [
      variant("copy, then switch", shows: "copyThenSwitch", copyThenSwitch),
      variant("write both", shows: "writeBoth", writeBoth),
      variant("copy what is missing", shows: "copyMissing", copyMissing),
    ],
    headline: DeclaredHeadline(value: 100, variant: "copy what is missing"),
    model: { question in
      let rate = Double(question.value) / 100
      let right =
        switch question.variant {
        case "copy, then switch": (1...20).reduce(0) { $0 + exp(-rate * Double($1) / 20) } / 20
        case "write both": exp(-rate / 20)
        default: 1.0
        }
      return Model(
        Term<Percent>.exactly(100 * right).named("not changed behind the copier's back"),
        per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, _ move: @escaping @Sendable (MovingSessions) throws -> UInt64
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try SessionsTrial($0, move) }, report: { $0.report },
    run: { trial in orEnd { try trial.go() } })
}

@Sendable private func copyThenSwitch(_ sessions: MovingSessions) throws -> UInt64 {
  try sessions.move(
    change: { try $0.changeTable($1, $2) }, copy: { try $0.copy($1, onlyMissing: false) })
}

@Sendable private func writeBoth(_ sessions: MovingSessions) throws -> UInt64 {
  try sessions.move(
    change: { sessions, session, value in
      try sessions.changeTable(session, value)
      try sessions.changeStore(session, value)
    },
    copy: { try $0.copy($1, onlyMissing: false) })
}

@Sendable private func copyMissing(_ sessions: MovingSessions) throws -> UInt64 {
  try sessions.move(
    change: { sessions, session, value in
      try sessions.changeTable(session, value)
      try sessions.changeStore(session, value)
    },
    copy: { try $0.copy($1, onlyMissing: true) })
}
