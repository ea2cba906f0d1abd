import Harness
import LoadBenches
import Platform
import Results
import Systems
import Techniques

extension Experiment {
  /// A response that needs all of n servers.
  static let fanOutTail = Experiment(
    id: "network/fan-out-tail",
    title: "Waiting for all of n servers → a second request after the p95",
    slot: "performance/network/analysis",
    claim: """
      A response that needs all of 20 servers is as slow as the slowest 1% of theirs in two of ten \
      cases; sending what has no response after the p95 to a second server makes the p90 about \
      four times shorter for about 5% more load, and helps nothing where one server is asked.
      """,
    mechanism: """
      A server responds within 0.5 to 1.5 ms, and in 1% of the cases after 10 ms. With n servers the \
      chance that at least one is slow is 1 − 0.99ⁿ: 1% for one, 18% for 20. Dean and \
      Barroso (*The Tail at Scale*, 2013) give 63% for 100. The hedged request waits until 95% of \
      all responses are there, then asks another server for what is missing, and takes the response \
      that comes first. In their BigTable benchmark hedging cut p99.9 from 1,800 to 74 ms.
      """,
    limits: """
      It helps where slowness belongs to a server or a moment, not where the request itself is slow \
      on every server, and only for requests that may be executed twice. Under overload, hedges add \
      load when there is none to spare: they need a budget.
      """,
    diagram: """
      flowchart LR
        subgraph before["wait for all: {wait for all}"]
          direction LR
          c0["request"] --> s0["{point} servers"] --> m0["the slowest decides"]
        end
        subgraph after["hedge after the p95: {hedge after the p95}"]
          direction LR
          c1["request"] --> s1["{point} servers"] -- "no response after the p95" --> h1["another server"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("servers", [1, 20], smoke: 20),
    metric: .percentile(90, of: "response time", unit: .nanoseconds),
    signals: ["requests per fan-out"],
    needs: [.cores(2)], tolerates: loadTolerates,
    work: { _ in Work(elements: Double(fanOuts), each: "response") },
    variants: [
      Variant(
        load: "wait for all", shows: ["FanOut"], prepare: { try FanOutServers($0) },
        run: { fanOut($0, hedged: false) }),
      Variant(
        load: "hedge after the p95", shows: ["FanOut"], prepare: { try FanOutServers($0) },
        run: { fanOut($0, hedged: true) }),
    ],
    headline: DeclaredHeadline(value: 20, variant: "hedge after the p95"),
    model: { question throws(MissingNumber) in
      let single = Queues.slowest(
        of: question.value, at: 0.9, usual: fastest...slowest, rare: rare, share: rareShare,
        hedgedAt: question.isBaseline ? nil : 0.95)
      // The server is woken by the request and by its own timer.
      let wakes = (2 * (try question.time("futex.wake"))).named("wake-ups of the server")
      // The requests leave one after the other, each with a call that wakes a thread elsewhere.
      let sends = (Double(question.value) * (try question.time("futex.wake.call"))).named("sending")
      return Model(
        Time.exactly(single).named("the slowest of all servers") + wakes + sends, per: .metric)
    })
}

private let fanOuts = 52
private let rate = 30_000.0
private let (fastest, slowest, rare, rareShare) = (0.5e6, 1.5e6, 10e6, 0.01)
private let demand = Durations.mixed(
  usual: .uniform(fastest...slowest), rare: rare, share: rareShare)

/// Each request asks all servers, and is finished with their last response.
private final class FanOut: LoadPolicy {
  private let count: Int
  private let demands: [UInt64]
  private var hedge: HedgeDelay?
  var parts: FanOutParts

  init(_ servers: FanOutServers, requests: Int, hedged: Bool) {
    count = servers.count
    demands = servers.demands(demand, 2 * requests * count)
    hedge = hedged ? HedgeDelay(percentile: 0.95, initial: UInt64(slowest)) : nil
    parts = FanOutParts(requests: requests, count: count)
  }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    for part in request * count..<(request + 1) * count {
      try exchange.send(request, demand: demands[part], to: part % 8, tag: part)
      // From when this part left: those before it took their time.
      if let hedge { exchange.wake(part, at: Clock.now() + hedge.nanoseconds) }
    }
  }

  func wake(_ part: Int, on exchange: Exchange) throws(LoadError) {
    guard !parts.isThere(part) else { return }
    let demand = demands[demands.count / 2 + part]
    try exchange.send(part / count, demand: demand, to: (part + 1) % 8, tag: part)
  }

  func receive(_ answer: Answer?, to attempt: Attempt, on exchange: Exchange) throws(LoadError) {
    guard !parts.isThere(attempt.tag) else { return }
    hedge?.record(exchange.now - attempt.sent)
    if parts.complete(attempt.tag) { exchange.finish(attempt.request, answer) }
  }
}

/// Returns how many responses are missing.
private func fanOut(_ servers: FanOutServers, hedged: Bool) -> UInt64 {
  let each = rate / Double(servers.count)
  let arrivals = servers.arrivals(rate: each, seconds: 3 * Double(fanOuts) / LoadBench.rate(each))
  let times = Array(arrivals.times.prefix(Int(servers.shortened(Double(fanOuts)))))
  let (result, policy) = servers.serve(Arrivals(recorded: times)) {
    FanOut(servers, requests: times.count, hedged: hedged)
  }
  servers.report["requests per fan-out"] = Counter(
    Double(result.sent) / Double(max(1, times.count)), unit: .count)
  return UInt64(policy.parts.missing)
}
