import Harness
import LoadBenches
import Results
import Systems

extension Experiment {
  /// What a closed and an open loop report of a server that stalls.
  static let coordinatedOmission = Experiment(
    id: "network/coordinated-omission",
    title: "Reported p99 of a server that stalls: closed loop → open loop",
    slot: "performance/network/analysis",
    claim: """
      A closed-loop client reports a p99 that hides a regular stall almost completely, since it \
      sends nothing while it waits; an open loop that counts latency from the intended start \
      reports the p99 that arriving requests have. The closed loop is right only where the stall \
      takes less than 1% of the time.
      """,
    mechanism: """
      The server serves each request in 0.3 ms and does nothing during a stall of some milliseconds \
      in every 100 ms. Requests that arrive on a schedule meet the stall as often as its share of \
      the time, so 1% of them wait for longer than the stall minus 1% of the period. A client that \
      waits for each response before it sends the next request meets the stall once in a period, \
      which is one of some 250 requests: below the 99th percentile. The metric is the reported p99 \
      as a share of the true one.
      """,
    limits: """
      The open loop needs as many connections as requests can arrive during a stall, and a load that \
      the server can carry. A closed loop is right where users do wait for each other's responses, \
      as in a batch of calls; it then measures another system. Correcting recorded figures afterwards \
      assumes a schedule that was not kept.
      """,
    diagram: """
      flowchart LR
        subgraph before["closed loop: {closed loop}"]
          direction LR
          u["client waits"] -- "1 request per stall" --> s0["server stalls for {point}"]
        end
        subgraph after["open loop: {open loop}"]
          direction LR
          t["schedule: 10,000/s"] -- "all requests of the stall" --> s1["server stalls for {point}"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("stall", [3, 10], smoke: 3, label: { "\($0) ms" }),
    metric: .reported("share of the true p99", unit: .share, lowerIsBetter: false),
    signals: ["requests"],
    needs: [.cores(2)],
    tolerates: loadTolerates,
    work: { _ in Work(elements: 1, each: "window") },
    variants: [
      Variant(
        load: "closed loop", shows: ["closedLoop"], prepare: { try StallingServer($0) },
        observe: nil, run: { closedLoop($0) }),
      Variant(
        load: "open loop", shows: ["openLoop"], prepare: { try StallingServer($0) },
        observe: nil, run: { openLoop($0) }),
    ],
    model: { question throws(MissingNumber) in
      let truth = Ratio.exactly(trueP99(ofStall: question.value))
      guard question.isBaseline else {
        return Model((100 * (truth / truth)).named("the p99 of all requests"), per: .metric)
      }
      // The client sleeps until the response arrives, and the server until the request does and
      // until the service is over.
      let wakes = (3 * (try question.time("futex.wake"))).named("wake-ups")
      let served = Time.exactly(serviceNanoseconds).named("service")
      return Model(100 * ((served + wakes) / Time.exactly(truth.value)), per: .metric)
    })
}

private let serviceNanoseconds = 300_000.0
private let periodMilliseconds = 100
/// The first ones of each window, whose responses must be the same.
private let comparedRequests = 5

/// Nanoseconds that 1% of the requests exceed which arrive at any time with the same probability.
private func trueP99(ofStall milliseconds: Int) -> Double {
  (Double(milliseconds) - 0.01 * Double(periodMilliseconds)) * 1e6 + serviceNanoseconds
}

private final class StallingServer: LoadedServers {
  private let truth: Double

  init(_ point: Point) throws {
    truth = trueP99(ofStall: point.value)
    let stall = Stall(
      period: UInt64(periodMilliseconds) * 1_000_000, length: UInt64(point.value) * 1_000_000)
    let behaviour = Behaviour(service: .drawn(.constant(serviceNanoseconds)), stall: stall)
    try super.init(point, [behaviour], connections: 200)
    // The loops send different numbers of requests.
    exchange.digested = comparedRequests
  }

  func note(_ result: LoadResult) -> UInt64 {
    let p99 = Double(result.latency(at: 0.99) ?? 0)
    report["share of the true p99"] = Counter(100 * p99 / truth, unit: .share)
    report["requests"] = Counter(Double(result.answered), unit: .count)
    return result.digest
  }
}

private func closedLoop(_ server: StallingServer) -> UInt64 {
  let seconds = server.shortened(Double(periodMilliseconds) / 1e3)
  let client = ClosedLoop(users: 1, seconds: seconds, least: comparedRequests, seed: 1)
  return server.note(
    server.figures { () throws(LoadError) in (try client.run(on: server.exchange), ()) }.result)
}

private func openLoop(_ server: StallingServer) -> UInt64 {
  let arrivals = Arrivals.constant(
    rate: LoadBench.rate(10_000), seconds: server.shortened(Double(periodMilliseconds) / 1e3))
  return server.note(server.serve(arrivals) { SendOnce() }.result)
}
