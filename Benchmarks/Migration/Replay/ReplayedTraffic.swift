import Glibc
import Harness
import Results

extension Experiment {
  /// What a test before a release sends to it.
  static let replayedTraffic = Experiment(
    id: "migration/replayed-traffic",
    title: "Traffic for a test of a release: a mix of requests → recorded sessions",
    slot: "migration/performance/validation",
    claim: """
      A mix of requests misses most of the planted regressions however long it runs, since it has \
      one piece of each product, one page of each search and one order a session: what its author \
      did not write in, it never sends. Recorded sessions meet each regression as often as \
      customers do, so that rare ones need hundreds of them; chosen by their shape, a few dozen do \
      what needs hundreds in the order in which they came.
      """,
    mechanism: """
      Ten releases of the Shop have one regression each, in their data or by a trigger: pages of \
      one category take longer, a second page of results is empty, a changed quantity is ignored, \
      a cart of more than eight lines can't be bought, nor a second order of a session, nor again \
      what was bought before in it; a repeated checkout is not recognised. Each gets {point}, and \
      the healthy Shop the same ones: a regression is found where status, body or time differ. \
      The mix is TPC-W's for shopping, ten requests a visitor. Customers are a model, since there \
      are no customers here: who browses, buys, changes a quantity, clicks twice, buys 9 to 14 \
      lines at once, each with its share. A regression that a share p of the sessions meets is \
      missed by n of them with (1 − p)ⁿ; for those of the mix p is mostly 0. By shape: routes, \
      the route before, status, magnitudes and repetitions; sessions whose rarest shape is rarest \
      come first, and one that shows no new shape is left out.
      """,
    limits: """
      Recordings hold personal data, and are of the last month: what is new in the release is in \
      none of them. Sessions, order numbers and times must be replaced, or every response differs; \
      how many differ between two healthy Shops is counted below. The replay needs the data as they \
      were when it was recorded. An amount that is entered wrongly with the payment is in no \
      response, and gets past all three: that is for a comparison of the databases. For what shows \
      only under load, times have to be replayed too.
      """,
    diagram: """
      flowchart LR
        m["TPC-W's mix: {mix of requests}"] --> r["ten releases, {point}"]
        s["sessions as they came: {recorded sessions}"] --> r
        c["rare shapes first: {chosen by shape}"] --> r
        m -- "{speedup} fewer missed" --> c
      """,
    sweep: .count("requests", [60, 300], smoke: 60, label: { "\($0) requests" }),
    metric: .share("regressions missed", lowerIsBetter: true),
    signals: ["regressions missed of ten", "differences between two healthy Shops", "sessions"],
    needs: [.storage(bytes: 2 * ShopFolders.bytes)],
    tolerates: countTolerates, isMirrored: false,
    work: { Work(elements: Double($0 * Regression.all.count), each: "request") },
    variants: [
      variant("mix of requests", shows: "mixed", mixed),
      variant("recorded sessions", shows: "recorded", recorded),
      variant("chosen by shape", shows: "chosenByShape", chosenByShape),
    ],
    headline: DeclaredHeadline(value: 300, variant: "chosen by shape"),
    model: { question in
      let requests = question.value
      let missed =
        switch question.variant {
        case "mix of requests": TrafficModel.missed(requests, of: TrafficModel.mixed)
        case "recorded sessions": TrafficModel.missed(requests, of: TrafficModel.recorded)
        default: TrafficModel.missedByShape(requests)
        }
      return Model(
        Term<Percent>.exactly(100 * missed).named("regressions that no session meets"),
        per: .metric)
    })
}

/// Sessions of together at least so many requests.
private typealias Traffic = @Sendable (_ requests: Int, _ seed: UInt64) -> [VisitScript]

@Sendable private func mixed(_ requests: Int, _ seed: UInt64) -> [VisitScript] {
  VisitScript.filling(requests, TrafficSource(seed).mixed)
}

@Sendable private func recorded(_ requests: Int, _ seed: UInt64) -> [VisitScript] {
  VisitScript.filling(requests, TrafficSource(seed).recorded)
}

/// Of the sessions of a day.
@Sendable private func chosenByShape(_ requests: Int, _ seed: UInt64) -> [VisitScript] {
  VisitShapes.chosen(requests, of: TrafficSource(seed).day())
}

private func variant(_ name: String, shows: String, _ traffic: @escaping Traffic) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { try ReplayTrial($0, name, traffic($0.value, $0.seed)) },
    report: { $0.report }, run: { $0.judged() })
}
