import Databases
import Harness
import Results

extension Experiment {
  /// Payments whose answers get lost, so that clients send them again.
  static let idempotency = Experiment(
    id: "scale/idempotency",
    title: "Apply each request → once per idempotency key",
    slot: "scale/100k/consistency",
    claim: """
      With one answer of ten lost, clients that try again make 11% too many bookings; a key that \
      is looked up first and stored afterwards still leaves 5%, those whose copies overlap; a key \
      that is stored in the transaction of the booking leaves none.
      """,
    mechanism: """
      A lost answer looks like a lost request, so that the client must try again, and the server \
      can't know that it has done the work. A share p of lost answers makes 1 ÷ (1 − p) copies of \
      each request. A key made by the client says which copies are one. It has to be stored in the \
      transaction of the effect: looked up before and stored after, two copies that arrive at the \
      same time both find nothing.
      """,
    limits: """
      The answer must be stored as well, so that the copy gets the same one. Keys are kept as long \
      as a client may try again: days for a mobile phone. Effects outside of the database (a mail, \
      a card) need a key of theirs. Half of the copies overlap with the request that they repeat \
      here, as they do after a time-out.
      """,
    diagram: """
      flowchart LR
        c["client"] -- "again, if no answer" --> s["server"]
        s --> a["each request: {each request}"]
        s -- "look up, book, store the key" --> b["key beside: {key beside}"]
        s -- "key in the transaction" --> k["key inside: {key inside}"]
        a -- "{speedup} at {point}" --> k
      """,
    sweep: .count("lost answers", [1, 10, 30], smoke: 10, label: { "\($0) % of answers lost" }),
    metric: .share("bookings per payment", lowerIsBetter: true),
    signals: ["copies per payment"],
    needs: [.storage(bytes: 16 << 20)], tolerates: countTolerates,
    isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: Double(Ledger.payments), each: "payment") },
    variants: [
      variant("each request", shows: "bookEach") { try $0.bookEach($1, overlaps: $2) },
      variant("key beside", shows: "bookKeyBeside") { try $0.bookKeyBeside($1, overlaps: $2) },
      variant("key inside", shows: "bookKeyInside") { try $0.bookKeyInside($1, overlaps: $2) },
    ],
    headline: DeclaredHeadline(value: 10, variant: "key inside"),
    model: { question in
      let lost = Double(question.value) / 100
      let copies = question.isBaseline ? 1 / (1 - lost) : 1
      return Model(
        Term<Percent>.exactly(100 * copies).named("requests until an answer arrives"), per: .metric)
    })
}

extension Ledger {
  /// An overlapping copy does each step right after the request that it repeats.
  fileprivate func bookEach(_ payment: Int, overlaps: Bool) throws {
    for _ in 0..<(overlaps ? 2 : 1) { try book(payment) }
  }

  fileprivate func bookKeyBeside(_ payment: Int, overlaps: Bool) throws {
    let copies = overlaps ? 2 : 1
    let isKnown = try (0..<copies).map { _ in try knows(payment) }
    for known in isKnown where !known { try book(payment) }
    for known in isKnown where !known { try store(payment) }
  }

  fileprivate func bookKeyInside(_ payment: Int, overlaps: Bool) throws {
    for _ in 0..<(overlaps ? 2 : 1) {
      try database.transaction {
        try store(payment)
        if database.changes == 1 { try book(payment) }
      }
    }
  }
}

private func variant(
  _ name: String, shows: String,
  _ handle: @escaping @Sendable (Ledger, Int, _ overlaps: Bool) throws -> Void
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try Ledger($0) }, report: { $0.reports },
    run: { ledger in
      do { return try ledger.payAll(handle) } catch { fatalError("a payment: \(error)") }
    })
}
