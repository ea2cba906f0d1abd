import Glibc
import Statistics

/// Several tiers.
let networkChecks: [ValidationCheck] =
  [jackson] + [1, 20, 50, 100, 200].map(closedNetwork)
  + [(0.7, 2), (0.9, 2), (0.95, 2), (0.7, 3), (0.9, 3)].map(shortestOfSome)
  + [pool, renewal]

/// Three stations with feedback: each has the law of its own M/M/c.
private let jackson = ValidationCheck(
  "jackson", "Jackson network: web, then database with 60%, all again with 25%",
  [
    // A quarter of the rounds are followed by another: arrivals × 4 ÷ 3.
    .init("requests in web", mean(servers: 2, load: 0.9 / 0.75)),
    .init("requests in database", mean(servers: 1, load: 0.6 * 0.9 / 0.75)),
    .init(
      "mean response, s",
      (mean(servers: 2, load: 0.9 / 0.75) + mean(servers: 1, load: 0.6 * 0.9 / 0.75)) / 0.9),
  ], source: "Jackson, *Networks of Waiting Lines*, 1957"
) { seed, length in
  let second = RandomDuration.exponential(mean: .seconds(1))
  let web = Tier("web", servers: 2, service: second)
  let database = Tier("database", service: second)
  let round = web.then(
    Route.choice("which", [(0.6, database), (0.4, Route.delay("nothing", .none))]))
  let system = System {
    Source("users", .poisson(perSecond: 0.9), to: round.repeated("again", with: 0.25))
  }
  let outcome = system.run(
    seed: seed, for: .seconds(1_000 + 30_000 * length), warmUp: .seconds(1_000))
  return [
    outcome.tier("web").inSystem, outcome.tier("database").inSystem,
    outcome["users"].response.mean,
  ]
}

private func mean(servers: Int, load: Double) -> Double {
  load * (1 + Erlang.meanWait(servers: servers, load: load))
}

private func closedNetwork(_ users: Int) -> ValidationCheck {
  let theory = Queueing.closedNetwork(users: users, think: 1, demands: [0.02, 0.01, 0.005])
  return ValidationCheck(
    "closed-\(users)", "closed network of 20, 10 and 5 ms, think time 1 s, \(users) users",
    [
      .init("responses per second", theory.throughput),
      .init("mean response, s", theory.response),
    ], source: "Reiser and Lavenberg, *Mean-Value Analysis*, 1980"
  ) { seed, length in
    func station(_ name: String, _ milliseconds: Int) -> Tier {
      Tier(name, service: .exponential(mean: .milliseconds(milliseconds)))
    }
    let route = station("processor", 20).then(station("disk", 10)).then(station("network", 5))
    let system = System {
      Source(
        "users", .closed(users: users, think: .exponential(mean: .seconds(1))), to: route)
    }
    let outcome = system.run(
      seed: seed, for: .seconds(30 + length * 30_000 / theory.throughput), warmUp: .seconds(30))
    return [outcome["users"].throughput, outcome["users"].response.mean]
  }
}

private func shortestOfSome(_ load: Double, _ choices: Int) -> ValidationCheck {
  ValidationCheck(
    "choices-\(choices)-\(Int(100 * load))",
    "1,000 servers, the shortest of \(choices) queues, load \(load)",
    [
      // Theory is for infinitely many servers; a thousand differ by less than this.
      .init(
        "mean response, s", Queueing.shortest(of: choices, utilisation: load),
        within: 0.005 * Queueing.shortest(of: choices, utilisation: load))
    ],
    source:
      "Mitzenmacher, *The Power of Two Choices*, 2001; for infinitely many servers, hence the "
      + "tolerance of 0.5%",
    replications: 3
  ) { seed, length in
    let servers = Tier(
      "servers", replicas: 1_000, service: .exponential(mean: .seconds(1)),
      balancer: .leastOf(choices))
    let system = System {
      Source("customers", .poisson(perSecond: 1_000 * load), to: servers)
    }
    // The long queues of a high load take long to come about.
    let warmUp = max(40, min(300, 1 / ((1 - load) * (1 - load))))
    let outcome = system.run(
      seed: seed, for: .seconds(warmUp + 30 * length), warmUp: .seconds(warmUp), drains: true)
    return [outcome["customers"].response.mean]
  }
}

/// A pool of connections before servers without number is a queue with as many places.
private let pool = ValidationCheck(
  "pool", "a pool of 4 before many servers, utilisation 0.9",
  [
    .init("mean response, s", 1 + Erlang.meanWait(servers: 4, load: 3.6)),
    .init("connections in use", 3.6),
  ], source: "a pool is the queue of M/M/c: Kleinrock, section 3.5"
) { seed, length in
  let servers = Tier("servers", servers: 100, service: .exponential(mean: .seconds(1)))
  let system = System {
    Source(
      "customers", .poisson(perSecond: 3.6), to: Tier.pool("connections", of: 4).calling(servers))
  }
  let outcome = system.run(
    seed: seed, for: .seconds(500 + 12_000 * length), warmUp: .seconds(500), drains: true)
  return [outcome["customers"].response.mean, outcome.tier("connections").busy]
}

/// Up and down by turns, with distributions that are not exponential.
private let renewal = ValidationCheck(
  "renewal", "replicas up for 100 s (Weibull) and down for 5 s (lognormal) by turns",
  [
    .init("share of time up", 100 / 105),
    .init("share of requests that fail", 5 / 105),
  ], source: "Ross, *Stochastic Processes*, 1996, section 3.4: alternating renewal"
) { seed, length in
  let up = RandomDuration.weibull(scale: .seconds(100 / tgamma(1.5)), shape: 2)
  let down = RandomDuration.lognormal(mean: .seconds(5), squaredVariation: 2)
  // The balancer never notices, and the servers hold nothing.
  let tier = Tier(
    "servers", replicas: 10, servers: 1, service: .none,
    failures: Failures(up: up, down: down, detection: .seconds(1e9)))
  let system = System { Source("requests", .poisson(perSecond: 1), to: tier) }
  let outcome = system.run(
    seed: seed, for: .seconds(1_000 + 30_000 * length), warmUp: .seconds(1_000))
  return [
    outcome.tier("servers").replicasUp / 10,
    Double(outcome["requests"].failed) / Double(outcome["requests"].arrived),
  ]
}
