import Harness
import Results
import Systems

extension Experiment {
  /// Messages of 64 bytes over TCP: each sent by itself, and collected first.
  static let sendSize = Experiment(
    id: "network/send-size",
    title: "Small messages over TCP: a send per message → collected in a buffer",
    slot: "performance/network/analysis",
    claim: """
      A stream of 64-byte messages is many times faster when they are collected in a buffer and \
      sent 4 KiB at a time; beyond 64 KiB per send nothing more is gained, because by then copying \
      is the cost.
      """,
    mechanism: """
      Each send is a system call and a trip through TCP, down to a segment that is handed to the \
      receiver. That costs about as much for 64 bytes as for several KiB. Collecting costs one copy \
      of 64 bytes in user space. Nagle's algorithm is off in both variants, as it is in most \
      servers. The receiver reads up to 64 KiB at a time and \
      sums what arrived; it shares the sender's processor, so that the time is that of both. The symptom is the number of system calls per byte (`strace -c`), and system time.
      """,
    limits: """
      A message waits in the buffer until it is full: flush it when there is nothing more to send. \
      Where a message is already larger than 64 KiB, nothing is gained. A receiver on \
      another processor may have to be woken for each small send, which costs the sender more than \
      the send itself. A real network adapter \
      segments by itself what is sent in large pieces, so that large sends save more there.
      """,
    diagram: """
      flowchart LR
        subgraph before["a send per message: {a send per message}"]
          direction LR
          m0["64 B"] -- "system call, TCP" --> r0["receiver"]
        end
        subgraph after["collected: {collected}"]
          direction LR
          m1["64 B"] -- "copy" --> b1["buffer: {point}"] -- "system call, TCP" --> r1["receiver"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes("buffer", [1 << 10, 8 << 10, 64 << 10], smoke: 1 << 10),
    signals: ["system time"],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(streamBytes / messageBytes), each: "message") },
    variants: [
      Variant(
        "a send per message", shows: ["sendEach"], prepare: { try Stream($0) },
        run: { stream in orEnd { try sendEach(stream) } }),
      Variant(
        "collected", shows: ["sendCollected"], prepare: { try Stream($0) },
        run: { stream in orEnd { try sendCollected(stream) } }),
    ],
    noYardstick: "The limit is the copy of the bytes, which the largest buffer comes close to.",
    headline: DeclaredHeadline(value: 64 << 10, variant: "collected"),
    model: { question throws(MissingNumber) in
      let size = Double(question.isBaseline ? messageBytes : question.value)
      let messages = size / Double(messageBytes)
      let call = try question.time("tcp.send") / messages
      let copy = Size.exactly(Double(messageBytes)) / (try question.bandwidth("tcp.stream"))
      // Only once, after the last message.
      let reply = try question.time("tcp.round.trip.local") / Double(streamBytes / messageBytes)
      return Model(
        call.named("system call and TCP") + copy.named("copy into the kernel and out")
          + reply.named("reply"))
    })
}

private let messageBytes = 64
private let streamBytes = 512 << 10

/// A connection, and a thread that receives `streamBytes` at a time and answers with their sum.
private final class Stream {
  let socket: Socket
  let bytes: [UInt8]
  let buffer: UnsafeMutableRawBufferPointer

  init(_ point: Point) throws {
    let (client, server) = try Socket.pair(options: [.noDelay(true)])
    (socket, bytes) = (client, point.bytes(streamBytes))
    buffer = .allocate(byteCount: point.value, alignment: 64)
    try ServerThread(on: point.cpus[0]) { try? answer(server, count: streamBytes) }
  }

  deinit {
    socket.end()
    buffer.deallocate()
  }
}

@inline(never)
private func sendEach(_ stream: Stream) throws -> UInt64 {
  try stream.bytes.withUnsafeBytes { bytes in
    for start in stride(from: 0, to: bytes.count, by: messageBytes) {
      try stream.socket.send(UnsafeRawBufferPointer(rebasing: bytes[start..<start + messageBytes]))
    }
  }
  return try stream.socket.receiveWord()
}

@inline(never)
private func sendCollected(_ stream: Stream) throws -> UInt64 {
  let buffer = stream.buffer
  var filled = 0
  try stream.bytes.withUnsafeBytes { bytes in
    for start in stride(from: 0, to: bytes.count, by: messageBytes) {
      (buffer.baseAddress! + filled).copyMemory(
        from: bytes.baseAddress! + start, byteCount: messageBytes)
      filled += messageBytes
      if filled == buffer.count {
        try stream.socket.send(UnsafeRawBufferPointer(buffer))
        filled = 0
      }
    }
  }
  return try stream.socket.receiveWord()
}
