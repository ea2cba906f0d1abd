import Harness
import Results
import Statistics

extension Experiment {
  /// A bad release for everybody at once, or for a few first.
  static let canary = Experiment(
    id: "migration/canary",
    title: "A bad release: to everybody at once → to 5% first, judged automatically",
    slot: "migration/performance/canary",
    claim: """
      The users that a bad release hits before it is rolled back grow with its rate of errors if \
      everybody gets it at once; behind a canary they hardly do, since its judge needs a handful \
      of errors whatever their rate, until a fault is so gross that one look costs more than \
      that.
      """,
    mechanism: """
      A service of 100 requests per second fails in 0.1% of them; the release adds {point}. At \
      once: an alert looks each minute whether the last five minutes failed in more than 1% (the \
      alert that most teams begin with), and a person has the old version back ten minutes \
      later. Canary: 5% of the requests for an hour; each ten seconds the judge adds up its \
      evidence per error (`ErrorSplitTest`, risk 5%) and rolls back by itself. An error brings \
      evidence q ln(q ÷ s) + (1 − q) ln((1 − q) ÷ (1 − s)), where s is the canary's share of the \
      traffic and q its share of the errors; Wald's ln(1 ÷ risk) and the price of not knowing \
      the fault's size are needed. Counted are requests that the release alone made fail.
      """,
    limits: """
      A fault that needs full load, hurts the shared database, or comes after an hour gets \
      through. Requests of one user stick to one side where sessions do, so that the share is of \
      users. Retries by a balancer move the canary's failures to healthy servers and into their \
      statistics. That it takes a person ten minutes is an assumption; at five the first column \
      halves.
      """,
    diagram: """
      flowchart LR
        subgraph before["everybody at once: {everybody at once}"]
          direction LR
          r0["release"] -- "100 %" --> u0["users"] -- "alert, person" --> b0["rolled back"]
        end
        subgraph after["canary: {canary}"]
          direction LR
          r1["release"] -- "5 %" --> u1["users"] -- "evidence per error" --> b1["rolled back"]
        end
        before -- "{speedup} at {point} of errors" --> after
      """,
    sweep: .count(
      "errors that the release adds", [10, 50, 500], smoke: 50, label: { "\($0 / 10) %" }),
    metric: .reported("users hit", unit: .count, lowerIsBetter: true),
    signals: ["time until rolled back", "not found by the canary"],
    work: { _ in Work(elements: Double(BadRelease.count), each: "release") },
    variants: [
      variant("everybody at once", shows: "atOnce", atOnce),
      variant("canary", shows: "judged", judged),
    ],
    uncertain: [BadRelease.person],
    model: { question in
      let added = Double(question.value) / 1_000
      let rate = BadRelease.rate * added
      guard question.isBaseline else {
        let factor = 1 + added / BadRelease.usual
        let errors = ErrorSplit.canaryErrors(BadRelease.share, factor: factor)
        let look = BadRelease.look * BadRelease.share * rate
        let looks = (errors / (look * factor / (factor - 1))).rounded(.up)
        return Model(
          Ratio.exactly(looks * look).named("errors until the look that has the evidence"),
          per: .metric)
      }
      // The window of five minutes must gather the errors that 1% of it would be.
      let minutes = (5 * 0.01 / (added + BadRelease.usual)).rounded(.up)
      let person = 60 * BadRelease.person.estimate
      return Model(
        Ratio.exactly(60 * minutes * rate).named("until the alert")
          + Ratio.exactly(person * rate).named("until a person has rolled back"), per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, _ fate: @escaping @Sendable (inout BadRelease) -> Void
) -> Variant {
  Variant(simulated: name, shows: [shows]) { BadRelease.replication($0, fate) }
}

/// An alert on the last five minutes, and a person.
private func atOnce(_ release: inout BadRelease) {
  var minutes: [Int] = []
  while !release.isOver {
    minutes.append(release.serve(share: 1, seconds: 60).errors)
    let failed = Double(minutes.suffix(5).reduce(0, +))
    if failed > 0.01 * 300 * BadRelease.rate { break }
  }
  _ = release.serve(share: 1, seconds: release.untilRolledBack)
}

/// A canary for an hour; one that passes is for everybody.
private func judged(_ release: inout BadRelease) {
  var test = ErrorSplitTest()
  for _ in 0..<Int(3_600 / BadRelease.look) {
    let errors = release.serve(share: BadRelease.share, seconds: BadRelease.look)
    test.add(canary: errors.errors, baseline: errors.others, share: BadRelease.share)
    if test.hasRefuted(at: Releases.risk) { return }
  }
  release.wasMissed = true
  atOnce(&release)
}
