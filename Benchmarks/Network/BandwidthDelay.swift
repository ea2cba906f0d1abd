import Harness
import Results
import Systems

extension Experiment {
  /// A response over a link that holds more bytes than a fixed socket buffer.
  static let bandwidthDelay = Experiment(
    id: "network/bandwidth-delay",
    title: "Socket buffers on a long path: 64 KiB → the bandwidth-delay product, or autotuned",
    slot: "performance/network/analysis",
    claim: """
      With socket buffers of 64 KiB, a connection carries about 80 KiB per round trip, whatever the \
      link allows: less than half of 400 Mbit/s at 4 ms, a sixth at 10 ms. Buffers of twice the \
      bandwidth-delay product fill the link, and so does a kernel that is left to size them itself.
      """,
    mechanism: """
      A sender may have as many bytes on their way as the receiver has announced room for (its \
      window), and must then wait for an acknowledgement. The link holds rate × round trip; a \
      smaller window leaves it idle for the rest of each round trip. Linux sizes both buffers by \
      the traffic, unless SO_SNDBUF or SO_RCVBUF has fixed them: setting a size ends autotuning \
      for this socket. It doubles the size that was set, and announces what its own bookkeeping \
      leaves of that. The symptom is a throughput that falls with the distance and does not rise \
      with the link's rate.
      """,
    limits: """
      Where a round trip carries less than a buffer, its size does not matter. A fixed size is silently cut to \
      `net.core.rmem_max` and `wmem_max`, 208 KiB on many systems, while autotuning may use \
      `tcp_rmem` and `tcp_wmem`, often several MiB. Larger buffers cost memory for each \
      connection. Under loss the congestion window is smaller than any of these. HTTP/2 has a \
      window of its own, 65,535 bytes unless changed, with the same effect.
      """,
    diagram: """
      flowchart LR
        subgraph before["64 KiB: {64 KiB}"]
          direction LR
          s0["server"] -- "64 KiB, then idle" --> c0["client"]
          c0 -- "acknowledgement after {point}" --> s0
        end
        subgraph after["sized: {sized}, autotuned: {autotuned}"]
          direction LR
          s1["server"] -- "the link is never idle" --> c1["client"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("round trip", [1, 10], smoke: 1, label: { "\($0) ms" }),
    signals: ["packets over the link"],
    needs: linkNeeds, tolerates: loadTolerates, isRehearsed: false,
    work: { _ in Work(elements: Double(responseBytes), each: "byte", bytes: Double(responseBytes))
    },
    variants: [
      response("64 KiB") { _ in smallBuffer },
      response("sized", needs: [.socketBuffers(bytes: twiceTheProduct(10))]) {
        twiceTheProduct($0)
      },
      response("autotuned") { _ in nil },
    ],
    headline: DeclaredHeadline(value: 10, variant: "autotuned"),
    model: { question throws(MissingNumber) in
      let trip = try question.roundTrip(Double(question.value))
      let transfer = Transfer(bytes: responseBytes, rate: linkRate)
      let atOnce = trip.named("round trip") + transfer.transmission.named("transmission")
      guard question.isBaseline else { return Model(atOnce, per: .call) }
      let window = Transfer(bytes: windowBytes, rate: linkRate).transmission
      guard trip > window else { return Model(atOnce, per: .call) }
      let waits = Double((responseBytes - 1) / windowBytes)
      let idle = (waits * (trip - window)).named(
        "idle link", because: "The window is sent, and its first acknowledgement not yet back.")
      return Model(atOnce + idle, per: .call)
    })
}

private let responseBytes = 384 << 10
private let smallBuffer = 64 << 10
/// What a receiver with that buffer announces: the kernel doubles the size, and takes off its own
/// share of the memory, in which a segment of 1,448 bytes occupies 2,304.
///
/// Source: Linux 6.6, `tcp_scaling_ratio` and `tcp_win_from_space`.
private let windowBytes = 2 * smallBuffer * 1_448 / 2_304
/// Bits per second.
private let linkRate = 400e6

private func twiceTheProduct(_ milliseconds: Int) -> Int {
  2 * Int(linkRate / 8 * Double(milliseconds) / 1e3)
}

private func response(
  _ name: String, needs: [Requirement] = [], buffer: @escaping @Sendable (Int) -> Int?
) -> Variant {
  Variant(
    name, shows: ["response", "fetch"], environment: .ownNetwork, needs: needs,
    prepare: { point in
      let path = LinkPath(rate: linkRate, delay: point.value * 500_000, queueBytes: 1 << 20)
      let bytes = buffer(point.value)
      return try LinkedClient(
        point, path, bytes: responseBytes, buffer: bytes, warmUps: bytes == smallBuffer ? 1 : 5)
    }, report: { $0.hosts.reports },
    run: { client in try! client.hosts.counting { try fetch(client) } })
}

@inline(never)
private func fetch(_ client: LinkedClient) throws -> UInt64 {
  try client.fetch(on: client.connections[0])
}
