import Harness
import Results
import Systems

extension Experiment {
  /// Requests over a link, each on a connection of its own or all on one.
  static let keepAlive = Experiment(
    id: "network/keep-alive",
    title: "A connection per request → a persistent connection",
    slot: "performance/network/connections",
    claim: """
      A response of 64 KiB takes four round trips on a new connection, of which the handshake is \
      one, and one round trip on a connection that has carried others. At 1 ms the link's rate \
      limits both, and little is saved.
      """,
    mechanism: """
      A new connection pays one round trip for the handshake, and then begins with a congestion \
      window of ten segments, which doubles with every round trip (slow start). A response of 46 \
      segments needs three flights: 10, 20, 16. A persistent connection has done both already: its \
      window holds the whole response. Client and server run on one processor, the link's relay on \
      the other. The symptom is many connections in TIME_WAIT, and response times that are \
      multiples of the round trip.
      """,
    limits: """
      The kernel forgets the window of a connection that was idle for longer than its \
      retransmission time-out (`tcp_slow_start_after_idle`), so that a pool of rarely used \
      connections saves the handshake alone; here this is switched off. TLS adds at least one \
      round trip to each new connection. A response of up to 10 segments gains a factor of two. \
      Persistent connections stay with the server that they were opened to, which can unbalance a \
      load.
      """,
    diagram: """
      flowchart LR
        subgraph before["a connection per request: {a connection per request}"]
          direction LR
          h0["handshake"] -- "1 round trip" --> a0["10 segments"] -- "1" --> b0["20"]
          b0 -- "1" --> c0["the rest"]
        end
        subgraph after["persistent: {persistent}"]
          direction LR
          r1["request"] -- "1 round trip" --> a1["46 segments"]
        end
        before -- "{speedup}, round trip {point}" --> after
      """,
    sweep: .count("round trip", [1, 10], smoke: 1, label: { "\($0) ms" }),
    signals: ["packets over the link"],
    needs: linkNeeds, tolerates: loadTolerates,
    work: { _ in Work(elements: 1, each: "request") },
    variants: [
      Variant(
        "a connection per request", shows: ["fetchOnNew"], environment: .ownNetwork,
        prepare: { try LinkedClient($0, path($0), bytes: responseBytes, connections: 0) },
        report: { $0.hosts.reports },
        run: { client in try! client.hosts.counting { try fetchOnNew(client) } }),
      Variant(
        "persistent", shows: ["fetchOnPersistent"], environment: .ownNetwork,
        prepare: { try LinkedClient($0, path($0), bytes: responseBytes, warmUps: 4) },
        report: { $0.hosts.reports },
        run: { client in try! client.hosts.counting { try fetchOnPersistent(client) } }),
    ],
    headline: DeclaredHeadline(value: 10, variant: "persistent"),
    model: { question throws(MissingNumber) in
      let trip = try question.roundTrip(Double(question.value))
      let transfer = Transfer(bytes: responseBytes, rate: linkRate)
      let response = trip.named("round trip") + transfer.transmission.named("transmission")
      guard question.isBaseline else { return Model(response) }
      let idle = transfer.idleInSlowStart(trip).named(
        "idle link", because: "The window is smaller than what the link holds.")
      return Model(trip.named("handshake") + idle + response)
    })
}

private let responseBytes = 64 << 10
/// Bits per second.
private let linkRate = 200e6

private func path(_ point: Point) -> LinkPath {
  LinkPath(rate: linkRate, delay: point.value * 500_000)
}

@inline(never)
private func fetchOnNew(_ client: LinkedClient) throws -> UInt64 {
  try client.fetch(on: client.client.connect())
}

@inline(never)
private func fetchOnPersistent(_ client: LinkedClient) throws -> UInt64 {
  try client.fetch(on: client.connections[0])
}
