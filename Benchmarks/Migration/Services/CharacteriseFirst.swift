import Glibc
import Harness
import Results

extension Experiment {
  /// What must not change when old code is changed.
  static let characteriseFirst = Experiment(
    id: "migration/characterise-first",
    title: "Changing old code: a smoke test → recorded responses as tests",
    slot: "migration/services/debt",
    claim: """
      Of twelve planted regressions a smoke test that looks at status codes lets ten through; the \
      same requests with their recorded responses let half of them through after 25 requests, and \
      a few after four hundred. What is in no response, such as the amount that is entered with a \
      payment, gets through whatever is recorded.
      """,
    mechanism: """
      A characterisation test says what the code does and not what it should (Feathers, *Working \
      Effectively with Legacy Code*, 2004): {point} of the shopping mix are played to the healthy \
      Shop, one after the other, and each status and body is kept. The same is then played to \
      twelve mutants of the Shop, each with one regression in its data or, by a trigger, in what \
      its database does: stock that is not taken, a cart that stays full, words missing in the \
      search, a price that is a cent off. A regression that a share p of the requests shows is \
      missed by n with (1 − p)ⁿ. The smoke test plays the same requests and compares statuses.
      """,
    limits: """
      Recorded responses keep the faults that are there already, and break with each change that \
      is wanted: they are scaffolding for a move, and go when it is done. Numbers that are random \
      (the session's) are replaced before comparing; times would have to be, too. Requests chosen \
      for what they reach find more than as many of the mix: a checkout is one in eighty of it. \
      Mutants made by hand are of a kind that their author thought of.
      """,
    diagram: """
      flowchart LR
        subgraph before["statuses: {smoke test}"]
          direction LR
          r0["{point}"] --> m0["12 mutants"] --> s0["200?"]
        end
        subgraph after["responses: {recorded responses}"]
          direction LR
          r1["{point}"] --> m1["12 mutants"] --> s1["as recorded?"]
        end
        before -- "{speedup} fewer get through" --> after
      """,
    sweep: .count("requests", [25, 100, 400], smoke: 25, label: { "\($0) requests" }),
    metric: .share("regressions that get through", lowerIsBetter: true),
    signals: ["regressions found"],
    needs: [.storage(bytes: 2 * ShopFolders.bytes)],
    tolerates: countTolerates, isMirrored: false,
    work: { Work(elements: Double($0 * Mutant.all.count), each: "request") },
    variants: [
      variant("smoke test", shows: "statuses", statuses),
      variant("recorded responses", shows: "responses", responses),
    ],
    headline: DeclaredHeadline(value: 400, variant: "recorded responses"),
    model: { question in
      let missed = Mutant.all.reduce(0) { sum, mutant in
        let chance = question.isBaseline ? mutant.failing : mutant.visible
        return sum + pow(1 - chance, Double(question.value))
      }
      return Model(
        Term<Percent>.exactly(100 * missed / Double(Mutant.all.count)).named(
          "regressions that no request shows"), per: .metric)
    })
}

/// Whether a mutant answers otherwise than the healthy Shop.
private typealias Judge = @Sendable (_ mutant: RecordedVisit, _ healthy: RecordedVisit) -> Bool

private func statuses(_ mutant: RecordedVisit, _ healthy: RecordedVisit) -> Bool {
  mutant.status != healthy.status
}

private func responses(_ mutant: RecordedVisit, _ healthy: RecordedVisit) -> Bool {
  mutant != healthy
}

private func variant(_ name: String, shows: String, _ differs: @escaping Judge) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try MutantTrial($0) }, report: { $0.report },
    run: { $0.judged(by: differs) })
}
