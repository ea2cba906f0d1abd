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
      On a link of 400 Mbit/s and 5 ms that loses one packet in a hundred at random, a response of \
      64 KiB takes longer with Reno or CUBIC, which take a loss for congestion, than with BBR, and \
      at 3% several times as long with Reno. Without loss BBR is not faster: it paces its packets, \
      so that four responses end together, where the others send them one after another.
      """,
    mechanism: """
      Reno and CUBIC take every loss for congestion and reduce their window, to a half and to 70%. \
      At a loss probability p Reno carries about 1.22 segments ÷ (round trip × √p) (Mathis et al. \
      1997), however fast the link is; from some percent on, it also waits for time-outs, since too \
      few packets follow a loss to report it (Padhye et al. 1998). BBR measures the rate at which \
      packets arrive and the shortest round trip, paces its packets at that rate, and does not react \
      to single losses. Four connections that stay open carry a response each at the same time; the \
      metric is the mean of their times. Each connection's algorithm is set and read back: what a \
      system calls its default differs. The symptom is a throughput that falls with the distance, and \
      retransmissions without a filled queue.
      """,
    limits: """
      The link is a path of 40 ms at an eighth of its times: the least retransmission time-out is \
      25 ms instead of Linux's 200 ms where the kernel lets it be set (6.11). In round trips, loss \
      costs the same there, so that Reno's responses take eight times as long. Losses here are \
      independent. Losses by a full queue come in groups and mean congestion: there BBR's first \
      version takes more than its share from CUBIC flows beside it, and loses more packets itself. \
      Most wired paths lose far less than 1%; radio links repair losses themselves and show delay \
      instead. CUBIC's window grows with time too, which helps it on long paths; it has no \
      prediction here.
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
    sweep: .count("loss", [0, 1, 3], smoke: 1, label: { "\($0)%" }).asCases(),
    metric: .reported(mean, unit: .nanoseconds, lowerIsBetter: true),
    signals: ["packets lost"],
    needs: linkNeeds, tolerates: loadTolerates, isRehearsed: false,
    work: { _ in
      Work(elements: Double(connectionCount), each: "response", bytes: Double(allBytes))
    },
    variants: [
      responses("Reno", by: "reno"), responses("CUBIC", by: "cubic"), responses("BBR", by: "bbr"),
    ],
    headline: DeclaredHeadline(value: 1, variant: "BBR"),
    model: { question throws(MissingNumber) in
      let trip = try question.roundTrip(roundTripMilliseconds)
      let loss = Double(question.value) / 100
      let first = trip.named("first round trip")
      let all = Transfer(bytes: allBytes, rate: linkRate)
      guard question.variant != "BBR" else {
        // On their way is what the link holds.
        let segments = linkRate / 8 * roundTripMilliseconds / 1e3 / 1_500 / Double(connectionCount)
        return Model(
          first + (all.transmission / (1 - loss)).named("transmission of all responses")
            + all.lastRepetition(trip, loss, of: segments), per: .metric)
      }
      guard loss > 0 else {
        let mean = Double(connectionCount + 1) / Double(2 * connectionCount)
        return Model(
          first
            + (mean * all.transmission).named(
              "transmission", because: "One response after another leaves in a burst."),
          per: .metric)
      }
      // CUBIC's window grows with time as well.
      guard question.variant == "Reno" else { return nil }
      let segments = Double(responseBytes) / Double(Transfer.segmentBytes)
      let trips = segments / Transfer.renoSegments(loss)
      let timeOuts = segments * Transfer.timeOuts(loss)
      return Model(
        first + (trips * trip).named("round trips", because: "Losses keep the window small.")
          + (timeOuts * (trip + .exactly(leastTimeOut * 1e3))).named("time-outs"), per: .metric)
    })
}

private let mean = "mean response time"
private let connectionCount = 4
private let responseBytes = 64 << 10
private let allBytes = connectionCount * responseBytes
/// Bits per second.
private let linkRate = 400e6
private let roundTripMilliseconds = 5.0
/// Of a retransmission, in microseconds.
private let leastTimeOut = 25_000.0

private func responses(_ name: String, by algorithm: String) -> Variant {
  Variant(
    name, shows: ["responses"], environment: .ownNetwork,
    needs: [.congestionControl(algorithm)],
    prepare: { point in
      let path = LinkPath(
        rate: linkRate, delay: Int(roundTripMilliseconds * 5e5), loss: Double(point.value) / 100,
        queueBytes: 1 << 20)
      // Until a connection has lost two or three packets, and has found its window.
      let warmUps = point.value > 0 ? 5 / point.value : 1
      return try LinkedClient(
        point, path, bytes: responseBytes, congestion: algorithm, leastTimeOut: Int(leastTimeOut),
        connections: connectionCount, warmUps: warmUps)
    },
    report: { client in
      client.hosts.reports.merging([mean: Counter(client.mean, unit: .nanoseconds)]) { $1 }
    },
    run: { client in try! client.hosts.counting { try client.askOnEach() } })
}
