import Harness
import Platform
import Results
import Systems

extension Experiment {
  /// Responses on one connection, or on a connection each, over a link that loses packets.
  static let lossHeadOfLine = Experiment(
    id: "network/loss-head-of-line",
    title: "Sixteen responses under packet loss: one connection → a connection each",
    slot: "performance/network/analysis",
    claim: """
      At a random loss of 2%, sixteen small responses have a p75 of two round trips on one \
      connection and of one round trip on a connection each. Their p99 is the opposite: a lost \
      packet that nothing follows is repeated only after 200 ms.
      """,
    mechanism: """
      TCP delivers bytes in order. On one connection a lost packet delays all responses behind it \
      until it is repeated (head-of-line blocking), and every loss reduces the one congestion \
      window below the sixteen segments, so that the rest waits for a further round trip. On a \
      connection each, a loss delays one response. But the receiver reports a loss only when later \
      packets arrive, and behind a response of one segment nothing follows: the sender waits for \
      its timer, 200 ms at least in Linux. The table of percentiles shows p50, p90 and p99.
      """,
    limits: """
      Without loss the variants are equal. More connections cost handshakes, memory and server \
      threads, and take a larger share of a congested link. QUIC removes the blocking between \
      streams and keeps one congestion window and one stream of acknowledgements, so that few \
      packets have nothing behind them. Losses in bursts hit all connections at once.
      """,
    diagram: """
      flowchart LR
        subgraph before["one connection: {one connection}"]
          direction LR
          s0["16 responses"] -- "one lost, {point}" --> q0["those behind it wait"] --> c0["client"]
        end
        subgraph after["a connection each: {a connection each}"]
          direction LR
          s1["16 responses"] -- "one lost" --> c1["client: 15 at once"]
          s1 -- "after 200 ms" --> c1
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("loss", [0, 20], smoke: 20, label: { "\($0 / 10)%" }).asCases(),
    metric: .percentile(75, of: "response", unit: .nanoseconds),
    signals: ["packets lost"], needs: linkNeeds, tolerates: loadTolerates,
    work: { _ in Work(elements: Double(roundCount * responseCount), each: "response") },
    variants: [
      responses("one connection", "askOnOne", connections: 1, askOnOne),
      responses("a connection each", "askOnEach", connections: responseCount, askOnEach),
    ],
    headline: DeclaredHeadline(value: 20, variant: "a connection each"),
    model: { question throws(MissingNumber) in
      let trip = try question.roundTrip(roundTripMilliseconds)
      let loss = Double(question.value) / 1_000
      let responses = Transfer(bytes: responseCount * responseBytes, rate: linkRate)
      let before = (0.75 * responses.transmission).named("responses before it")
      guard question.isBaseline, loss > 0 else {
        return Model(trip.named("round trip") + before, per: .metric)
      }
      let flights = (Double(responseCount) * loss.squareRoot() / 1.22).rounded(.up)
      // The mean share of responses with a loss in a packet up to their own.
      let delayed = loss * Double(responseCount + 1) / 2
      let repeats = (delayed > 0.25 ? 1 : 0) * trip
      return Model(
        (flights * trip).named("flights", because: "Losses keep the window small (Mathis).")
          + repeats.named("repetition", because: "More than a quarter of responses wait for one.")
          + before, per: .metric)
    })
}

private let responseCount = 16
private let roundCount = 4
private let responseBytes = 1_400
/// Bits per second.
private let linkRate = 200e6
private let roundTripMilliseconds = 4.0

private func responses(
  _ name: String, _ function: String, connections: Int,
  _ ask: @escaping @Sendable (LinkedClient) throws -> UInt64
) -> Variant {
  Variant(
    name, shows: [function], environment: .ownNetwork,
    prepare: { point in
      let path = LinkPath(
        rate: linkRate, delay: Int(roundTripMilliseconds * 5e5), loss: Double(point.value) / 1_000)
      return try LinkedClient(point, path, bytes: responseBytes, connections: connections)
    }, report: { $0.hosts.reports }, observe: { $0.latencies.taken() },
    run: { client in
      try! client.hosts.counting {
        try (0..<roundCount).reduce(0) { sum, _ in sum &+ (try ask(client)) }
      }
    })
}

@inline(never)
private func askOnOne(_ client: LinkedClient) throws -> UInt64 {
  let (connection, start) = (client.connections[0], Int(Clock.now()))
  try client.request(responseCount, on: connection)
  var sum: UInt64 = 0
  for _ in 0..<responseCount {
    sum &+= try client.receive(on: connection)
    client.latencies.record(Int(Clock.now()) - start)
  }
  return sum
}

@inline(never)
private func askOnEach(_ client: LinkedClient) throws -> UInt64 {
  try client.askOnEach()
}
