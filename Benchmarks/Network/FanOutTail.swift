import Glibc
import Harness
import Results
import Statistics
import Systems
import Techniques

extension Experiment {
  /// A response that needs all of n servers.
  static let fanOutTail = Experiment(
    id: "network/fan-out-tail",
    title: "Waiting for all of n servers → a second request after the p95",
    slot: "performance/network/analysis",
    claim: """
      A response that needs all of 50 servers is as slow as the slowest 1% of theirs in four of ten \
      cases; sending what has no response after the p95 to a second server makes the p90 about \
      six times shorter for about 5% more load, and helps nothing where one server is asked.
      """,
    mechanism: """
      A server responds within 1 to 3 ms, and in 1% of the cases after 20 ms. With n servers the \
      chance that at least one is slow is 1 − 0.99ⁿ: 1% for one, 18% for 20, 39% for 50. Dean and \
      Barroso (*The Tail at Scale*, 2013) give 63% for 100. The hedged request waits until 95% of \
      all responses are there, then asks another server for what is missing, and takes the response \
      that comes first: both are slow in one case of 10,000. In their BigTable benchmark hedging cut \
      the p99.9 from 1,800 to 74 ms with 2% more requests.
      """,
    limits: """
      It helps where slowness belongs to a server or a moment, not where the request itself is slow \
      on every server, and only for requests that may be executed twice. Under overload, hedges add \
      load when there is none to spare: they need a budget. Sending everything twice at once doubles \
      the load.
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
    sweep: .count("servers", [1, 20, 50], smoke: 20),
    metric: .percentile(90, of: "response time", unit: .nanoseconds),
    signals: ["requests per fan-out"],
    needs: [.cores(2)],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(fanOuts), each: "response") },
    variants: [
      Variant(
        "wait for all", shows: ["FanOut"], prepare: { try FanOutServers($0) },
        report: { $0.report }, observe: { $0.latencies.taken() },
        run: { fanOut($0, hedged: false) }),
      Variant(
        "hedge after the p95", shows: ["FanOut"], prepare: { try FanOutServers($0) },
        report: { $0.report }, observe: { $0.latencies.taken() },
        run: { fanOut($0, hedged: true) }),
    ],
    headline: DeclaredHeadline(value: 50, variant: "hedge after the p95"),
    model: { question throws(MissingNumber) in
      let single = responseTime(share: 0.9, of: question.value, hedged: !question.isBaseline)
      // The server is woken by the request and by its own timer.
      let wakes = (2 * (try question.time("futex.wake"))).named("wake-ups of the server")
      // The requests leave one after the other: a system call, and the kernel's work in it.
      let sends = (Double(question.value) * (try question.time("futex.wake.call"))).named(
        "sending", because: "A request is at least a call that wakes a thread elsewhere.")
      return Model(
        Time.exactly(single).named("the slowest of all servers") + wakes + sends, per: .metric)
    })
}

private let fanOuts = 52
/// Requests to servers per second, however many a response needs.
private let rate = 20_000.0
private let (fastest, slowest, rare, rareShare) = (1e6, 3e6, 20e6, 0.01)
private let demand = Durations.mixed(
  usual: .uniform(fastest...slowest), rare: rare, share: rareShare)

/// Nanoseconds that a share of the responses does not exceed which need `count` servers.
private func responseTime(share: Double, of count: Int, hedged: Bool) -> Double {
  /// The share of one server's responses that are there after `time`.
  func isThere(_ time: Double) -> Double {
    let usual = min(1, max(0, (time - fastest) / (slowest - fastest)))
    return (1 - rareShare) * usual + (time >= rare ? rareShare : 0)
  }
  let p95 = fastest + 0.95 / (1 - rareShare) * (slowest - fastest)
  return 1e6
    * Queues.root { milliseconds in
      let time = milliseconds * 1e6
      let second = hedged ? isThere(time - p95) : 0
      return share - pow(1 - (1 - isThere(time)) * (1 - second), Double(count))
    }
}

private final class FanOutServers {
  let servers: LoadedServers
  let count: Int
  let seed: UInt64
  var call: UInt64 = 0
  var hedge = HedgeDelay(percentile: 0.95, initial: UInt64(slowest))
  let latencies = Recorder()
  var report: [String: Counter] = [:]

  init(_ point: Point) throws {
    // Servers of one event loop: none of them has a queue, so that eight stand for any number.
    servers = try LoadedServers(
      on: point.cpus[1], [Behaviour](repeating: Behaviour(), count: 8), connections: 200,
      seed: point.seed)
    (count, seed) = (point.value, point.seed)
  }
}

/// Each request asks all servers, and is finished with their last response.
private final class FanOut: LoadPolicy {
  private let input: FanOutServers
  private let isHedged: Bool
  private let demands: [UInt64]
  private var missing: [Int]
  private var isThere: [Bool]

  init(_ input: FanOutServers, hedged: Bool) {
    (self.input, isHedged) = (input, hedged)
    demands = demand.draws(2 * fanOuts * input.count, seed: input.seed, stream: input.call)
    missing = [Int](repeating: input.count, count: fanOuts)
    isThere = [Bool](repeating: false, count: fanOuts * input.count)
  }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    for server in 0..<input.count {
      let part = request * input.count + server
      try send(part, again: false, on: exchange)
      if isHedged { exchange.wake(part, at: exchange.now + input.hedge.nanoseconds) }
    }
  }

  func wake(_ part: Int, on exchange: Exchange) throws(LoadError) {
    if !isThere[part] { try send(part, again: true, on: exchange) }
  }

  func receive(_ answer: Answer?, to attempt: Attempt, on exchange: Exchange) throws(LoadError) {
    let part = attempt.tag
    if !isThere[part] { input.hedge.record(exchange.now - attempt.sent) }
    guard !isThere[part] else { return }
    isThere[part] = true
    missing[attempt.request] -= 1
    if missing[attempt.request] == 0 { exchange.finish(attempt.request, answer) }
  }

  /// Missing responses at the end.
  var missingParts: Int { missing.reduce(0, +) }

  private func send(_ part: Int, again: Bool, on exchange: Exchange) throws(LoadError) {
    try exchange.send(
      part / input.count, demand: demands[again ? demands.count / 2 + part : part],
      to: (part + (again ? 1 : 0)) % 8, tag: part)
  }
}

/// Returns how many responses are missing.
@inline(never)
private func fanOut(_ input: FanOutServers, hedged: Bool) -> UInt64 {
  input.call += 1
  let each = LoadBench.rate(rate) / Double(input.count)
  var random = SeededGenerator(seed: input.seed, stream: input.call)
  let gaps = (0..<fanOuts).map { _ in 2 * Double.random(in: 0..<1, using: &random) / each }
  var time = 0.0
  let arrivals = Arrivals(
    recorded: gaps.map { gap in
      time += gap
      return UInt64(time * 1e9)
    })
  var policy = FanOut(input, hedged: hedged)
  let result = LoadBench.figures { () throws(LoadError) in
    policy = FanOut(input, hedged: hedged)
    return try OpenLoop(arrivals, tolerance: LoadBench.tolerance)
      .run(on: input.servers.exchange, by: policy)
  }
  for latency in result.latencies { input.latencies.record(latency) }
  input.report["requests per fan-out"] = Counter(
    Double(result.sent) / Double(fanOuts), unit: .count)
  return UInt64(policy.missingParts)
}
