import Harness
import Results
import Systems

extension Experiment {
  /// A request in two writes, with Nagle's algorithm and delayed acknowledgements.
  static let nagle = Experiment(
    id: "network/nagle",
    title: "A request in several writes: Nagle and delayed acknowledgement → one gathered write",
    slot: "performance/network/protocol",
    claim: """
      A request that is written in two parts takes 40 ms on an idle loopback; as one gathered \
      write, or with TCP_NODELAY, it takes one round trip. Three parts or eight make it no worse.
      """,
    mechanism: """
      Nagle's algorithm holds a small segment back while an earlier one is unacknowledged. The \
      receiver delays its acknowledgement, hoping to send it with its response; but it has only \
      half of the request and no response to send. Both wait until the receiver's timer expires. \
      `writev` sends all parts as one segment. TCP_NODELAY sends each part at once: no wait, but a \
      segment, and a wake-up of the receiver, for each. The symptom is a latency just above 40 ms \
      with idle processors.
      """,
    limits: """
      A new connection hides it: Linux acknowledges the first segments at once, and delays only on \
      connections that it takes for interactive, so that a short test does not find it. A single \
      write per request is never delayed, whatever its size. Timers differ: other systems delay \
      acknowledgements by up to 200 ms.
      """,
    diagram: """
      flowchart LR
        subgraph before["write, write, read: {write, write, read}"]
          direction LR
          a0["first part"] -- "at once" --> s0["server: waits for the rest"]
          b0["other parts"] -- "held back until the acknowledgement" --> s0
        end
        nodelay["TCP_NODELAY: {TCP_NODELAY}"]
        subgraph after["gathered write: {gathered write}"]
          direction LR
          a1["all parts"] -- "one segment" --> s1["server: responds"]
        end
        before -- "{speedup}, parts: {point}" --> after
      """,
    sweep: .count("parts", [2, 8], smoke: 2),
    signals: ["busy share"],
    needs: [.cores(2)],
    tolerates: [.preempted],
    work: { _ in Work(elements: 1, each: "request") },
    variants: [
      Variant(
        "write, write, read", shows: ["askInParts"], prepare: { try Call($0, noDelay: false) },
        run: { call in orEnd { try askInParts(call) } }),
      Variant(
        "TCP_NODELAY", shows: ["askInParts"], prepare: { try Call($0, noDelay: true) },
        run: { call in orEnd { try askInParts(call) } }),
      Variant(
        "gathered write", shows: ["askAtOnce"], prepare: { try Call($0, noDelay: false) },
        run: { call in orEnd { try askAtOnce(call) } }),
    ],
    noYardstick: "A round trip is all that a request needs, and the candidates are one.",
    headline: DeclaredHeadline(value: 2, variant: "gathered write"),
    model: { question throws(MissingNumber) in
      // Both sides have slept before, and a request has gone ahead for warm-up.
      let trip = try question.time("tcp.round.trip.rested").named("round trip")
      switch question.variant {
      case "write, write, read":
        return Model(try question.time("tcp.delayed.ack").named("delayed acknowledgement") + trip)
      case "TCP_NODELAY":
        let more = Double(question.value - 1) * (try question.time("tcp.send"))
        return Model(more.named("further writes") + trip)
      default: return Model(trip)
      }
    })
}

/// A connection on which so many requests have gone before that acknowledgements are delayed.
private final class Call {
  let socket: Socket
  let parts: [UnsafeRawBufferPointer]
  private let bytes: UnsafeMutableRawBufferPointer

  init(_ point: Point, noDelay: Bool) throws {
    let (client, server) = try Socket.pair(options: [.noDelay(noDelay)])
    let (count, all) = (point.value, partBytes * point.value)
    bytes = .allocate(byteCount: all, alignment: 64)
    bytes.copyBytes(from: point.bytes(all))
    let view = UnsafeRawBufferPointer(bytes)
    parts = (0..<count).map {
      UnsafeRawBufferPointer(rebasing: view[$0 * partBytes..<($0 + 1) * partBytes])
    }
    socket = client
    try ServerThread(on: point.otherCPU) { try? answer(server, count: all) }
    for _ in 0..<warmUp { _ = try askAtOnce(self) }
  }

  deinit {
    socket.end()
    bytes.deallocate()
  }
}

private let partBytes = 64
/// Requests after which the kernel takes the connection for an interactive one.
private let warmUp = 64

@inline(never)
private func askInParts(_ call: Call) throws -> UInt64 {
  for part in call.parts { try call.socket.send(part) }
  return try call.socket.receiveWord()
}

@inline(never)
private func askAtOnce(_ call: Call) throws -> UInt64 {
  try call.socket.send(gathering: call.parts)
  return try call.socket.receiveWord()
}
