import Harness
import LoadBenches
import Results
import Statistics
import Systems
import Techniques

extension Experiment {
  /// Goodput through and after a short overload.
  static let retryBudget = Experiment(
    id: "network/retry-budget",
    title: "Three retries for each request → a budget of one retry for ten requests",
    slot: "performance/network/balancing",
    claim: """
      Where three retries multiply the load beyond the capacity, (1 + 3) ρ > 1, a short overload \
      never ends: the server goes on serving requests that were given up. With a budget of 10% and \
      jittered backoff it recovers by itself. Where four times the load still fits, as at 20% \
      utilisation, both recover in the end; the budget saves part of the time until then.
      """,
    mechanism: """
      The server needs 0.2 ms for a request and has a queue of 50; the client gives up after 4 ms. \
      For 16 ms, requests arrive at twice the capacity above the usual load, and the queue becomes \
      full. From then on a request waits for 10 ms, which is too long: it is sent again while the \
      first copy is still in the queue. With three retries four times the load keeps the queue full, \
      and no response is in time: a metastable failure (Bronson et al., HotOS 2021). A budget allows \
      retries for a tenth of the requests, so that the load stays below the capacity and the queue \
      empties. Counted are the responses in time, as a share of all requests of 120 ms.
      """,
    limits: """
      A budget limits the damage of retries, not of the overload itself: that takes load shedding. \
      A server that drops requests whose client has given up recovers sooner. For rare independent \
      failures, retries are right, and a budget of 10% allows nearly all of them.
      """,
    diagram: """
      flowchart LR
        subgraph before["three retries: {three retries}"]
          direction LR
          c0["client, {point}"] -- "up to 4 copies" --> q0["full queue: all too late"]
        end
        subgraph after["budget of 10%: {budget of 10%}"]
          direction LR
          c1["client, {point}"] -- "at most 1.1 copies" --> q1["queue empties"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("utilisation", [20, 70], smoke: 20, label: { "\($0)%" }),
    metric: .share("responses in time", lowerIsBetter: false),
    signals: ["requests sent"],
    needs: [.cores(2)], tolerates: loadTolerates,
    work: { _ in Work(elements: 1, each: "window") },
    variants: [
      Variant(
        load: "three retries", shows: ["Retrying"], prepare: { try OverloadedServer($0) },
        observe: nil, run: { surviveOverload($0, hasBudget: false) }),
      Variant(
        load: "budget of 10%", shows: ["Retrying"], prepare: { try OverloadedServer($0) },
        observe: nil, run: { surviveOverload($0, hasBudget: true) }),
    ],
    headline: DeclaredHeadline(value: 70, variant: "budget of 10%"),
    model: { question throws(MissingNumber) in
      let load = Double(question.value) / 100
      // A fluid: the queue grows until a response takes too long, and shrinks from full until it
      // does not.
      let late = milliseconds(of: patience) / (load + burst - 1)
      let copies = question.isBaseline ? 4.0 : 1.1
      let full = Double(queue) * milliseconds(of: service)
      let remaining = length - burstEnd
      let recovery =
        copies * load < 1 ? (full - milliseconds(of: patience)) / (1 - copies * load) : remaining
      let usual = load * (burstStart + max(0, remaining - recovery))
      let answered = Ratio.exactly(usual + (load + burst) * late).named("requests in time")
      let asked = Ratio.exactly(load * length + burst * (burstEnd - burstStart)).named(
        "all requests")
      return Model(100 * (answered / asked), per: .metric)
    })
}

private let (service, patience): (UInt64, UInt64) = (200_000, 4_000_000)
private let queue = 50
/// Milliseconds.
private let (burstStart, burstEnd, length) = (24.0, 40.0, 120.0)
/// Of the capacity, on top of the usual load.
private let burst = 2.0

private func milliseconds(of nanoseconds: UInt64) -> Double { Double(nanoseconds) / 1e6 }

private final class OverloadedServer: LoadedServers {
  private let load: Double

  init(_ point: Point) throws {
    load = Double(point.value) / 100
    let service = Behaviour.Service.drawn(.constant(Double(service)))
    try super.init(
      point, [Behaviour(service: service, places: 1, queue: queue)], connections: 300)
    // Until the burst is over.
    rehearsal = burstEnd / length
  }

  /// The usual load, and the burst.
  func loadWithBurst() -> Arrivals {
    let capacity = 1e9 / Double(service)
    let usual = arrivals(rate: load * capacity, seconds: length / 1e3)
    let extra = arrivals(
      rate: burst * capacity, seconds: (burstEnd - burstStart) / 1e3, stream: 1)
    return Arrivals(
      recorded: usual.times + extra.times.map { $0 + UInt64(burstStart * 1e6) },
      duration: usual.duration)
  }
}

/// Sends a request again that has no response in time, at most three times.
private final class Retrying: LoadPolicy {
  private var budget: RetryBudget?
  private var random: SeededGenerator
  private var copies: [Int]
  /// Changes whenever a copy is sent or given up, so that its response and its timer are stale.
  private var turn: [Int]
  private let backoff = Backoff(base: patience, longest: 4 * patience)

  init(requests: Int, budget: RetryBudget?, random: SeededGenerator) {
    (self.budget, self.random) = (budget, random)
    copies = [Int](repeating: 0, count: requests)
    turn = copies
  }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    budget?.request()
    try send(request, on: exchange)
  }

  func receive(_ answer: Answer?, to attempt: Attempt, on exchange: Exchange) throws(LoadError) {
    guard attempt.tag == turn[attempt.request] else { return }
    if answer?.status == .succeeded { return exchange.finish(attempt.request, answer) }
    try retry(attempt.request, on: exchange)
  }

  /// The time of a copy is over, or the backoff before the next, which has an odd turn.
  func wake(_ number: Int, on exchange: Exchange) throws(LoadError) {
    let request = number >> 4
    guard number & 15 == turn[request], !exchange.isFinished(request) else { return }
    if turn[request] % 2 == 1 {
      try send(request, on: exchange)
    } else {
      try retry(request, on: exchange)
    }
  }

  private func retry(_ request: Int, on exchange: Exchange) throws(LoadError) {
    guard copies[request] < 4, budget?.takeRetry() ?? true else {
      turn[request] += 1
      return exchange.finish(request, nil)
    }
    guard budget != nil else { return try send(request, on: exchange) }
    turn[request] += 1
    let pause = backoff.delay(before: copies[request] - 1, using: &random)
    exchange.wake(request << 4 | turn[request], at: exchange.now + pause)
  }

  private func send(_ request: Int, on exchange: Exchange) throws(LoadError) {
    copies[request] += 1
    turn[request] = 2 * copies[request]
    try exchange.send(request, tag: turn[request])
    exchange.wake(request << 4 | turn[request], at: exchange.now + patience)
  }
}

/// Returns the requests of which nobody knows what became of them.
private func surviveOverload(_ server: OverloadedServer, hasBudget: Bool) -> UInt64 {
  let arrivals = server.loadWithBurst()
  let (result, _) = server.serve(arrivals) {
    Retrying(
      requests: arrivals.times.count, budget: hasBudget ? RetryBudget(share: 0.1) : nil,
      random: server.generator())
  }
  server.report["responses in time"] = Counter(
    100 * Double(result.answered) / Double(result.asked), unit: .share)
  server.report["requests sent"] = Counter(Double(result.sent), unit: .count)
  return UInt64(result.asked - result.answered - result.failed)
}
