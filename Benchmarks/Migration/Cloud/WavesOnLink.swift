import Harness
import Results

extension Experiment {
  /// The waves of `migration/waves` with two sites and a link between them.
  static let wavesOnLink = Experiment(
    id: "migration/waves-on-link",
    title: "A request while half of a system has moved, on a link: team by team → along the calls",
    slot: "migration/cloud/assessment",
    claim: """
      While parts of a system are at two sites, nearly all of a request's time is round trips \
      between them: moved along the calls, it takes a fraction of what it takes moved team by team, \
      the same as simulated calls say.
      """,
    mechanism: """
      The system, its waves and its requests are those of `migration/waves`, {point}. Four requests \
      are made in each of the three stages in between, each with ten calls one after the other. A \
      call to a module at the other site is a request of 96 bytes and a response over a link with a \
      round trip of 2 ms; one at the same site reads the bytes where they are. What is predicted is \
      the expected number of crossing calls times a round trip on this link.
      """,
    limits: """
      The other site answers at once: work there takes the same in both ways and makes them more \
      alike. All calls are made from one site, since a round trip takes the same in both directions. \
      Calls that are made together wait for one round trip and not for each (`migration/coarse-api`).
      """,
    diagram: """
      flowchart LR
        subgraph before["by teams: {by teams}"]
          direction LR
          h0["a layer here"] -- "link" --> c0["a layer there"]
        end
        subgraph after["along the calls: {along the calls}"]
          direction LR
          h1["areas here"] -- "{point}" --> c1["areas there"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "calls between areas", [20], smoke: 5, label: { "\($0) % of the calls between areas" }),
    signals: ["calls over the link per request"],
    needs: [.links, .cores(2)], tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in
      Work(elements: Double(TracedMonolith.stages * SplitMonolith.requests), each: "request")
    },
    variants: [
      variant("by teams", TracedMonolith.byTeams),
      variant("along the calls", TracedMonolith.alongTheCalls),
    ],
    demands: Demands { point in ["a call without the link": try LinkedCatalogue.callTime(point)] },
    model: { question throws(MissingNumber) in
      guard let call = question.demand("a call without the link") else { return nil }
      let crossing = TracedMonolith.crossing(question)
      // The relay is a hop that is woken in each direction.
      let hops = 2 * (try question.time("tcp.round.trip"))
      return Model(
        (crossing * Time.exactly(SplitMonolith.roundTrip * 1e9)).named("round trips")
          + (crossing * hops).named("hops") + (crossing * call).named("calls"))
    })
}

private func variant(_ name: String, _ order: @escaping WaveOrder) -> Variant {
  Variant(
    name, shows: ["serve"], environment: .ownNetwork, prepare: { try SplitMonolith($0, order) },
    report: { $0.report }, run: { serve($0) })
}

/// - Returns: the sum of what all calls have brought.
private func serve(_ monolith: SplitMonolith) -> UInt64 {
  var sum: UInt64 = 0
  for stage in 0..<TracedMonolith.stages {
    for call in monolith.calls {
      let isHere = monolith.isHere(call.from, stage) == monolith.isHere(call.to, stage)
      sum &+= isHere ? monolith.callHere() : monolith.callOverLink()
    }
  }
  return sum
}
