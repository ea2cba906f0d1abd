import Harness
import LoadBenches
import Results

extension Experiment {
  /// A pool of database connections whose load rises, and what calls for help.
  static let exhaustionAlert = Experiment(
    id: "scale/exhaustion-alert",
    title: "Alert on errors → on the wait for a connection",
    slot: "scale/10k/connections",
    claim: """
      Where a load rises through the capacity of a connection pool, an alert on the wait for a \
      connection comes in a third of the time of an alert on errors. With help 20 ms later, nearly \
      all requests are served in time instead of half.
      """,
    mechanism: """
      Beyond its capacity C a pool's queue grows by the load's excess. Where the load rises by s \
      requests per second each second, the wait is s t² ÷ 2 C after t: it exceeds 3 ms after 30 \
      ms, 10 ms after 55 ms, and the 20 ms at which requests give up after 78 ms; the first error \
      is seen when that request has given up, 20 ms later. An alert on errors has no lead: its \
      first sample is the failure. The prediction is this queue without randomness, with the \
      capacity that was measured of the pool. Each alert brings a second Shop, which takes half of \
      the requests {point} later.
      """,
    limits: """
      Times are those of a small pool on one machine, so that a ramp lasts a fifth of a second: \
      with a load that doubles in an hour instead, the same waits are minutes apart. Where the \
      load jumps, nothing gives a lead. The pool serves as fast with a long queue as with a short \
      one, since it hands a connection that comes back to the request that has waited longest and \
      wakes no other thread; one that wakes them all loses capacity while its queue grows. A \
      threshold on the wait needs a level that healthy peaks do not reach; the share of \
      connections in use does not do, since it is 100% without any wait.
      """,
    diagram: """
      flowchart LR
        u["rising load"] --> p["pool of 4 connections"]
        p -- "requests fail" --> e["alert on errors: {alert on errors}"]
        p -- "wait above 3 ms" --> w["alert on the wait: {alert on the wait}"]
        e -- "{point} later" --> s["second Shop"]
        w -- "{point} later" --> s
        e -- "{speedup}" --> w
      """,
    sweep: .count("reaction", [20], smoke: 20, label: { "\($0) ms" }),
    metric: .share("requests served within 10 ms", lowerIsBetter: false),
    signals: ["errors per 1,000 requests", "alert after the capacity is reached"],
    needs: [.cores(2), .descriptors(4_096), .storage(bytes: 8 * ShopBench.needed)],
    tolerates: loadTolerates, isMirrored: false,
    work: { _ in Work(elements: 1, each: "ramp") },
    variants: [
      variant("alert on errors", "hasErrors", hasErrors),
      variant("alert on the wait", "hasLongWaits", hasLongWaits),
    ],
    demands: Demands { point in ["a request": try ExhaustionRamp.timedRequest(point)] },
    headline: DeclaredHeadline(value: 20, variant: "alert on the wait"),
    model: { question in
      guard let request = question.demand("a request") else { return nil }
      let share = ExhaustionRamp.fluid(
        capacity: 1e9 / request.value, reaction: Double(question.value) / 1_000,
        seesErrorsOnly: question.isBaseline)
      return Model(Term<Percent>.exactly(100 * share).named("fluid of the queue"), per: .metric)
    })
}

/// What was counted in the last milliseconds.
private func hasErrors(_ seen: ExhaustionRamp.Seen) -> Bool { seen.errors > 0 }

private func hasLongWaits(_ seen: ExhaustionRamp.Seen) -> Bool {
  seen.meanWait > ExhaustionRamp.threshold
}

private func variant(
  _ name: String, _ shows: String, _ alerts: @escaping @Sendable (ExhaustionRamp.Seen) -> Bool
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try ExhaustionRamp($0, alerts) }, report: { $0.report },
    run: { (ramp: ExhaustionRamp) in ramp.climb() })
}
