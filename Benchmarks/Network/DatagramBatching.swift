import Harness
import Results
import Systems

extension Experiment {
  /// Datagrams of QUIC's size: one by one, in batches, as segments of one piece.
  static let datagramBatching = Experiment(
    id: "network/datagram-batching",
    title: "Datagrams: a system call each → sendmmsg → segmentation offload",
    slot: "performance/network/protocol",
    claim: """
      Sending and receiving UDP datagrams in batches saves only system calls, a small part of the \
      time, which the handling of a batch can cost again; segmentation offload, which passes a batch \
      through the kernel as one piece, makes them several times cheaper, the more so the larger the \
      batch.
      """,
    mechanism: """
      `sendmmsg` and `recvmmsg` enter the kernel once per batch, but each datagram is still \
      allocated, routed, filtered and queued by itself, which is most of the cost. With UDP_SEGMENT \
      the kernel takes one large buffer through its stack and cuts it at the end, in the adapter \
      where that can. With UDP_GRO the receiver gets datagrams of a sender joined again. On the \
      loopback nothing is cut at all. Sender and receiver are one thread here, so that the time is \
      that of both, without waiting.
      """,
    limits: """
      All datagrams of a piece have one size and one destination, and leave as a burst, which \
      switches with small buffers drop: QUIC paces pieces of a few datagrams. The loopback has no \
      adapter; one without the offload cuts in software, just before its driver, and still saves \
      most of the stack. Datagrams that arrive alone are not joined.
      """,
    diagram: """
      flowchart LR
        subgraph before["a call each: {a call each}"]
          direction LR
          u0["1,200 B"] -- "system call" --> k0["allocate, route, queue"]
        end
        batched["in batches of {point}: {sendmmsg}"]
        subgraph after["as segments: {segmentation offload}"]
          direction LR
          u1["{point} × 1,200 B"] -- "system call" --> k1["allocate, route, queue: once"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("batch", [4, 16, 48], smoke: 4),
    signals: ["system time"],
    work: { _ in Work(elements: Double(datagrams), each: "datagram") },
    variants: [
      Variant(
        "a call each", shows: ["passEach"], prepare: { try Wire($0) },
        run: { wire in orEnd { try passEach(wire) } }),
      Variant(
        "sendmmsg", shows: ["passBatches"], prepare: { try Wire($0) },
        run: { wire in orEnd { try passBatches(wire) } }),
      Variant(
        "segmentation offload", shows: ["passSegments"], prepare: { try Wire($0, joined: true) },
        run: { wire in orEnd { try passSegments(wire) } }),
    ],
    noYardstick: "Below the kernel's offload there is only a stack of one's own (DPDK, AF_XDP).",
    headline: DeclaredHeadline(value: 48, variant: "segmentation offload"),
    model: { question throws(MissingNumber) in
      let batch = Double(question.value)
      let trip = try question.time("udp.datagram")
      let calls = 2 * (try question.time("syscall"))
      let copies = 2 * (Size.exactly(Double(datagramBytes)) / (try question.bandwidth("memcpy.l2")))
      let read = copies.named("copies, in and out")
      switch question.variant {
      case "a call each":
        return Model((trip - calls).named("stack") + calls.named("system calls") + read)
      case "sendmmsg":
        return Model((trip - calls).named("stack") + (calls / batch).named("system calls") + read)
      default:
        return Model((try question.time("udp.piece") / batch).named("stack, once a piece") + read)
      }
    })
}

@inline(never)
private func passEach(_ wire: Wire) throws -> UInt64 {
  try wire.inBatches { batch, arrived in
    let places = stride(from: 0, to: batch.count, by: datagramBytes)
    for start in places {
      try wire.sender.send(UnsafeRawBufferPointer(rebasing: batch[start..<start + datagramBytes]))
    }
    for start in places {
      let place = arrived[start..<start + datagramBytes]
      _ = try wire.receiver.receive(UnsafeMutableRawBufferPointer(rebasing: place))
    }
  }
}

@inline(never)
private func passBatches(_ wire: Wire) throws -> UInt64 {
  try wire.inBatches { batch, arrived in
    try wire.sender.send(datagrams: batch, of: datagramBytes)
    _ = try wire.receiver.receive(datagrams: arrived, of: datagramBytes)
  }
}

@inline(never)
private func passSegments(_ wire: Wire) throws -> UInt64 {
  try wire.inBatches { batch, arrived in
    try wire.sender.send(segments: batch, of: datagramBytes)
    var received = 0
    while received < arrived.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: arrived[received...])
      received += try wire.receiver.receive(segments: rest).bytes
    }
  }
}
