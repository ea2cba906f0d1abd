import Harness
import Results
import Systems
import Techniques

extension Experiment {
  /// A balancer that compares two servers, beside random and cyclic assignment.
  static let twoChoices = Experiment(
    id: "network/two-choices",
    title: "Eight servers behind a balancer: random, round robin → the less loaded of two",
    slot: "performance/network/balancing",
    claim: """
      Sending each request to the less loaded of two randomly drawn servers cuts the p99 response \
      time to about a third of random assignment at 80% utilisation; at low load the choice matters \
      little, since there are few queues to avoid.
      """,
    mechanism: """
      Each server serves one request at a time, for an exponential time of 0.3 ms on average. Random \
      assignment makes each server an M/M/1 queue. Round robin evens out the arrivals, but not the \
      service times. Of two queues the shorter one is rarely long: the share of servers with at \
      least k requests falls as ρ^(2^k − 1) instead of ρ^k. The client balances by the number of \
      its own outstanding requests. Servers and client run on a processor each; a server waits by \
      timer, so that eight of them share an event loop.
      """,
    limits: """
      A single client knows all outstanding requests; several balancers know only their own, and \
      comparing two avoids that all of them choose the same server. Where all requests take equally \
      long, round robin is nearly as good. Servers of different speed need weights.
      """,
    diagram: """
      flowchart LR
        subgraph before["random: {random}, round robin: {round robin}"]
          direction LR
          c0["client"] --> s0["any server"] --> q0["some long queues"]
        end
        subgraph after["least of two: {least of two}"]
          direction LR
          c1["client"] -- "compares 2 of 8" --> s1["the shorter queue"]
        end
        before -- "{speedup} at {point} utilisation" --> after
      """,
    sweep: .count("utilisation", [50, 80], smoke: 50, label: { "\($0)%" }),
    metric: .percentile(99, of: "response time", unit: .nanoseconds),
    needs: [.cores(2)],
    tolerates: [.preempted],
    work: { Work(elements: Double($0) / 100 * rateAtFull * (warmUp + window), each: "request") },
    variants: [
      balanced("random") { input in
        var random = input.generator()
        return { _ in Int.random(in: 0..<count, using: &random) }
      },
      balanced("round robin") { _ in
        var last = 0
        return { _ in
          last = (last + 1) % count
          return last
        }
      },
      balanced("least of two") { input in
        var random = input.generator()
        return { exchange in
          LeastOfTwo.choose(among: count, using: &random) { exchange.outstanding[$0] }
        }
      },
    ],
    headline: DeclaredHeadline(value: 80, variant: "least of two"),
    model: { question throws(MissingNumber) in
      let load = Double(question.value) / 100
      let services: Double =
        switch question.variant {
        case "random": Queues.response(at: 0.99, utilisation: load)
        case "round robin": Queues.roundRobin(at: 0.99, utilisation: load, servers: count)
        default: Queues.leastOfTwo(at: 0.99, utilisation: load)
        }
      // The event loop is woken by the request and by the end of the service.
      let wakes = (2 * (try question.time("futex.wake"))).named("wake-ups of the server")
      return Model(
        (services * Time.exactly(serviceNanoseconds)).named("service and queue") + wakes,
        per: .metric)
    })
}

private let count = 8
private let serviceNanoseconds = 300_000.0
private let rateAtFull = Double(count) * 1e9 / serviceNanoseconds
/// Seconds in which the queues become as long as they stay, and seconds that count.
private let (warmUp, window) = (0.04, 0.08)

private final class EightServers: LoadedServers {
  let rate: Double

  init(_ point: Point) throws {
    rate = rateAtFull * Double(point.value) / 100
    let behaviours = [Behaviour](repeating: Behaviour(places: 1), count: count)
    try super.init(point, behaviours, connections: 80)
  }
}

/// - Parameter choice: makes the function that chooses a server for each request.
private func balanced(
  _ name: String, choice: @escaping @Sendable (EightServers) -> (Exchange) -> Int
) -> Variant {
  Variant(load: name, shows: ["serveBalanced"], prepare: { try EightServers($0) }) {
    serveBalanced($0, choice)
  }
}

/// Returns 0 where every response is the echo of its request.
private func serveBalanced(
  _ servers: EightServers, _ choice: (EightServers) -> (Exchange) -> Int
) -> UInt64 {
  let arrivals = servers.arrivals(rate: servers.rate, seconds: warmUp + window)
  let demands = servers.demands(.exponential(mean: serviceNanoseconds), arrivals.times.count)
  let result = servers.serve(arrivals, warmUp: warmUp) {
    Balancing(demands: demands, choose: choice(servers))
  }
  return result.digest &- EchoProtocol().echoDigest(of: demands)
}
