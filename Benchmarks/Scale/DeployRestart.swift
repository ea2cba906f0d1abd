import Harness
import LoadBenches
import Results
import Shop

extension Experiment {
  /// A new version of the Shop in place of the old one, under load.
  static let deployRestart = Experiment(
    id: "scale/deploy-restart",
    title: "Stop and start → hand the socket over and drain",
    slot: "scale/10k/monolith",
    claim: """
      Stopping the Shop and starting the new one leaves nobody to answer for as long as the old \
      one drains and the new one opens, and every request that comes meanwhile fails; with the \
      listening socket handed over, only the few fail that meet a connection as it closes.
      """,
    mechanism: """
      Requests come at a constant rate of {point}, on connections that stay open and are opened \
      again when they were closed. Compared is the longest time between two responses. Who stops \
      first gives the port back: connections are refused until the new Shop has opened its \
      database and listens. Handed over, the socket is never closed, so that connections wait in \
      its backlog; the new Shop accepts before the old one stops, and the old one ends each \
      connection with a last response that says so. Requests that fail are the rate times the gap. \
      Nobody repeats them, so that a gap is a whole number of intervals between requests; the \
      formula adds one interval and leaves out that the rest is rounded up, which counts most at a \
      low rate.
      """,
    limits: """
      Both Shops are in one process here; between processes the socket goes by a message of a Unix \
      socket or is inherited. A Shop that loads more before it listens makes the gap of a restart \
      longer. Behind a balancer that takes the old one out first, nothing fails either.
      """,
    diagram: """
      flowchart LR
        subgraph before["stop and start: {stop and start}"]
          direction LR
          a0["old one drains"] --> b0["nobody listens"] --> c0["new one opens"] --> d0["serves"]
        end
        subgraph after["hand over: {hand over}"]
          direction LR
          a1["new one opens"] --> b1["both accept"] --> c1["old one drains"]
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count("requests", [500, 2_000], smoke: 500, label: { "\($0) requests per second" }),
    metric: .reported("longest gap", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["failed requests"],
    needs: [.cores(2), .storage(bytes: 4 * ShopBench.needed)],
    tolerates: loadTolerates,
    work: { _ in Work(elements: 1, each: "deployment") },
    variants: [
      variant("stop and start", restart), variant("hand over", handOver),
    ],
    demands: Demands { point in
      let deployment = try Deployment(point)
      let times = try deployment.times()
      return ["opening a Shop": times.opening, "closing a Shop": times.closing]
    },
    model: { question throws(MissingNumber) in
      guard let opening = question.demand("opening a Shop"),
        let closing = question.demand("closing a Shop")
      else { return nil }
      // The new Shop opens on the processor that the old one serves on.
      let gap = Time.exactly(1e9 / Double(question.value)).named("between two requests") + opening
      return Model(question.isBaseline ? gap + closing : gap, per: .metric)
    })
}

private func variant(
  _ name: String, _ deploy: @escaping @Sendable (Deployment) throws -> Void
) -> Variant {
  Variant(
    name, shows: [name == "hand over" ? "handOver" : "restart"],
    prepare: { try Deployment($0, handsOver: name == "hand over") }, report: { $0.report },
    run: { $0.serve(while: deploy) })
}

@Sendable private func restart(_ deployment: Deployment) throws {
  deployment.shop.stop()
  try deployment.open()
}

@Sendable private func handOver(_ deployment: Deployment) throws {
  let old = deployment.shop
  try deployment.open(listening: deployment.socket)
  old.stop()
}
