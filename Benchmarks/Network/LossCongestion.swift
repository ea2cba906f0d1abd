import Harness
import Results
import Statistics
import Systems

extension Experiment {
  /// A response over a link that loses packets at random, by congestion control.
  static let lossCongestion = Experiment(
    id: "network/loss-congestion",
    title: "Random packet loss: Reno, CUBIC → BBR",
    slot: "performance/network/analysis",
    claim: """
      On a link of 400 Mbit/s and 2.5 ms that loses one packet in a hundred at random, a response \
      of 512 KiB takes about six times as long with Reno as with BBR, which hardly notices, and no \
      less with CUBIC. Without loss the three are equal.
      """,
    mechanism: """
      Reno and CUBIC take every loss for congestion and reduce their window, to a half and to 70%. \
      At a loss probability p Reno carries about 1.22 segments ÷ (round trip × √p) (Mathis et al. \
      1997), however fast the link is. BBR measures the rate at which packets arrive and the \
      shortest round trip, paces its packets at that rate, and does not react to single losses. \
      Each connection's algorithm is set and read back: what a system calls its default differs. \
      The symptom is a throughput that falls with the distance, and retransmissions without a \
      filled queue.
      """,
    limits: """
      Losses here are independent. Losses by a full queue come in groups and mean congestion: \
      there BBR's first version takes more than its share from CUBIC flows beside it, and loses \
      more packets itself. Most wired paths lose far less than 0.5%; radio links repair losses \
      themselves and show delay instead. The speedup grows with the round trip, since the formula \
      divides by it and BBR does not. CUBIC's window grows with time too, which helps it on long \
      paths; it has no prediction here. From about 2% on, time-outs add to what the formula says.
      """,
    diagram: """
      flowchart LR
        subgraph before["Reno: {Reno}, CUBIC: {CUBIC}"]
          direction LR
          l0["loss"] --> w0["smaller window"] --> r0["idle link"]
        end
        subgraph after["BBR: {BBR}"]
          direction LR
          l1["loss"] --> w1["retransmission at the measured rate"] --> r1["busy link"]
        end
        before -- "{speedup}, loss {point}" --> after
      """,
    sweep: .count("loss", [0, 3, 10], smoke: 3, label: { "\(Double($0) / 10)%" }).asCases(),
    signals: ["packets lost"],
    needs: linkNeeds, tolerates: linkTolerates,
    work: { _ in Work(elements: Double(responseBytes), each: "byte", bytes: Double(responseBytes))
    },
    variants: [
      response("Reno", by: "reno"), response("CUBIC", by: "cubic"), response("BBR", by: "bbr"),
    ],
    headline: DeclaredHeadline(value: 10, variant: "BBR"),
    model: { question throws(MissingNumber) in
      let trip = try question.roundTrip(roundTripMilliseconds)
      let loss = Double(question.value) / 1_000
      let transfer = Transfer(bytes: responseBytes, rate: linkRate)
      let first = trip.named("first round trip")
      guard question.variant != "BBR", loss > 0 else {
        // On their way is what the link holds.
        let segments = linkRate / 8 * roundTripMilliseconds / 1e3 / 1_500
        return Model(
          first + (transfer.transmission / (1 - loss)).named("transmission")
            + transfer.lastRepetition(trip, loss, of: segments), per: .call)
      }
      // CUBIC's window grows with time as well.
      guard question.variant == "Reno" else { return nil }
      let perTrip = Transfer.renoSegments(loss)
      let trips = Double(responseBytes) / Double(Transfer.segmentBytes) / perTrip
      return Model(
        first + (trips * trip).named("round trips", because: "Losses keep the window small.")
          + transfer.lastRepetition(trip, loss, of: perTrip), per: .call)
    })
}

private let responseBytes = 512 << 10
/// Bits per second.
private let linkRate = 400e6
private let roundTripMilliseconds = 2.5

private func response(_ name: String, by algorithm: String) -> Variant {
  Variant(
    name, shows: ["response", "fetch"], environment: .ownNetwork,
    needs: [.congestionControl(algorithm)],
    prepare: { point in
      let path = LinkPath(
        rate: linkRate, delay: Int(roundTripMilliseconds * 5e5), loss: Double(point.value) / 1_000,
        queueBytes: 1 << 20)
      return try LinkedClient(
        point, path, bytes: responseBytes, congestion: algorithm, warmUps: 1)
    }, report: { $0.hosts.reports },
    run: { client in try! client.hosts.counting { try fetch(client) } })
}

@inline(never)
private func fetch(_ client: LinkedClient) throws -> UInt64 {
  try client.fetch(on: client.connections[0])
}
