import Harness
import Platform
import Results
import Systems

extension Experiment {
  /// A burst of new connections at a server that is busy for a moment.
  static let acceptBurst = Experiment(
    id: "network/accept-burst",
    title: "A burst of connections: small backlog → sized backlog, several listeners",
    slot: "performance/network/connections",
    claim: """
      If a burst of connections exceeds the backlog while the server is busy for some milliseconds, \
      the slowest client waits a whole second; with a backlog for the burst it waits only until the \
      server is free again.
      """,
    mechanism: """
      The kernel completes handshakes without the server and queues the connections for `accept`. \
      If the queue is full, it drops further SYNs without a word, and the client's kernel sends its \
      SYN again after a second (RFC 6298). The queue holds one connection more than the backlog, \
      which `net.core.somaxconn` caps. With SO_REUSEPORT each listener has a queue of its own, \
      chosen by a hash of the addresses. Clients and server are one thread here. The symptom is a \
      latency just above 1 s at an idle server, with `ListenOverflows` in /proc/net/netstat rising.
      """,
    limits: """
      A backlog only bridges a pause: a server that accepts more slowly than clients arrive fills \
      any queue, and a long queue holds clients that have given up. Clients that were dropped \
      together come back together: where they exceed the queue again, further seconds follow. \
      Listeners share a burst unevenly, so that each needs room for more than its share.
      """,
    diagram: """
      flowchart LR
        subgraph before["small backlog: {small backlog}"]
          direction LR
          c0["{point} clients"] -- "SYN, dropped: again after 1 s" --> q0["queue: 8 + 1"] --> s0["server"]
        end
        many["two listeners: {two listeners}"]
        subgraph after["sized backlog: {sized backlog}"]
          direction LR
          c1["{point} clients"] -- "SYN" --> q1["queue: 256 + 1"] --> s1["server"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("clients", [16], smoke: 8),
    signals: ["late clients"],
    tolerates: loadTolerates, isMirrored: false,
    work: { _ in Work(elements: 1, each: "burst") },
    variants: [
      variant("small backlog", listeners: 1, backlog: smallBacklog),
      variant("two listeners", listeners: 2, backlog: sizedBacklog),
      variant("sized backlog", listeners: 1, backlog: sizedBacklog),
    ],
    noYardstick: "The server's pause is the limit: no client can be served before its end.",
    model: { question throws(MissingNumber) in
      let pause = Time.exactly(pauseNanoseconds).named("the server's pause")
      let served = Double(question.value) * (try question.time("tcp.connection"))
      guard question.isBaseline, question.value > smallBacklog + 1 else {
        return Model(pause + served.named("connections"))
      }
      let timer = Time.input("SYN timer", 1e9, source: "RFC 6298, section 2.1")
      return Model(timer.named("SYN sent again") + served.named("connections"))
    })
}

let smallBacklog = 8
private let sizedBacklog = 256
/// For which the server accepts nothing: a garbage collection, a write to a disk.
private let pauseNanoseconds = 6e6

private func variant(_ name: String, listeners: Int, backlog: Int) -> Variant {
  Variant(
    name, shows: ["serveBurst"],
    prepare: { try BurstServer(clients: $0.value, listeners: listeners, backlog: backlog) },
    report: { ["late clients": Counter(Double($0.lateClients), unit: .count)] },
    run: { server in orEnd { try serveBurst(server) } })
}

/// Connects all clients while the server is busy, then accepts and serves them.
/// - Returns: 0 where the numbers that the clients have sent arrived.
@inline(never)
private func serveBurst(_ server: BurstServer) throws -> UInt64 {
  let clients = try server.beginBurst()
  let pause = Clock.now() + UInt64(pauseNanoseconds)
  while Clock.now() < pause {}
  while !server.isOver { try server.step(clients) }
  return try server.receiveAll()
}
