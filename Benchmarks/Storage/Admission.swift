import Disks
import Harness
import Platform
import Results

extension Experiment {
  /// A storage server near its limit: every request queued, or admission bounded.
  static let admission = Experiment(
    id: "storage/admission",
    title: "A storage server near its limit: an unbounded queue → bounded admission",
    slot: "performance/storage/analysis",
    claim: """
      At 130% of its capacity a server that queues every request soon answers none in time; one that \
      rejects what would wait too long keeps answering nearly at capacity. Below about 90% the bound \
      rejects next to nothing and changes nothing.
      """,
    mechanism: """
      Above capacity a queue grows by (load − 1) requests per service time, for as long as the load \
      lasts, and each request waits for all that came before: after the first that is late, all are. \
      The device works at full speed on responses that nobody waits for any more. With at most 48 \
      requests in the server, one more waits for 48 services at most; what comes beyond is rejected \
      at once, and can be tried elsewhere. Goodput is the share of the requests that was offered and \
      was answered within 80 service times. Load and deadline are in units of the capacity that each \
      process measures beforehand.
      """,
    limits: """
      Rejection helps only if a client that is rejected does not simply try again at once: with \
      retries without a budget the load only grows. A bound that is too small rejects bursts that \
      could have been served; one as long as the deadline divided by the service time is the longest \
      that makes sense. The share of an unbounded queue depends on how long the overload lasts: here \
      1,200 requests. Requests are direct reads of 64 KiB, four at a time.
      """,
    diagram: """
      flowchart LR
        load["requests at {point}"] --> q["queue without end: {unbounded}"]
        load --> b["at most 48: {bounded}"]
        b -. "rejected" .-> back["client"]
        q -- "{speedup}" --> b
      """,
    sweep: .count("load", [90, 130], smoke: 90, label: { "\($0)% of capacity" }),
    metric: .share("goodput", lowerIsBetter: false),
    signals: ["p99 response time", "rejected"],
    needs: [.disk(bytes: BlockReads.needed), .ring], tolerates: [.preempted],
    work: { _ in Work(elements: 1, each: "window") },
    variants: [
      Variant(
        "unbounded", shows: ["serveAll"], prepare: { try StorageServer($0) },
        report: { $0.report() }, run: { server in attempt { try serveAll(server) } }),
      Variant(
        "bounded", shows: ["serveAdmitted"], prepare: { try StorageServer($0) },
        report: { $0.report() }, run: { server in attempt { try serveAdmitted(server) } }),
    ],
    headline: DeclaredHeadline(value: 130, variant: "bounded"),
    model: { question throws(MissingNumber) in
      let load = Double(question.value) / 100
      if question.isBaseline {
        // Fluid: late from when the backlog has grown to the deadline.
        let inTime = load > 1 ? StorageServer.deadline / (load - 1) * load : .infinity
        let share = min(1, inTime / Double(StorageServer.requests))
        return Model(
          Term<Percent>.exactly(100 * share).named("until the backlog is the deadline"),
          per: .metric)
      }
      return Model(
        Term<Percent>.exactly(100 * min(1, 1 / load)).named("capacity ÷ load"), per: .metric)
    })
}

/// - Returns: how many sectors of a request are right in the mean.
@inline(never)
private func serveAll(_ server: StorageServer) throws -> UInt64 {
  try server.serve { _ in true }
}

@inline(never)
private func serveAdmitted(_ server: StorageServer) throws -> UInt64 {
  try server.serve { inside in inside < 48 }
}
