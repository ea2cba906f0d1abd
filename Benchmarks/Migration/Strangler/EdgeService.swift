import Drills
import Harness
import Results
import Systems

extension Experiment {
  /// The second phase of a strangler fig: sessions leave the monolith.
  static let edgeService = Experiment(
    id: "migration/edge-service",
    title: "Strangler fig, phase 2, sessions move out: all at once → 1 to 100%, with their data",
    slot: "migration/services/boundaries",
    claim: """
      Routed to their new service all at once, all customers with an open session are thrown out \
      and lose their carts; moved share by share, each share's carts behind a fence of some \
      milliseconds, no request fails and no cart changes, and the same steps lead back.
      """,
    mechanism: """
      A session's number says in which of a hundred buckets it lies, and the facade's routes say \
      how many buckets are with the new service. A step holds the requests of the buckets that \
      move, waits for those under way, copies sessions and carts from database to database, \
      changes the routes and lets the requests go on: 1%, 10%, 50%, 100%. In the baseline the \
      routes alone change, as in a release that logs everybody out. Then {point} fail once each \
      and start anew. The new service has a copy of the products, and places orders at the \
      monolith through the facade: one exchange more for each checkout.
      """,
    limits: """
      That everybody has to log in again is often accepted, and cheap where carts are empty. The \
      copy takes longer with more sessions in a share: more steps, not a longer fence. Where the \
      two sides can't reach each other's databases, the new service reads what it lacks from the \
      old one at the first request, and then the way back needs the same. Customers who read their \
      cart from a cache see the old one for longer.
      """,
    diagram: """
      flowchart LR
        subgraph before["all at once: {all at once}"]
          direction LR
          f0["facade"] -- "100% of sessions" --> s0["sessions, empty"]
          f0 -- "the rest" --> m0["monolith with old carts"]
        end
        subgraph after["share by share: {share by share}"]
          direction LR
          f1["facade"] -- "1, 10, 50, 100%" --> s1["sessions"]
          m1["monolith"] -- "carts of each share" --> s1
          f1 --> m1
        end
        before -- "{speedup} with {point}" --> after
      """,
    sweep: .count("open sessions", [64], smoke: 16, label: { "\($0) open sessions" }),
    metric: .share("requests answered right", lowerIsBetter: false),
    signals: ["response (p50)", "response (p95)", "cart lines lost"] + StranglerTrial.signals,
    needs: [.cores(2), .storage(bytes: Strangler.bytes)],
    tolerates: loadTolerates,
    isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "phase") },
    variants: [
      variant(
        "all at once", shows: "allAtOnce",
        StranglerWay(drill: allAtOnce) { strangler in
          try strangler.send(sessionsTo: 0)
          strangler.kill(.sessions)
          // Orders have made some of their sessions known to the monolith, without the carts.
          strangler.shoppers.leave()
        }),
      variant(
        "share by share", shows: "shareByShare",
        StranglerWay(drill: shareByShare, rehearsed: "100%", victims: [.monolith]) { strangler in
          try strangler.move(sessionsTo: 0)
          strangler.kill(.sessions)
        }),
    ],
    headline: DeclaredHeadline(value: 64, variant: "share by share"),
    model: { question in
      let requests = rate * seconds
      let thrownOut = question.isBaseline ? Double(question.value) : 0
      return Model(
        Term<Percent>.exactly(100 * (1 - thrownOut / requests)).named(
          question.isBaseline ? "each open session fails once" : "all"), per: .metric)
    })
}

private let (rate, seconds) = (1_000.0, 0.2)

private func variant(_ name: String, shows: String, _ way: StranglerWay) -> Variant {
  Variant(strangler: name, shows: shows, way, seconds: seconds) { point in
    let strangler = try Strangler.shared(
      point, after: .facade, customers: point.value, rate: rate)
    strangler.send(to: .facade)
    return strangler
  }
}

private func started(_ strangler: Strangler) -> Step {
  Step(
    "start the service", within: 20, action: { _ in try strangler.startSessions() },
    rollback: { strangler.kill(.sessions) })
}

@Sendable private func allAtOnce(_ strangler: Strangler) -> Drill? {
  Drill(
    "all at once",
    [
      started(strangler),
      Step("100%", within: 1, action: { _ in try strangler.send(sessionsTo: 100) }),
    ])
}

@Sendable private func shareByShare(_ strangler: Strangler) -> Drill? {
  let shares = [0, 1, 10, 50, 100]
  let steps = zip(shares, shares.dropFirst()).map { before, share in
    Step(
      "\(share)%", within: 1, action: { _ in try strangler.move(sessionsTo: share) },
      check: { strangler.fault(at: strangler.facade.endpoint) },
      rollback: { try strangler.move(sessionsTo: before) })
  }
  return Drill("share by share", [started(strangler)] + steps)
}
