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
      variant("to the region", shows: "toTheRegion") { packets, trip, _ in
        packets.toTheRegion(trip)
      },
      variant("by an edge", shows: "byAnEdge") { packets, trip, near in
        packets.byAnEdge(trip, near: near)
      },
    ],
    uncertain: [near, loss],
    headline: DeclaredHeadline(value: 3, variant: "by an edge"),
    model: { question in
      let trip = ways[question.value].milliseconds
      return Model(
        (question.isBaseline
          ? (3 * Time.exactly(1e6 * trip)).named("three round trips")
          : (3 * Time.exactly(1e6 * near.estimate)).named("three to the edge")
            + Time.exactly(1e6 * trip).named("one to the region")), per: .metric)
    })
}

private let connections = 20_000
private let near = UncertainInput("trip.edge", named: "milliseconds to the edge and back")
private let loss = UncertainInput("loss.packets", named: "packets that are lost")
private let ways: [(name: String, milliseconds: Double)] = [
  ("Ireland–Frankfurt", RegionDelays.roundTrip("ireland", "frankfurt")),
  ("Ireland–Virginia", RegionDelays.roundTrip("ireland", "virginia")),
  ("Ireland–Tokyo", RegionDelays.roundTrip("ireland", "tokyo")),
  ("Ireland–Sydney", RegionDelays.roundTrip("ireland", "sydney")),
]
private let first = 1_000 * CitedFigure.named("syn.timeout").value
private let least = 1_000 * CitedFigure.named("retransmission.least").value

/// Milliseconds of connections, by the packets that they lose.
private struct Packets {
  /// Of a packet there and one back: that either is lost.
  let lost: Double
  var random: RandomStream

  /// Where one is lost, again after a time-out, which doubles.
  mutating func exchange(_ trip: Double, timeout: Double) -> Double {
    var (waited, timeout) = (0.0, timeout)
    while random.happens(with: lost) {
      waited += timeout
      timeout *= 2
    }
    // Queues on the way: a tenth of the round trip, exponential.
    return waited + trip * (1 + random.exponential(mean: 0.1))
  }

  mutating func toTheRegion(_ trip: Double) -> Double {
    exchange(trip, timeout: first) + exchange(trip, timeout: trip + least)
      + exchange(trip, timeout: trip + least)
  }

  mutating func byAnEdge(_ trip: Double, near: Double) -> Double {
    toTheRegion(near) + exchange(trip, timeout: trip + least)
  }
}

private func variant(
  _ name: String, shows: String,
  _ time: @escaping @Sendable (inout Packets, _ trip: Double, _ near: Double) -> Double
) -> Variant {
  Variant(simulated: name, shows: [shows, "exchange"]) { point in
    var packets = Packets(
      lost: 1 - (1 - point[loss]) * (1 - point[loss]),
      random: RandomStream(seed: point.seed, "packets"))
    let (trip, near) = (ways[point.value].milliseconds, point[near])
    let times = (0..<connections).map { _ in time(&packets, trip, near) / 1_000 }.sorted()
    return Replication(
      offered: mixedHash(point.seed),
      figures: [
        "median time to first byte": .seconds(times[connections / 2]),
        "p99 time to first byte": .seconds(times[connections * 99 / 100]),
      ])
  }
}
