import Harness
import Results

extension Experiment {
  /// What encryption adds to the bill of a service that sends data.
  static let encryption = Experiment(
    cost: "encryption", "operations/compliance",
    title: "Data sent to users: in clear → with TLS",
    claim: """
      Encryption adds less than a per cent to the bill of sending data on connections that carry some \
      hundred kilobytes; on short ones the bytes of the handshake cost more than all the cryptography.
      """,
    mechanism: """
      The cipher has instructions of its own and encrypts gigabytes a second, and a signature takes a \
      fraction of a millisecond once for each connection. A gigabyte of egress costs as much as hours \
      of a core, so that neither shows. What shows is egress itself: a full handshake sends \
      certificates of some kilobytes, more than many a response. A resumed session sends none.
      """,
    limits: """
      Keys in a managed service are charged by the use: one for each file or record costs more than \
      all of this. Encryption at rest by the provider's disks is free. A handshake also costs a \
      round trip, which users see: network/tls-resumption measures it.
      """,
    diagram: """
      flowchart LR
        subgraph before["clear: {clear}"]
          s0["server"] -- "{point}" --> u0["user"]
        end
        subgraph after["TLS: {TLS}"]
          h1["a handshake"] -.- s1["server"]
          s1 -- "{point}, cipher" --> u1["user"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes(
      "bytes of a connection", [1 << 10, 8 << 10, 64 << 10, 1 << 20, 16 << 20], smoke: 64 << 10),
    rule: RuleOfThumb(
      "TLS accounts for less than 1% of the CPU and 2% of the network",
      source: "Langley, Overclocking SSL, 2010, on Gmail"),
    options: [
      option("clear", code: "sent", bill: { size, _ throws(MissingNumber) in try sent(size) }),
      option("TLS", code: "encrypted", bill: encrypted),
    ])
}

/// Ten terabytes a month, and the processor time that goes with them anyway.
private let bytes = 10 * 0x1p40

private func sent(_ size: Double) throws(MissingNumber) -> Bill {
  let each = Time.assumed("CPU of a connection", 0.3e6, in: 0.1e6...2e6)
  let served = Term<Requests>.exactly(bytes / size) * each
  return (try Provider.aws.price("egress.10tb") * Size.exactly(bytes).moved).named("egress")
    + (try cores(served)).named("connections")
}

private func encrypted(_ size: Double, _ question: Question) throws(MissingNumber) -> Bill {
  let resumed = Ratio.assumed("share of the connections that are resumed", 0.5, in: 0.2...0.8)
  let handshake = (1 - resumed) * (try question.time("tls.sign.p256")) * 2.0
  let cipher = Size.exactly(bytes) / (try question.bandwidth("aes.gcm"))
  // A handshake's certificates, and a head and a tag for each record of 16 KiB.
  let extra = Size.exactly(bytes / size * 3_000) * 0.5 + Size.exactly(bytes / 16_384 * 22)
  return (try sent(size))
    + (try cores(Term<Requests>.exactly(bytes / size) * handshake)).named("handshakes")
    + (try cores(cipher)).named("cipher")
    + (try Provider.aws.price("egress.10tb") * extra.moved).named("bytes of TLS")
}
