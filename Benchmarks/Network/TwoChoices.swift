import Harness
import Results
import Statistics
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
      balanced("random") { Int.random(in: 0..<servers, using: &$1.random) },
      balanced("round robin") { _, state in
        state.next = (state.next + 1) % servers
        return state.next
      },
      balanced("least of two") { exchange, state in
        LeastOfTwo.choose(among: servers, using: &state.random) { exchange.outstanding[$0] }
      },
    ],
    headline: DeclaredHeadline(value: 80, variant: "least of two"),
    model: { question throws(MissingNumber) in
      let load = Double(question.value) / 100
      let services: Double =
        switch question.variant {
        case "random": Queues.response(at: 0.99, utilisation: load)
        case "round robin": Queues.roundRobin(at: 0.99, utilisation: load, servers: servers)
        default: Queues.leastOfTwo(at: 0.99, utilisation: load)
        }
      // The event loop is woken by the request and by the end of the service.
      let wakes = (2 * (try question.time("futex.wake"))).named("wake-ups of the server")
      return Model(
        (services * Time.exactly(serviceNanoseconds)).named("service and queue") + wakes,
        per: .metric)
    })
}

private let servers = 8
private let serviceNanoseconds = 300_000.0
private let rateAtFull = Double(servers) * 1e9 / serviceNanoseconds
/// Seconds in which the queues become as long as they stay, and seconds that count.
private let (warmUp, window) = (0.04, 0.08)

private struct Balancer {
  var random: SeededGenerator
  var next = 0
}

private final class Balanced {
  let servers: LoadedServers
  let rate: Double
  let seed: UInt64
  var call: UInt64 = 0
  let latencies = Recorder()

  init(_ point: Point) throws {
    servers = try LoadedServers(
      on: point.cpus[1], [Behaviour](repeating: Behaviour(places: 1), count: 8), connections: 80,
      seed: point.seed)
    rate = rateAtFull * Double(point.value) / 100
    seed = point.seed
  }
}

private func balanced(
  _ name: String, choose: @escaping @Sendable (Exchange, inout Balancer) -> Int
) -> Variant {
  Variant(
    name, shows: ["serveBalanced"], prepare: { try Balanced($0) },
    observe: { $0.latencies.taken() }, run: { serveBalanced($0, choose) })
}

/// The n-th call of every variant has the same arrivals and service times. Returns 0 where every
/// response is the echo of its request.
@inline(never)
private func serveBalanced(
  _ input: Balanced, _ choose: (Exchange, inout Balancer) -> Int
) -> UInt64 {
  input.call += 1
  let arrivals = Arrivals.poisson(
    rate: LoadBench.rate(input.rate), seconds: warmUp + window, seed: input.seed, stream: input.call
  )
  let demands = Durations.exponential(mean: serviceNanoseconds)
    .draws(arrivals.times.count, seed: input.seed, stream: input.call)
  let load = OpenLoop(arrivals, warmUp: UInt64(warmUp * 1e9), tolerance: LoadBench.tolerance)
  let result = withoutActuallyEscaping(choose) { choose in
    LoadBench.figures { () throws(LoadError) in
      var balancer = Balancer(random: SeededGenerator(seed: input.seed, stream: input.call))
      let policy = Balancing(demands: demands) { choose($0, &balancer) }
      return try load.run(on: input.servers.exchange, by: policy)
    }
  }
  for latency in result.latencies { input.latencies.record(latency) }
  return result.digest &- EchoProtocol().echoDigest(of: demands)
}
