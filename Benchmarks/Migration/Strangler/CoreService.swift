import Drills
import Harness
import Results
import Systems

extension Experiment {
  /// The third phase of a strangler fig: orders get a database of their own.
  static let coreService = Experiment(
    id: "migration/core-service",
    title: "Strangler fig, phase 3, orders move out: close, copy, open → follow, then switch",
    slot: "migration/services/boundaries",
    claim: """
      Closed, copied and opened, orders are refused for as long as the copy and the start of the \
      service take; a copy that follows by an outbox first is switched to in milliseconds, in \
      which orders wait and none is refused, and back in the same time with all that was ordered \
      meanwhile.
      """,
    mechanism: """
      Triggers enter each changed order and stock into an outbox, in the transaction of the \
      change; a relay carries the rows to the copy, as they are by then, so that one that comes \
      twice does no harm. The copy is a snapshot taken while the monolith serves. At the switch \
      the facade holds orders, the relay empties the outbox, and the outbox moves to the other \
      side together with the right to write: the monolith then follows the new service, which is \
      what makes the way back possible and keeps the stock on its pages right. In every \
      second process the monolith or the service of sessions is killed or cut off in the middle. Under \
      {point} every acknowledged order is looked for by its number, session and contents.
      """,
    limits: """
      A service that opens its copy must not cancel the unpaid orders that it finds there: they \
      are being paid next door. Orders are shown from the copy at once only because all of it is \
      switched together; reads that move before writes find orders missing for the relay's lag. \
      Triggers make each commit longer. Where numbers come from a sequence, the copy's has to be \
      set beyond the largest. A copy of a terabyte takes hours in either way, and only the first \
      has its customers wait.
      """,
    diagram: """
      flowchart LR
        subgraph before["close, copy, open: {close, copy, open}"]
          direction LR
          c0["503"] --> k0["copy"] --> o0["open"]
        end
        subgraph after["follow, switch: {follow, switch}"]
          direction LR
          k1["copy"] --> r1["outbox, relay"] --> w1["hold, empty, switch"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count("requests", [1_000], smoke: 500, label: { "\($0) requests per second" }),
    metric: .reported("orders closed", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["response (p50)", "response (p95)", "rows diverged"] + StranglerTrial.signals,
    needs: [.cores(2), .storage(bytes: Strangler.bytes)],
    tolerates: loadTolerates,
    isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "phase") },
    variants: [
      variant(
        "close, copy, open", shows: "closeAndCopy",
        StranglerWay(drill: closeAndCopy, restore: back)),
      variant(
        "follow, switch", shows: "followAndSwitch",
        StranglerWay(
          drill: followAndSwitch, rehearsed: "switch the orders",
          victims: [.monolith, .sessions], restore: back)),
    ],
    demands: Demands {
      try StranglerDemands($0, after: .sessions, customers: 64, rate: Double($0.value)).ofOrders()
    },
    headline: DeclaredHeadline(value: 1_000, variant: "follow, switch"),
    model: { question in
      guard let copy = question.demand("copying the orders"),
        let start = question.demand("starting a service"), let move = question.demand("a switch"),
        let slowed = question.demand("a millisecond of work beside the customers")
      else { return nil }
      guard question.isBaseline else { return Model(move, per: .metric) }
      // Customers are served meanwhile, on the same processor: the copy and the start get the rest.
      let stretch = slowed / Time.exactly(1e6)
      return Model(
        (stretch * copy).named("copying the orders")
          + (stretch * start).named("starting a service"), per: .metric)
    })
}

private func variant(_ name: String, shows: String, _ way: StranglerWay) -> Variant {
  Variant(strangler: name, shows: shows, way, seconds: 0.2) { point in
    try Strangler.shared(point, after: .sessions, rate: Double(point.value))
  }
}

@Sendable private func closeAndCopy(_ strangler: Strangler) -> Drill? {
  Drill(
    "close, copy, open",
    [Step("move the orders", within: 20, action: { _ in try strangler.copyClosedOrders() })])
}

@Sendable private func followAndSwitch(_ strangler: Strangler) -> Drill? {
  Drill(
    "follow, switch",
    [
      Step(
        "follow", within: 20, action: { _ in try strangler.followOrders() },
        rollback: { try strangler.unfollowOrders() }),
      Step(
        "switch the orders", within: 2, action: { _ in try strangler.switchOrders(to: .orders) },
        check: { strangler.fault(at: strangler.facade.endpoint) },
        rollback: { try strangler.switchOrders(to: .monolith) }),
    ])
}

/// Both databases must be alike when nothing more comes; then the monolith takes the orders again.
@Sendable private func back(_ strangler: Strangler) throws {
  guard try strangler.facade.routes().orders == .orders else { return }
  try strangler.switchOrders(to: .monolith)
  try strangler.compareOrders()
  try strangler.unfollowOrders()
}
