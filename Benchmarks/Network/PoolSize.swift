import Harness
import LoadBenches
import Results
import Statistics
import Systems

extension Experiment {
  /// Requests that wait for a connection of a pool.
  static let poolSize = Experiment(
    id: "network/pool-size",
    title: "A connection pool with one spare connection → sized for the wait",
    slot: "performance/network/analysis",
    claim: """
      A pool with one connection more than Little's law needs on average makes requests wait for \
      several service times at p99; one and a half times the square root of that number as a \
      reserve makes the wait several times shorter. More connections than that have nothing left to cut.
      """,
    mechanism: """
      The arrival rate times the service time is the number of connections in use on average \
      (Little's law), the load in Erlangs. Requests that find none free queue in the client. A pool \
      of c connections is an M/M/c queue, whose wait at p99 is ln(C ÷ 0.01) ÷ (cμ − λ), C being the \
      probability to wait at all (Erlang C). A request is served for an exponential time of 1 ms on \
      average, and has its connection for that time and the way there and back. The wait is counted \
      from the time at which a request is due until it gets a connection.
      """,
    limits: """
      This server serves any number of requests at once. A real one has a limit: beyond it a larger \
      pool only moves the queue into the server, where it costs memory and context switches and the \
      pool's gauges don't show it. Then that limit, divided by the number of clients, is the size.
      """,
    diagram: """
      flowchart LR
        subgraph before["one spare connection: {one spare connection}"]
          direction LR
          r0["requests"] --> w0["queue in the client"] --> p0["pool: load + 1"]
        end
        subgraph after["sized for the wait: {sized for the wait}, ten times: {ten times the load}"]
          direction LR
          r1["requests"] --> p1["pool: load + 1.5 √load"]
        end
        before -- "{speedup} at a load of {point}" --> after
      """,
    sweep: .count("load", [4], smoke: 4, label: { "\($0) Erlangs" }),
    metric: .percentile(99, of: "wait for a connection", unit: .nanoseconds),
    needs: [.cores(2)], tolerates: loadTolerates,
    work: {
      Work(elements: Double($0) * (warmUp + window) * 1e9 / serviceNanoseconds, each: "request")
    },
    variants: [
      pool("one spare connection") { $0 + 1 }, pool("sized for the wait", size: sized),
      pool("ten times the load", isReference: true) { 10 * $0 },
    ],
    headline: DeclaredHeadline(value: 4, variant: "sized for the wait"),
    model: { question throws(MissingNumber) in
      guard question.variant != "ten times the load" else { return nil }
      let size = question.isBaseline ? question.value + 1 : sized(question.value)
      // A connection is in use until the client knows that it is free: the server is woken by the
      // request and by the end of the service, the client by the response.
      let way = try question.time("tcp.round.trip") + (try question.time("futex.wake"))
      let use = .exactly(serviceNanoseconds) + way
      let load = Double(question.value) * use.value / serviceNanoseconds
      let uses = Erlang.wait(at: 0.99, servers: size, load: load)
      return Model((uses * use).named("Erlang C"), per: .metric)
    })
}

private let serviceNanoseconds = 1e6
private let (warmUp, window) = (0.03, 0.28)  // seconds

/// Little's law and a reserve in proportion to the standard deviation of the connections in use,
/// which is the square root of their mean.
@Sendable private func sized(_ load: Int) -> Int {
  load + Int((1.5 * Double(load).squareRoot()).rounded())
}

private func pool(
  _ name: String, isReference: Bool = false, size: @escaping @Sendable (Int) -> Int
) -> Variant {
  Variant(
    load: name, isReference: isReference, shows: ["PooledRequests"],
    prepare: { try PooledClient($0, size: size($0.value), service: serviceNanoseconds) },
    observe: { $0.waits },
    run: { servePooled($0) })
}

/// A request that finds no free connection waits for one, first come, first served.
private final class PooledRequests: LoadPolicy {
  private let demands: [UInt64]
  private(set) var waits: [Int] = []
  private var waiting: [Int] = []
  private var first = 0

  init(_ demands: [UInt64]) { self.demands = demands }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    if exchange.freeConnections(of: 0) == 0 { return waiting.append(request) }
    try send(request, on: exchange)
  }

  func receive(_ answer: Answer?, to attempt: Attempt, on exchange: Exchange) throws(LoadError) {
    exchange.finish(attempt.request, answer)
    guard first < waiting.count else { return }
    first += 1
    try send(waiting[first - 1], on: exchange)
  }

  private func send(_ request: Int, on exchange: Exchange) throws(LoadError) {
    if exchange.isRecorded(request) { waits.append(Int(exchange.now - exchange.due[request])) }
    try exchange.send(request, demand: demands[request])
  }
}

/// Returns 0 where every response echoes its request. Of a void load nothing counts.
private func servePooled(_ client: PooledClient) -> UInt64 {
  let arrivals = client.arrivals(rate: client.rate, seconds: warmUp + window)
  let demands = client.demands(.exponential(mean: serviceNanoseconds), arrivals.times.count)
  let (result, policy) = client.serve(arrivals, warmUp: warmUp) { PooledRequests(demands) }
  for wait in policy.waits { client.waits.record(wait) }
  return result.digest &- EchoProtocol().echoDigest(of: demands)
}
