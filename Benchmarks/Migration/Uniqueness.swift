import Databases
import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// A name that only one account may have, when accounts are spread over two databases.
  static let uniqueness = Experiment(
    id: "migration/uniqueness",
    title: "One account per name over two databases: look first, then insert → reserve the name",
    slot: "migration/database/consistency",
    claim: """
      After a table is split, no unique index spans both halves: of requests that are sent twice, \
      those whose second copy comes within a round trip make two accounts; a unique index in each \
      half prevents only half of these, and a reservation in a database that owns the names all.
      """,
    mechanism: """
      Each name is asked for twice, as by a double click or a repeated request after a time-out: \
      the second time {point} later on average (exponential). A program asks both databases \
      whether the name is there, and inserts it one round trip of 20 ms later in the half that the \
      account's number says. The second request sees no account if it asks before the first has \
      inserted: probability 1 − e^(−20 ms ÷ gap). Its account lies in the other half in every \
      second case; in the same half the index refuses it. A reservation is one row in a table \
      whose key is the name, made before the account. The databases are real, the times are \
      simulated.
      """,
    limits: """
      A program that ends behind its reservation leaves a name that nobody has: reservations get a \
      time limit and are confirmed by the account. The owner of names is asked once more per \
      registration, and is a single point of failure. Splitting by the name itself makes the index \
      span again, for one name. What is doubled already has to be found and merged, by people.
      """,
    diagram: """
      flowchart LR
        r["two requests, {point} apart"]
        r --> a["ask both halves, insert: {look, then insert}"]
        r --> b["with an index in each: {index in each half}"]
        r --> c["reserve the name, insert: {reservation}"]
        a -- "{speedup}" --> c
      """,
    sweep: .count("gap", [10, 100, 1_000], smoke: 100, label: { "\($0) ms" }),
    metric: .share("names with one account", lowerIsBetter: false),
    signals: ["names with two accounts", "requests refused"],
    tolerates: countTolerates,
    work: { _ in Work(elements: Double(TwoHalves.names), each: "name") },
    variants: [
      variant("look, then insert", shows: "lookThenInsert", lookThenInsert),
      variant("index in each half", shows: "indexInEach", isUnique: true, indexInEach),
      variant("reservation", shows: "reserve", reserve),
    ],
    model: { question in
      let overlap = 1 - exp(-TwoHalves.roundTrip / Double(question.value))
      let doubled =
        switch question.variant {
        case "look, then insert": overlap
        case "index in each half": overlap / 2
        default: 0.0
        }
      return Model(
        Term<Percent>.exactly(100 * (1 - doubled)).named("the second sees the first"),
        per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, isUnique: Bool = false,
  _ way: @escaping @Sendable (TwoHalves, _ name: Int, _ half: Int) throws -> [TwoHalves.Part]
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try TwoHalves($0, isUnique: isUnique) },
    report: { $0.report }, run: { halves in orEnd { try halves.register(way) } })
}

/// What is asked is one round trip old when it is acted upon.
@Sendable private func lookThenInsert(
  _ halves: TwoHalves, _ name: Int, _ half: Int
) -> [TwoHalves.Part] {
  [{ try !halves.has(name) }, { try halves.insert(name, into: half) }]
}

@Sendable private func indexInEach(
  _ halves: TwoHalves, _ name: Int, _ half: Int
) -> [TwoHalves.Part] {
  lookThenInsert(halves, name, half)
}

@Sendable private func reserve(_ halves: TwoHalves, _ name: Int, _ half: Int) -> [TwoHalves.Part] {
  [{ try halves.reserve(name) }, { try halves.insert(name, into: half) }]
}
