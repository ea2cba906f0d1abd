import Harness
import LoadBenches
import Results
import Systems
import Techniques

extension Experiment {
  /// The small web tier whose larger one `webTier` simulates, on real parts.
  static let webServers = Experiment(
    id: "scale/web-servers",
    title: "Web servers behind a balancer, on real parts: at random → the least loaded",
    slot: "scale/10k/architecture",
    claim: """
      At 70% utilisation, eight web servers behind random routing answer three of ten requests \
      late, as a single server does; behind a balancer that knows who is least loaded they answer \
      fewer than one of twenty late, for which random routing would need 22 servers. Two servers \
      gain about half as much.
      """,
    mechanism: """
      A server works on one request at a time, for an exponential time of 1 ms on average. An \
      answer after 4 ms is late. Random routing splits independent arrivals into independent \
      arrivals: each of n servers has the queue of a single server (M/M/1), so that n servers \
      answer n times as many requests in time. At utilisation ρ the share e^(−4 (1 − ρ)) is late. \
      For one late answer of twenty, ρ would have to be 25%. The least loaded server is idle if \
      any is, so that most requests do not wait; 1.8% of all are late because they need 4 ms of \
      work themselves. The client balances by its own outstanding requests; nginx and HAProxy \
      stand between client and servers. The prediction is a simulation of the same servers, loads \
      and seconds. Its balancer costs nothing, as in scale/web-tier: what a proxy answers less is \
      the proxy's cost. One core of a proxy carries at most 1 ÷ its processor time per request.
      """,
    limits: """
      A server's work is a wait with one place, since eight servers that compute would share two \
      cores. There is no database. The load is fixed: a search for the largest load whose p99 keeps \
      a level, as in scale/web-tier, needs a thousand requests for each try. A proxy shares a \
      processor with the servers, and speaks HTTP/1.1 instead of a binary protocol, so that it \
      looks worse than on a host of its own. HAProxy's `random` is not random routing: by default \
      it compares two servers (network/two-choices). Several balancers know only their own \
      requests. To a balancer that compares, a server that fails fast looks idle (scale/node-kill).
      """,
    diagram: """
      flowchart LR
        u["requests"]
        subgraph before["{point}, at random"]
          r0["client: {at random}"]
          r1["nginx random: {nginx random}"]
        end
        subgraph after["{point}, the least loaded"]
          l0["client: {least loaded}"]
          l1["nginx least_conn: {nginx least_conn}"]
          l2["HAProxy leastconn: {HAProxy leastconn}"]
        end
        u --> before
        u --> after
        before -- "{speedup}" --> after
      """,
    sweep: .count("web servers", [2, 8], smoke: 2, label: { "\($0) web servers" }),
    metric: .rate("answers in time"),
    signals: ["late answers", "processor time of the balancer per request"],
    needs: [.cores(2), .descriptors(8_192)], tolerates: loadTolerates, isMirrored: false,
    isRehearsed: false,
    work: {
      let seconds = BalancedServers.warmUp + BalancedServers.window
      return Work(elements: BalancedServers.rate($0) * seconds, each: "request")
    },
    variants: [
      balanced("at random", "atRandom", atRandom),
      balanced("least loaded", "leastLoaded", leastLoaded),
      proxied("nginx random", by: "nginx") { try .nginx(before: $0, balance: "random") },
      proxied("nginx least_conn", by: "nginx") { try .nginx(before: $0, balance: "least_conn") },
      proxied("HAProxy leastconn", by: "haproxy") {
        try .haproxy(before: $0, balance: "leastconn")
      },
    ],
    headline: DeclaredHeadline(value: 8, variant: "least loaded"),
    model: { question in
      let isRandom = question.variant.hasSuffix("random")
      let rate = Term<PerSecond>.simulated("simulated answers in time") { seed in
        BalancedServers.simulated(question.value, isRandom ? .random : .leastLoaded, seed: seed)
      }
      return Model(rate, per: .metric)
    })
}

private func atRandom(_ servers: BalancedServers) -> (Exchange) -> Int {
  var random = servers.generator()
  return { exchange in Int.random(in: 0..<exchange.outstanding.count, using: &random) }
}

private func leastLoaded(_ servers: BalancedServers) -> (Exchange) -> Int {
  var random = servers.generator()
  return { exchange in
    let loads = exchange.outstanding
    return LeastLoaded.choose(among: loads.count, using: &random) { loads[$0] }
  }
}

/// The client knows one server, the proxy.
private func byProxy(_ servers: BalancedServers) -> (Exchange) -> Int { { _ in 0 } }

/// - Parameter choice: makes the function that chooses a server for each request.
private func balanced(
  _ name: String, _ shows: String,
  _ choice: @escaping @Sendable (BalancedServers) -> (Exchange) -> Int
) -> Variant {
  Variant(
    load: name, shows: [shows], prepare: { try BalancedServers($0) }, observe: nil,
    run: { $0.serve(choice($0)) })
}

private func proxied(
  _ name: String, by program: String,
  _ proxy: @escaping @Sendable ([Endpoint]) throws -> Service
) -> Variant {
  Variant(
    load: name, isReference: true, shows: ["byProxy"],
    needs: [.program(program, package: program)],
    prepare: { try BalancedServers($0, proxy: proxy) }, observe: nil,
    run: { $0.serve(byProxy($0)) })
}
