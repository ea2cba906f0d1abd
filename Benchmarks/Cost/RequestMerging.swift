import Harness
import Results

extension Experiment {
  /// Messages to a queue that charges for requests: one by one, or in batches.
  static let requestMerging = Experiment(
    cost: "request-merging", "network/gateway",
    title: "Messages to a queue: one a request → ten a request",
    claim: """
      Batches of ten save nine tenths of a queue's bill while messages are below about 6 KB; \
      messages of 64 KB save nothing, since a request is billed for each 64 KB that it carries.
      """,
    mechanism: """
      The queue bills requests, and takes ten messages in one of up to 256 KB. A request of more \
      than 64 KB counts as several. So a batch of small messages costs as much as one of them, and \
      a batch of large ones as much as they do by themselves. The processor time of sending falls \
      as well: a request has its system calls, its encryption and its headers once.
      """,
    limits: """
      A batch waits until it is full or until its time is over; at low rates that is latency for \
      nothing. A batch can fail in part. Receiving and deleting are requests too, and can be batched \
      in the same way: three requests a message are counted.
      """,
    diagram: """
      flowchart LR
        subgraph before["one each: {one each}"]
          m0["messages of {point}"] --> q0["a request each"]
        end
        subgraph after["batches: {batches}"]
          m1["messages of {point}"] --> b1["up to ten"] --> q1["a request"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .bytes(
      "message", [256, 1 << 10, 4 << 10, 16 << 10, 48 << 10, 128 << 10], smoke: 4 << 10),
    rule: RuleOfThumb(
      "batches cut the bill to a tenth", source: "provider's documentation of the queue"),
    options: [
      option(
        "one each", code: "queued",
        bill: { size, q throws(MissingNumber) in
          try queued(size, batch: 1, q)
        }),
      option(
        "batches", code: "queued",
        bill: { size, q throws(MissingNumber) in
          try queued(size, batch: min(10, max(1, (262_144 / size).rounded(.down))), q)
        }),
    ])
}

/// A thousand messages a second, each sent, received and deleted.
private let messages = Term<PerSecond>.exactly(1_000).perMonth

private func queued(
  _ size: Double, batch: Double, _ question: Question
) throws(MissingNumber) -> Bill {
  let full = batch * Ratio.assumed("messages in a batch over its capacity", 0.9, in: 0.4...1)
  let carried = batch == 1 ? Ratio.exactly(1) : longest(full, .exactly(1))
  let pieces = (carried * .exactly(size / 65_536)).roundedUp
  let billed = Term<Requests>(messages.count * pieces / carried)
  let sent = Term<Requests>(messages.count / carried)
  let each = Time.assumed("CPU of a request", 0.1e6, in: 0.03e6...0.5e6)
  return (3 * (try Provider.aws.price("queue.request") * billed)).named("requests")
    + (try cores(3 * (sent * each))).named("CPU of requests")
}
