import Harness
import Results
import Systems

extension Experiment {
  /// Several requests over a link, one after the other's response or all at once.
  static let pipelining = Experiment(
    id: "network/pipelining",
    title: "Eight requests on one connection: one by one → pipelined, HTTP/2 streams",
    slot: "performance/network/protocol",
    claim: """
      Eight independent requests take eight round trips if each waits for the response to the last \
      one, and one round trip if all are sent at once, pipelined or as streams of HTTP/2. Streams \
      take about three times the processor time of pipelining; at 1 ms that and the responses' own \
      time on the link limit the speedup.
      """,
    mechanism: """
      A request that does not depend on an earlier response need not wait for it. Sent together, \
      the requests share a packet, and the responses follow one another at the link's rate. The \
      first two variants have the same server: it reads one request after the other and answers in \
      order. The third has SwiftNIO's HTTP/2 on both sides, without TLS: each request has a stream, \
      and header fields are compressed. *Processor time per request* is that of client and server \
      together. The symptom is a client that waits most of the time while link, server and both \
      processors are idle: the number of calls × the round trip explains the whole response time.
      """,
    limits: """
      A request that needs the result of another must wait: then only a server that does both \
      steps, a batch or a join, saves the round trip. Responses come in the order of the requests, \
      so that a slow one delays all behind it (head-of-line blocking). HTTP/2 answers in any order \
      on one connection, where a lost packet still delays all streams. Browsers never used HTTP/1.1 pipelining, since too many proxies broke it; \
      Redis, PostgreSQL and HTTP/2 rely on the same idea.
      """,
    diagram: """
      flowchart LR
        subgraph before["one by one: {one by one}"]
          direction LR
          c0["client"] -- "8 requests, {point} each" --> s0["server"]
        end
        subgraph after["pipelined: {pipelined}"]
          direction LR
          c1["client"] -- "8 requests in one packet" --> s1["server"]
          s1 -- "8 responses" --> c1
        end
        streams["HTTP/2, 8 streams: {HTTP/2 streams}"]
        before -- "{speedup}" --> after
      """,
    sweep: .count("round trip", [1, 8], smoke: 1, label: { "\($0) ms" }),
    signals: ["packets over the link", "processor time per request"],
    needs: linkNeeds, tolerates: loadTolerates,
    work: { _ in Work(elements: Double(requestCount), each: "request") },
    variants: [
      Variant(
        "one by one", shows: ["askOneByOne"], environment: .ownNetwork,
        prepare: { try LinkedClient($0, path($0), bytes: responseBytes) },
        report: { $0.hosts.reports(requests: requestCount) },
        run: { client in try! client.hosts.counting { try askOneByOne(client) } }),
      Variant(
        "pipelined", shows: ["askTogether"], environment: .ownNetwork,
        prepare: { try LinkedClient($0, path($0), bytes: responseBytes) },
        report: { $0.hosts.reports(requests: requestCount) },
        run: { client in try! client.hosts.counting { try askTogether(client) } }),
      Variant(
        "HTTP/2 streams", shows: ["askByStreams"], environment: .ownNetwork,
        prepare: { try LinkedStreams($0, path($0), bytes: responseBytes) },
        report: { $0.hosts.reports(requests: requestCount) },
        run: { client in try! client.hosts.counting { try askByStreams(client) } }),
    ],
    headline: DeclaredHeadline(value: 8, variant: "pipelined"),
    model: { question throws(MissingNumber) in
      // What SwiftNIO does for a stream is no number of the machine.
      if question.variant == "HTTP/2 streams" { return nil }
      let trip = try question.roundTrip(Double(question.value))
      let transmission = Transfer(bytes: responseBytes, rate: linkRate).transmission
      if question.isBaseline {
        let trips = (Double(requestCount) * trip).named("round trips")
        let all = (Double(requestCount) * transmission).named("transmission")
        return Model(trips + all, per: .call)
      }
      let responses = (Double(requestCount) * longest(transmission, try question.time("tcp.send")))
        .named("responses", because: "They follow one another at the link's rate.")
      return Model(trip.named("round trip") + responses, per: .call)
    })
}

private let requestCount = 8
private let responseBytes = 1 << 10
/// Bits per second.
private let linkRate = 100e6

private func path(_ point: Point) -> LinkPath {
  LinkPath(rate: linkRate, delay: point.value * 500_000)
}

@inline(never)
private func askOneByOne(_ client: LinkedClient) throws -> UInt64 {
  var sum: UInt64 = 0
  for _ in 0..<requestCount { sum &+= try client.fetch(on: client.connections[0]) }
  return sum
}

@inline(never)
private func askTogether(_ client: LinkedClient) throws -> UInt64 {
  let connection = client.connections[0]
  try client.request(requestCount, on: connection)
  var sum: UInt64 = 0
  for _ in 0..<requestCount { sum &+= try client.receive(on: connection) }
  return sum
}

@inline(never)
private func askByStreams(_ client: LinkedStreams) throws -> UInt64 {
  try client.connection.fetch(requestCount)
}
