import Harness
import LoadBenches
import Results
import Simulation
import Systems
import Techniques

extension Experiment {
  /// A balancer that compares two servers, beside random and cyclic assignment.
  static let twoChoices = Experiment(
    id: "network/two-choices",
    title: "Eight servers behind a balancer: random, round robin → the less loaded of two",
    slot: "performance/network/balancing",
    claim: """
      Sending each request to the less loaded of two randomly drawn servers about halves the p99 \
      response time of random assignment at 70% utilisation, in our client as in HAProxy; at low load \
      there are few queues to avoid, so that the choice matters little.
      """,
    mechanism: """
      Each server serves one request at a time, for an exponential time of 0.5 ms on average. \
      Random assignment makes each server an M/M/1 queue. Round robin evens out the arrivals, but \
      not the service times. Of two queues the shorter one is rarely long: the share of servers \
      with at least k requests falls as ρ^(2^k − 1) instead of ρ^k (Mitzenmacher 2001: a mean of \
      2.61 instead of 10 service times at 90%, as 1,000 simulated servers have it, see `perflab \
      validate`). The client balances by the number of its own outstanding requests; HAProxy \
      counts them in the same way (`balance random(2)`), as nginx does (`random two least_conn`); both \
      speak HTTP/1.1 on both sides. Servers and client run on a processor each, the proxy beside \
      the servers; a server waits by timer, so that eight of them share an event loop.
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
        haproxy["HAProxy random(2): {HAProxy random(2)}, leastconn: {HAProxy leastconn}"]
        nginx["nginx random two least_conn: {nginx random two}"]
        subgraph after["least of two: {least of two}"]
          direction LR
          c1["client"] -- "compares 2 of 8" --> s1["the shorter queue"]
        end
        before -- "{speedup} at {point} utilisation" --> after
      """,
    sweep: .count("utilisation", [70], smoke: 70, label: { "\($0)%" }),
    metric: .percentile(99, of: "response time", unit: .nanoseconds),
    needs: [.cores(2)],
    tolerates: loadTolerates,
    work: {
      Work(
        elements: Double($0) / 100 * EightServers.rateAtFull
          * (EightServers.warmUp + EightServers.window), each: "request")
    },
    variants: [
      balanced("random") { input in
        var random = input.generator()
        return { _ in Int.random(in: 0..<EightServers.count, using: &random) }
      },
      balanced("round robin") { _ in
        var last = 0
        return { _ in
          last = (last + 1) % EightServers.count
          return last
        }
      },
      balanced("least of two") { input in
        var random = input.generator()
        return { exchange in
          LeastOfTwo.choose(among: EightServers.count, using: &random) { exchange.outstanding[$0] }
        }
      },
      proxied("HAProxy random(2)", by: "haproxy") {
        try .haproxy(before: $0, balance: "random(2)")
      },
      proxied("HAProxy leastconn", by: "haproxy") {
        try .haproxy(before: $0, balance: "leastconn")
      },
      proxied("nginx random two", by: "nginx") {
        try .nginx(before: $0, balance: "random two least_conn")
      },
    ],
    headline: DeclaredHeadline(value: 70, variant: "least of two"),
    model: { question throws(MissingNumber) in
      let load = Double(question.value) / 100
      // A proxy's own work is no number of the machine.
      if ["HAProxy", "nginx"].contains(where: question.variant.hasPrefix) { return nil }
      let services: Double =
        switch question.variant {
        case "random": Queueing.response(at: 0.99, utilisation: load)
        case "round robin":
          Queues.roundRobin(at: 0.99, utilisation: load, servers: EightServers.count)
        default: Queues.leastOfTwo(at: 0.99, utilisation: load)
        }
      // The event loop is woken by the request and by the end of the service.
      let wakes = (2 * (try question.time("futex.wake"))).named("wake-ups of the server")
      return Model(
        (services * Time.exactly(EightServers.serviceNanoseconds)).named("service and queue")
          + wakes,
        per: .metric)
    })
}

/// - Parameter choice: makes the function that chooses a server for each request.
private func balanced(
  _ name: String, choice: @escaping @Sendable (EightServers) -> (Exchange) -> Int
) -> Variant {
  Variant(load: name, shows: ["serveBalanced"], prepare: { try EightServers($0) }) {
    serveBalanced($0, choice)
  }
}

/// The same requests through a proxy.
private func proxied(
  _ name: String, by program: String,
  _ proxy: @escaping @Sendable ([Endpoint]) throws -> Service
) -> Variant {
  Variant(
    load: name, shows: ["serveBalanced"], needs: [.program(program, package: program)],
    prepare: { try EightServers($0, proxy: proxy) }
  ) { serveBalanced($0) { _ in { _ in 0 } } }
}

/// Returns 0 where every response is the echo of its request.
private func serveBalanced(
  _ servers: EightServers, _ choice: (EightServers) -> (Exchange) -> Int
) -> UInt64 {
  let arrivals = servers.arrivals(
    rate: servers.rate, seconds: EightServers.warmUp + EightServers.window)
  let demands = servers.demands(
    .exponential(mean: EightServers.serviceNanoseconds), arrivals.times.count)
  let (result, _) = servers.serve(arrivals, warmUp: EightServers.warmUp) {
    Balancing(demands: demands, choose: choice(servers))
  }
  return result.digest &- servers.wire.echoDigest(of: demands)
}
