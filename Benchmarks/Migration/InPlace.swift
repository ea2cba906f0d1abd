import Drills
import Harness
import Results
import Shop

extension Experiment {
  /// A release that turns out to be bad and is rolled back.
  static let inPlace = Experiment(
    id: "migration/in-place",
    title: "A bad release and its rollback: in place → blue-green",
    slot: "migration/performance/blue-green",
    claim: """
      Replaced in place, a release that fails its check costs the visitors two restarts and the \
      check in between; started beside the old one and checked before any visitor is sent there, \
      it costs them nothing but a share of the processor.
      """,
    mechanism: """
      A step of the drill installs the new Shop; its check asks it for a product, and its \
      rollback puts the old one back. The planted release answers every request with 503, as one \
      does whose pool is set to zero. In place the check sees what visitors see already. \
      Blue-green starts the new Shop at a port of its own, on the same database, and asks there, \
      so that the release never gets to the switch. Compared is the longest time without a good \
      response at {point}. Every acknowledged order is looked for afterwards, past both Shops.
      """,
    limits: """
      Both versions are there at the same time: twice the memory, and a schema that both \
      understand. A fault that shows only under load or only with real data passes a check at \
      the door: that is what a canary is for. Writes that the new version has made stay when it \
      is rolled back. Here the Shop opens in milliseconds; one that fills caches for a minute is \
      down for minutes in place.
      """,
    diagram: """
      flowchart LR
        subgraph before["in place: {in place}"]
          direction LR
          a0["old stops"] --> b0["bad one opens"] --> c0["check fails"] --> d0["bad stops, old opens"]
        end
        subgraph after["blue-green: {blue-green}"]
          direction LR
          a1["bad one opens beside"] --> b1["check fails"] --> c1["bad stops"]
          v1["visitors"] --> o1["old, all the time"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count("requests", [500, 2_000], smoke: 500, label: { "\($0) requests per second" }),
    metric: .reported(
      "longest time without a good response", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["failed requests", "roll-back", "acknowledged orders lost", "orders acknowledged"],
    needs: [.cores(2), .storage(bytes: 4 * ShopFolders.bytes)],
    tolerates: [.preempted], isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "release") },
    variants: [
      variant("in place", shows: "replaced", replaced),
      variant("blue-green", shows: "startedBeside", startedBeside),
    ],
    demands: Demands { try Releasing($0).demands() },
    model: { question throws(MissingNumber) in
      guard let opening = question.demand("opening a Shop"),
        let stopping = question.demand("stopping a Shop with its connections"),
        let check = question.demand("a check"), let back = question.demand("rolling back"),
        let quiet = question.demand("without a release")
      else { return nil }
      guard question.isBaseline else { return Model(quiet, per: .metric) }
      let distance = Time.exactly(1e9 / Double(question.value))
      // The old one answers while it waits for idle connections. The new one has one, which ends with
      // its next request.
      return Model(
        stopping.named("the old Shop stops") + opening.named("the new one opens")
          + check.named("its check") + back.named("the new one stops, the old one opens")
          + distance.named("the new one's last request") + distance.named("the next request"),
        per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, _ drill: @escaping @Sendable (Releasing) -> Drill
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try Releasing($0) }, report: { $0.report },
    run: { releasing in releasing.serve(during: drill(releasing)) })
}

private func replaced(_ shops: Releasing) -> Drill {
  Drill(
    "in place",
    [
      Step(
        "replace the Shop", within: 5,
        action: { _ in
          shops.stop(.blue)
          try shops.open(.blue, isBad: true)
        },
        check: { shops.fault(of: .blue) },
        rollback: {
          shops.stop(.blue)
          try shops.open(.blue)
        })
    ])
}

private func startedBeside(_ shops: Releasing) -> Drill {
  Drill(
    "blue-green",
    [
      Step(
        "start the new one beside", within: 5,
        action: { _ in try shops.open(.green, isBad: true) },
        check: { shops.fault(of: .green) }, rollback: { shops.stop(.green) })
    ])
}
