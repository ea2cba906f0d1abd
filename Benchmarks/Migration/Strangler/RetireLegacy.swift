import Drills
import Harness
import Results
import Shop
import Systems

extension Experiment {
  /// The fourth phase of a strangler fig: the monolith is switched off.
  static let retireLegacy = Experiment(
    id: "migration/retire-legacy",
    title: "Strangler fig, phase 4, the monolith goes: switched off → its address taken over",
    slot: "migration/services/impact",
    claim: """
      When the last route has moved, somebody still has the monolith's own address: switched off, \
      it is missing there until the checks have raised an alarm and it is started again; with its \
      address taken over by the facade in the same step, these customers miss a few requests.
      """,
    mechanism: """
      The catalogue's requests go to a service of their own, 1, 10, 100%, from a copy that follows \
      the orders' outbox beside the monolith. Every fourth request is of a customer who never \
      heard of the facade. Switched off, the monolith's port refuses them; a health check every \
      {point} raises an alarm at the third miss, two and a half intervals later on average, and \
      the drill is rolled back: the monolith starts again, with all that was ordered meanwhile, \
      since the relay has gone on writing to its database. In the other drill the facade listens \
      at that port as soon as the process is gone.
      """,
    limits: """
      Who reads the monolith's database directly is not found by its address; see \
      `migration/shared-database`. Callers that come once a month are not there during the drill: \
      the address stays with the facade, which counts them, for longer than their period. Between \
      machines the address moves by DNS or by routing, and the gap is theirs. What can't be rolled \
      back is the last step of all, which deletes the data; keep them.
      """,
    diagram: """
      flowchart LR
        o["customers with the old address"]
        subgraph before["switched off: {switched off}"]
          direction LR
          m0["refused"] -- "alarm, checks every {point}" --> r0["started again"]
        end
        subgraph after["taken over: {taken over}"]
          direction LR
          f1["facade at the old port"] --> c1["catalogue"]
        end
        o --> m0
        o --> f1
        before -- "{speedup}" --> after
      """,
    sweep: .count("interval", [20], smoke: 5, label: { "\($0) ms" }),
    metric: .reported(
      "longest time without the old address", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["response (p50)", "response (p95)"] + StranglerTrial.signals,
    needs: [.cores(2), .storage(bytes: Strangler.bytes)],
    tolerates: loadTolerates,
    isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "phase") },
    variants: [
      variant("switched off", shows: "switchedOff", takesOver: false),
      variant("taken over", shows: "takenOver", takesOver: true),
    ],
    demands: Demands { try StranglerDemands($0, after: .orders).ofMonolith() },
    headline: DeclaredHeadline(value: 20, variant: "taken over"),
    model: { question in
      guard let takeover = question.demand("taking the address over"),
        let start = question.demand("starting the monolith")
      else { return nil }
      let distance = Time.exactly(1e9 * Double(oneIn) / rate).named("between two requests")
      guard question.isBaseline else { return Model(distance + takeover, per: .metric) }
      let interval = Time.exactly(1e6 * Double(question.value))
      return Model(
        distance + (2.5 * interval).named("three checks miss") + start, per: .metric)
    })
}

private let (rate, oneIn) = (1_000.0, 4)

private func variant(_ name: String, shows: String, takesOver: Bool) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { point in
      let strangler = try Strangler.shared(point, after: .orders, rate: rate)
      strangler.shoppers.oldAddressIn = oneIn
      let interval = UInt64(point.value) * 1_000_000
      let way =
        takesOver
        ? StranglerWay(
          drill: { takenOver($0, every: interval) }, rehearsed: "take the address over",
          victims: [.sessions, .orders], restore: monolithReturns)
        : StranglerWay(drill: { switchedOff($0, every: interval) })
      return try StranglerTrial(strangler, way, point, seconds: 0.3)
    },
    report: { $0.report }, run: { $0.go() })
}

/// Ends in its rollback, since somebody misses the monolith.
private func switchedOff(_ strangler: Strangler, every interval: UInt64) -> Drill {
  Drill(
    "switched off",
    catalogue(strangler) + [
      Step(
        "switch it off", within: 20, action: { _ in strangler.kill(.monolith) },
        check: { strangler.alarm(every: interval, checks: 1_000) },
        rollback: { try strangler.bringBack() })
    ])
}

private func takenOver(_ strangler: Strangler, every interval: UInt64) -> Drill {
  Drill(
    "taken over",
    catalogue(strangler) + [
      Step(
        "take the address over", within: 20, action: { _ in try strangler.takeOver() },
        check: { strangler.alarm(every: interval, checks: 4) },
        rollback: { try strangler.bringBack() })
    ])
}

private func catalogue(_ strangler: Strangler) -> [Step] {
  let shares = [0, 1, 10, 100]
  let start = Step(
    "start the catalogue", within: 20, action: { _ in try strangler.startCatalogue() },
    rollback: { try strangler.stopCatalogue() })
  return [start]
    + zip(shares, shares.dropFirst()).map { before, share in
      Step(
        "\(share)%", within: 1, action: { _ in try strangler.send(catalogueTo: share) },
        check: { strangler.fault(at: strangler.facade.endpoint) },
        rollback: { try strangler.send(catalogueTo: before) })
    }
}

@Sendable private func monolithReturns(_ strangler: Strangler) throws {
  try strangler.bringBack()
  try strangler.send(catalogueTo: 0)
  try strangler.stopCatalogue()
}
