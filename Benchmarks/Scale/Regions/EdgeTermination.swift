import CitedData
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// A new connection and its first request, across an ocean or by way of a server nearby.
  static let edgeTermination = Experiment(
    id: "scale/edge-termination",
    title: "Handshakes across an ocean → at an edge nearby",
    slot: "scale/100k/geography",
    claim: """
      Terminating TLS nearby cuts the median time to the first byte from Ireland to Sydney by a \
      factor of two and a half; the p99 by only a third, because at 1% loss it holds a time-out \
      that no distance shortens. To Frankfurt, as near as the edge, the edge costs a third more.
      """,
    mechanism: """
      TCP and TLS 1.3 need two round trips before the request, which is the third. With an edge 20 \
      ms away these two are short, and the request goes on over a connection that is open already: \
      one long round trip. Before the first answer TCP does not know the round trip and waits a \
      second for a lost packet; after it, at least 200 ms more than the round trip. One of a \
      hundred packets lost puts such a wait into more than one of a hundred connections.
      """,
    limits: """
      The second and later requests of a connection save nothing by TLS; what they save by the \
      edge is its better route. Content that the edge may cache needs no long round trip at all. \
      The edge reads what was encrypted. Losses come alone here, and a round trip is one packet \
      each way.
      """,
    diagram: """
      flowchart LR
        u["user"]
        u -- "TCP, TLS and request" --> a["one region: {to the region}"]
        u -- "TCP and TLS" --> e["edge, 20 ms"]
        e -- "request on an open connection" --> b["region: {by an edge}"]
        a -- "{speedup} at {point}" --> b
      """,
    sweep: .named("way", ways.map(\.name), smoke: 0),
    metric: .reported("median time to first byte", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["p99 time to first byte"],
    work: { _ in Work(elements: Double(connections), each: "connection") },
    variants: [
      Variant(simulated: "to the region", shows: ["toTheRegion", "exchange"]) { point in
        measured(point) { toTheRegion(ways[point.value].milliseconds, &$0) }
      },
      Variant(simulated: "by an edge", shows: ["byAnEdge", "exchange"]) { point in
        measured(point) { byAnEdge(ways[point.value].milliseconds, &$0) }
      },
    ],
    headline: DeclaredHeadline(value: 3, variant: "by an edge"),
    model: { question in
      let trip = ways[question.value].milliseconds
      return Model(
        (question.isBaseline
          ? (3 * Time.exactly(1e6 * trip)).named("three round trips")
          : (3 * Time.exactly(1e6 * near)).named("three to the edge")
            + Time.exactly(1e6 * trip).named("one to the region")), per: .metric)
    })
}

private let connections = 20_000
/// Milliseconds to the edge and back; the share of packets that are lost.
private let (near, loss) = (20.0, 0.01)
private let ways: [(name: String, milliseconds: Double)] = [
  ("Ireland–Frankfurt", RegionDelays.roundTrip("ireland", "frankfurt")),
  ("Ireland–Virginia", RegionDelays.roundTrip("ireland", "virginia")),
  ("Ireland–Tokyo", RegionDelays.roundTrip("ireland", "tokyo")),
  ("Ireland–Sydney", RegionDelays.roundTrip("ireland", "sydney")),
]

/// A packet there and one back: where either is lost, again after a time-out, which doubles.
private func exchange(_ trip: Double, timeout: Double, _ random: inout RandomStream) -> Double {
  var (waited, timeout) = (0.0, timeout)
  while random.happens(with: 1 - (1 - loss) * (1 - loss)) {
    waited += timeout
    timeout *= 2
  }
  // Queues on the way: a tenth of the round trip, exponential.
  return waited + trip * (1 + random.exponential(mean: 0.1))
}

private let first = 1_000 * CitedFigure.named("syn.timeout").value
private let least = 1_000 * CitedFigure.named("retransmission.least").value

private func toTheRegion(_ trip: Double, _ random: inout RandomStream) -> Double {
  exchange(trip, timeout: first, &random) + exchange(trip, timeout: trip + least, &random)
    + exchange(trip, timeout: trip + least, &random)
}

private func byAnEdge(_ trip: Double, _ random: inout RandomStream) -> Double {
  toTheRegion(near, &random) + exchange(trip, timeout: trip + least, &random)
}

private func measured(_ point: Point, _ one: (inout RandomStream) -> Double) -> Replication {
  var random = RandomStream(seed: point.seed, "packets")
  let times = (0..<connections).map { _ in one(&random) / 1_000 }.sorted()
  return Replication(
    offered: mixedHash(point.seed),
    figures: [
      "median time to first byte": .seconds(times[connections / 2]),
      "p99 time to first byte": .seconds(times[connections * 99 / 100]),
    ])
}
