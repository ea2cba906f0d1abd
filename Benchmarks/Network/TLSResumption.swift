import Harness
import Results
import Systems

extension Experiment {
  /// TLS connections with and without a session of an earlier one.
  static let tlsResumption = Experiment(
    id: "network/tls-resumption",
    title: "TLS connections: full handshake → resumed → early data (0-RTT)",
    slot: "performance/network/connections",
    claim: """
      Resuming a TLS 1.3 session saves the processor time of certificates and signatures and not a \
      single round trip; only early data save one, and only for requests that may be replayed.
      """,
    mechanism: """
      In a full handshake the server signs, and the client verifies that signature and the one in \
      the certificate. A session ticket replaces them by a shared secret; the key exchange (X25519) \
      stays, for forward secrecy. A TLS 1.3 client has a response two round trips after its first \
      byte, resumed or not; TLS 1.2 takes three, and two when it resumes. With early data the \
      request is in the first flight, and one round trip is left. TCP's own handshake comes before \
      all of these. Both sides run on one thread and talk through memory, so that the time is the \
      processor time of client and server; round trips are counted from their flights.
      """,
    limits: """
      On a path of 50 ms the processor time hardly matters to a user, and the round trips do. An \
      attacker can send early data again: use them for requests that change nothing, and remember \
      used tickets, as this server does. A ticket is only good at servers that share its key.
      """,
    diagram: """
      flowchart LR
        subgraph before["full: {full TLS 1.3}, two round trips"]
          direction LR
          c0["client"] -- "key share" --> s0["server: signs"] -- "certificate" --> v0["verifies twice"]
        end
        old["TLS 1.2, three round trips: {full TLS 1.2}"]
        subgraph middle["resumed: {resumed TLS 1.3}, two round trips"]
          direction LR
          c1["client"] -- "key share, ticket" --> s1["server"]
        end
        subgraph after["early data: {early data}, one round trip"]
          direction LR
          c2["client"] -- "key share, ticket, request" --> s2["server"]
        end
        before -- "{speedup}, {point}" --> middle
        middle --> after
      """,
    sweep: .named("certificate", ["ECDSA P-256", "RSA 2048"], smoke: 0),
    signals: ["round trips", "bytes"],
    work: { _ in Work(elements: 1, each: "connection") },
    variants: [
      variant("full TLS 1.3", .v13, .full),
      variant("full TLS 1.2", isReference: true, .v12, .full),
      variant("resumed TLS 1.3", .v13, .resumed),
      variant("early data", .v13, .early),
    ],
    noYardstick: "What is left after resumption is the key exchange, which forward secrecy needs.",
    headline: DeclaredHeadline(value: 0, variant: "resumed TLS 1.3"),
    model: { question throws(MissingNumber) in
      let rest = try question.time("tls.resumed").named("key exchange and all else")
      guard question.variant.hasPrefix("full") else { return Model(rest) }
      let key = question.value == 0 ? "p256" : "rsa2048"
      let sign = try question.time("tls.sign.\(key)").named("signature")
      let verify = try question.time("tls.verify.\(key)").named("its verification")
      let chain = try question.time("tls.certificate.\(key)").named("certificate")
      return Model(rest + sign + verify + chain)
    })
}

private let requestBytes = 64

private func variant(
  _ name: String, isReference: Bool = false, _ version: TLSPair.Version, _ start: TLSPair.Start
) -> Variant {
  Variant(
    name, isReference: isReference, shows: ["connect"],
    prepare: { try Connections($0, version, start) },
    report: { connections in
      [
        "round trips": Counter(Double(connections.roundTrips), unit: .count),
        "bytes": Counter(Double(connections.bytes), unit: .bytes),
      ]
    },
    run: { connections in orEnd { try connect(connections) } })
}

private final class Connections {
  let pair: TLSPair
  let start: TLSPair.Start
  let request: [UInt8]
  let response = UnsafeMutableRawBufferPointer.allocate(byteCount: requestBytes, alignment: 64)
  var (roundTrips, bytes) = (0, 0)

  /// The first connection has no session to resume.
  init(_ point: Point, _ version: TLSPair.Version, _ start: TLSPair.Start) throws {
    pair = try TLSPair(
      point.value == 0 ? .p256 : .rsa2048, version, takesEarlyData: start == .early)
    (self.start, request) = (start, point.bytes(requestBytes))
    _ = try request.withUnsafeBytes { try pair.connect(.full, request: $0, response: response) }
  }

  deinit { response.deallocate() }
}

@inline(never)
private func connect(_ connections: Connections) throws -> UInt64 {
  (connections.roundTrips, connections.bytes) = try connections.request.withUnsafeBytes { request in
    try connections.pair.connect(
      connections.start, request: request, response: connections.response)
  }
  return wordSum(UnsafeRawBufferPointer(connections.response))
}
