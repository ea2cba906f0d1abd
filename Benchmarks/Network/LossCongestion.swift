import Harness
import Results
import Statistics
import Systems

extension Experiment {
  /// A response over a link that loses packets at random, by congestion control.
  static let lossCongestion = Experiment(
    id: "network/loss-congestion",
    title: "Random packet loss: CUBIC, Reno → BBR",
    slot: "performance/network/analysis",
    claim: """
      On a link of 100 Mbit/s and 10 ms that loses one packet in a hundred at random, a response of \
      256 KiB takes several times as long with CUBIC or Reno as with BBR, which hardly notices. \
      Without loss they are equal.
      """,
    mechanism: """
      CUBIC and Reno take every loss for congestion and reduce their window, to 70% and to half. At \
      a loss probability p a flow of them carries about 1.22 segments ÷ (round trip × √p) (Mathis \
      et al. 1997), however fast the link is. BBR measures the rate at which packets arrive and the \
      shortest round trip, paces its packets at that rate, and does not react to single losses. \
      Each connection's algorithm is set and read back: what a system calls its default differs. \
      The symptom is a throughput that falls with the distance, and retransmissions without a \
      filled queue.
      """,
    limits: """
      Losses here are independent. Losses by a full queue come in groups and mean congestion: there \
      BBR's first version takes more than its share from CUBIC flows beside it, and loses more \
      packets itself. Most wired paths lose far less than 0.5%; radio links repair losses \
      themselves and show delay instead. The speedup grows with the round trip, since the formula \
      divides by it and BBR does not. From about 2% on time-outs add to what \
      the formula says.
      """,
    diagram: """
      flowchart LR
        subgraph before["CUBIC: {CUBIC}, Reno: {Reno}"]
          direction LR
          l0["loss"] --> w0["smaller window"] --> r0["idle link"]
        end
        subgraph after["BBR: {BBR}"]
          direction LR
          l1["loss"] --> w1["retransmission at the measured rate"] --> r1["busy link"]
        end
        before -- "{speedup}, loss {point}" --> after
      """,
    sweep: .count("loss", [0, 2, 10], smoke: 2, label: { "\(Double($0) / 10)%" }).asCases(),
    signals: ["packets lost"],
    needs: linkNeeds, tolerates: [.preempted],
    work: { _ in Work(elements: Double(responseBytes), each: "byte", bytes: Double(responseBytes))
    },
    variants: [
      response("CUBIC", by: "cubic"), response("Reno", by: "reno"), response("BBR", by: "bbr"),
    ],
    headline: DeclaredHeadline(value: 10, variant: "BBR"),
    model: { question throws(MissingNumber) in
      let trip = try question.roundTrip(roundTripMilliseconds)
      let loss = Double(question.value) / 1_000
      let transfer = Transfer(bytes: responseBytes, rate: linkRate)
      let link = transfer.transmission / (1 - loss)
      let first = trip.named("first round trip")
      // Segments on their way: what the link holds, or the window that losses leave.
      let held = linkRate / 8 * Double(roundTripMilliseconds) / 1e3 / 1_500
      guard question.variant != "BBR", loss > 0 else {
        return Model(
          first + link.named("transmission") + transfer.lastRepetition(trip, loss, of: held),
          per: .call)
      }
      let constant = Ratio.input(
        "constant for \(question.variant)", 1.22, low: 0.93, high: 1.31,
        source: "Mathis et al. 1997: 0.93 to 1.31 by the pattern of losses and acknowledgements")
      let segments = Double(responseBytes) / Double(Transfer.segmentBytes)
      let byLoss = segments * loss.squareRoot() * trip / constant
      return Model(
        first + longest(byLoss, link).named("round trips by Mathis")
          + transfer.lastRepetition(trip, loss, of: min(held, 1.22 / loss.squareRoot())),
        per: .call)
    })
}

private let responseBytes = 256 << 10
/// Bits per second.
private let linkRate = 100e6
private let roundTripMilliseconds = 10

private func response(_ name: String, by algorithm: String) -> Variant {
  Variant(
    name, shows: ["response", "fetch"], environment: .ownNetwork,
    needs: [.congestionControl(algorithm)],
    prepare: { point in
      let path = LinkPath(
        rate: linkRate, delay: roundTripMilliseconds * 500_000, loss: Double(point.value) / 1_000,
        queueBytes: 512 << 10)
      return try LinkedClient(
        point, path, bytes: responseBytes, congestion: algorithm, warmUps: 1)
    }, report: { $0.hosts.reports }, run: { client in try! fetch(client) })
}

@inline(never)
private func fetch(_ client: LinkedClient) throws -> UInt64 {
  try client.fetch(on: client.connections[0])
}
