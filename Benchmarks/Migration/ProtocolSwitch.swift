import Drills
import Harness
import Results
import Systems

extension Experiment {
  /// A service that learns HTTP/2 while it serves.
  static let protocolSwitch = Experiment(
    id: "migration/protocol",
    title:
      "HTTP/1.1 → HTTP/2 while serving: the port switched → both spoken, old connections drained",
    slot: "migration/performance/stack",
    claim: """
      A port that is switched from HTTP/1.1 to HTTP/2 loses every request of the clients that speak \
      the old version alone, from then on, and some of all others; one that tells the version of \
      each connection by its first bytes, opened beside the old one, loses none. What nobody orders \
      comes with it: a small request over HTTP/2 takes longer, not less long, where each client has \
      one under way.
      """,
    mechanism: """
      HTTP/2 begins with a preface of 24 bytes that no request of HTTP/1.1 can begin with (RFC \
      9113, 3.4); behind TLS the handshake says the same (ALPN). In the first drill the Shop stops \
      and starts with HTTP/2; in the second a Shop with both opens on the same listening socket, \
      then the old one ends: it adds `Connection: close` to the next response of each connection, \
      and closes idle ones 60 ms later. Forty clients keep a connection each; {point}, the others \
      try HTTP/2 on each new connection and go back to HTTP/1.1 where they must. Nobody sends again \
      what has failed. Requests of the old clients fail for the rest of the load; what the others \
      lose comes in the gap between two Shops. Over HTTP/2 a request is two frames and a stream \
      with a state of its own, its headers are looked up in a table that both sides keep: that is \
      processor time. Every response is compared with what the page said before.
      """,
    limits: """
      What HTTP/2 is for does not show on the loopback interface with one request per client: many \
      requests on one connection, without a handshake each and without waiting for each other, \
      over a network that takes its time. One lost packet then stops all of them \
      (`network/loss-head-of-line`). A balancer that spreads connections sees few of them, which \
      stay for days: new servers get none. Proxies in between may speak the old version; who still \
      uses it stands in the access log, and the old one goes when nobody does. With the listener \
      closed in place of handed over, connections that wait to be accepted are reset.
      """,
    diagram: """
      flowchart LR
        subgraph before["port switched: {port switched}"]
          direction LR
          o0["HTTP/1.1 client"] -- "fails" --> n0["HTTP/2"]
          m0["HTTP/2 client"] --> n0
        end
        subgraph after["both, drained: {both, drained}"]
          direction LR
          o1["HTTP/1.1 client"] --> b1["first bytes?"]
          m1["HTTP/2 client"] --> b1
        end
        before -- "{speedup}, {point}" --> after
      """,
    sweep: .count(
      "old clients", [25, 75], smoke: 25, label: { "\($0) % with HTTP/1.1 alone" }),
    metric: .share("requests answered", lowerIsBetter: false),
    signals: [
      "failed requests", "longest time without a good response", "response (p95)",
      "over HTTP/1.1 (p50)", "over HTTP/2 (p50)", "answered over HTTP/2", "drill",
    ],
    needs: [.cores(2), .storage(bytes: 4 * ShopFolders.bytes)],
    tolerates: loadTolerates,
    isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "switch") },
    variants: [
      variant("port switched", shows: "portSwitched", drains: false, portSwitched),
      variant("both, drained", shows: "bothDrained", drains: true, bothDrained),
    ],
    demands: Demands { try SwitchedShop($0, drains: false).demands() },
    headline: DeclaredHeadline(value: 25, variant: "both, drained"),
    model: { question in
      guard let stopping = question.demand("stopping the old one"),
        let opening = question.demand("opening the new one")
      else { return nil }
      let all = Term<Percent>.exactly(100)
      guard question.isBaseline else { return Model(all.named("all"), per: .metric) }
      let window = Time.exactly(SwitchedShop.window * 1e9)
      let gap = (stopping + opening) / window
      let rest = (SwitchedShop.window - SwitchedShop.lead) / SwitchedShop.window - gap
      let old = Double(question.value) / 100
      return Model(
        all - (gap * all).named("of the gap between two Shops")
          - (old * rest * all).named("of old clients after it"), per: .metric)
    })
}

private func variant(
  _ name: String, shows: String, drains: Bool,
  _ drill: @escaping @Sendable (SwitchedShop) -> Drill
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try SwitchedShop($0, drains: drains) }, report: { $0.report },
    run: { shop in shop.serve(during: drill(shop)) })
}

private func portSwitched(_ shop: SwitchedShop) -> Drill {
  Drill(
    "port switched",
    [
      Step("stop", within: 5, action: { _ in shop.stop() }, rollback: { try shop.open(.one) }),
      Step("start with HTTP/2", within: 5, action: { _ in try shop.open(.two) }),
    ])
}

private func bothDrained(_ shop: SwitchedShop) -> Drill {
  Drill(
    "both, drained",
    [
      Step(
        "open one with both, drain the old one", within: 5,
        action: { _ in try shop.replace(by: .both) }, check: { shop.faultForOldClients() },
        rollback: { try shop.replace(by: .one) })
    ])
}
