import Harness
import Results

extension Experiment {
  /// A page that needs many things of another service.
  static let coarseAPI = Experiment(
    id: "migration/coarse-api",
    title: "A page that asks another service: a call per thing → one call",
    slot: "migration/services/boundaries",
    claim: """
      Calls one after the other cost a round trip each; one coarse call costs one, however many \
      things the page needs. The same small calls sent at once take hardly longer than the coarse \
      one, so that the round trips are what hurts and not the number of calls; they cost the \
      other service as many requests as before.
      """,
    mechanism: """
      A module that was a function call away is a network away after the cut. The page shows \
      {point} of the other service (a cart of ten lines with name, price and stock makes 30), 96 \
      bytes each, over a link with a round trip of 1 ms and up to 0.2 ms of jitter each way: two \
      zones of one region. One after the other: n × (round trip + call). At once on n \
      connections: the slowest of n. The page waits for all of its calls, so that the more calls, \
      the nearer it comes to the slowest that there is.
      """,
    limits: """
      A coarse call is made for one page, and the next page wants another: the usual answers are \
      a list of ids in one request (which this is), a composing service for each kind of client, \
      or a query language. A coarse response that takes the other service long to make delays \
      what was there at once. Calls at once need a connection each, or a protocol that \
      multiplexes; a call that depends on the answer of another can't be sent with it, and of \
      these two variants only the coarse call helps there.
      """,
    diagram: """
      flowchart LR
        subgraph before["one by one: {one by one}"]
          direction LR
          p0["page"] -- "{point}, in turn" --> c0["catalogue"]
        end
        all["all at once: {all at once}"]
        subgraph after["one call: {one call}"]
          direction LR
          p1["page"] -- "one call" --> c1["catalogue"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "things", [1, 3, 10, 30], smoke: 3, label: { $0 == 1 ? "1 thing" : "\($0) things" }),
    signals: ["requests per page", "packets per page"],
    needs: [.links, .cores(2)], tolerates: loadTolerates, isMirrored: false,
    work: { _ in Work(elements: 1, each: "page") },
    variants: [
      variant("one by one", shows: "oneByOne", oneByOne),
      variant("all at once", shows: "allAtOnce", isParallel: true, allAtOnce),
      variant("one call", shows: "oneCall", oneCall),
    ],
    demands: Demands { point in ["a call without the link": try LinkedCatalogue.callTime(point)] },
    headline: DeclaredHeadline(value: 30, variant: "one call"),
    model: { question throws(MissingNumber) in
      guard let call = question.demand("a call without the link") else { return nil }
      let things = Double(question.value)
      // Each way half of the jitter on average; of n calls at once the last one needs, of a uniform
      // jitter, n ÷ (n + 1) of it. The relay is a hop that is woken in each direction.
      let (delay, jitter) = (LinkedCatalogue.roundTrip * 1e9, LinkedCatalogue.jitter * 1e9)
      let hops = 2 * (try question.time("tcp.round.trip"))
      let trip = Time.exactly(delay + jitter).named("round trip") + hops.named("hops")
      switch question.variant {
      case "one by one":
        return Model(
          things * trip + (things * call).named("calls"), per: .call)
      case "all at once":
        let last = 2 * jitter * (things / (things + 1) - 0.5)
        return Model(
          trip + Time.exactly(last).named("the slowest call's jitter")
            + (things * call / 2).named("sending and receiving each"), per: .call)
      default: return Model(trip + call.named("call"), per: .call)
      }
    })
}

private func variant(
  _ name: String, shows: String, isParallel: Bool = false,
  _ fetch: @escaping @Sendable (LinkedCatalogue) throws -> Int
) -> Variant {
  Variant(
    name, shows: [shows], environment: .ownNetwork,
    prepare: { try LinkedCatalogue($0, connections: isParallel ? $0.value : 1) },
    report: { $0.report },
    run: { catalogue in orEnd { UInt64(try catalogue.counted { try fetch(catalogue) }) } })
}

private func oneByOne(_ catalogue: LinkedCatalogue) throws -> Int {
  var bytes = 0
  for _ in 0..<catalogue.things {
    bytes += try catalogue.fetch(1, on: catalogue.connections[0])
  }
  return bytes
}

private func allAtOnce(_ catalogue: LinkedCatalogue) throws -> Int {
  for connection in catalogue.connections { try catalogue.request(1, on: connection) }
  return try catalogue.connections.reduce(0) { try $0 + catalogue.receive(1, on: $1) }
}

private func oneCall(_ catalogue: LinkedCatalogue) throws -> Int {
  try catalogue.fetch(catalogue.things, on: catalogue.connections[0])
}
