import Glibc

/// What becomes of a request that is sent several times.
let requestChecks: [ValidationCheck] =
  [fanOut, retries, fallback]
  + [(0.2, 4.8, 0.1), (0.4, 6.3, 0.1), (0.6, 9.1, 0.15), (0.8, 17.1, 0.5)].map(cancelled)
  + [(0.2, 4.9, 0.1), (0.4, 6.6, 0.1), (0.5, 8.2, 0.2)].map(notCancelled) + [collapse]

private let second = RandomDuration.exponential(mean: .seconds(1))

private let fanOut = ValidationCheck(
  "fan-out", "ten calls at once, each exponential with a mean of 1 s",
  [
    .init("mean of all ten, s", Queueing.longest(of: 10)),
    .init("mean of the first seven, s", Queueing.longest(of: 10) - Queueing.longest(of: 3)),
    .init("p99 of all ten, s", -log(1 - pow(0.99, 0.1))),
  ], source: "David and Nagaraja, *Order Statistics*, 2003, section 4.6"
) { seed, length in
  let servers = Tier("servers", servers: 10_000, service: second)
  let calls = Array(repeating: servers, count: 10)
  let system = System {
    Source("all", .poisson(perSecond: 1), to: Route.parallel(calls))
    Source("seven", .poisson(perSecond: 1), to: Route.parallel(calls, needed: 7))
  }
  let outcome = system.run(seed: seed, for: .seconds(5_000 * length), drains: true)
  return [
    outcome["all"].response.mean, outcome["seven"].response.mean,
    outcome["all"].response.percentile(99),
  ]
}

private let retries = ValidationCheck(
  "retries", "time-out after 1 s of an exponential second, up to two retries",
  [
    .init("share that fails", exp(-3)),
    .init("attempts per request", 1 + exp(-1) + exp(-2)),
  ], source: "each attempt fails with probability 1 ÷ e, independently"
) { seed, length in
  let servers = Tier("servers", servers: 10_000, service: second)
  let system = System {
    Source(
      "users", .poisson(perSecond: 10),
      to: servers.timeout(after: .seconds(1)).retried(Retries(2)))
  }
  let outcome = system.run(seed: seed, for: .seconds(1_000 * length), drains: true)
  return [
    1 - outcome["users"].successShare,
    Double(outcome.tier("servers").arrivals) / Double(outcome["users"].arrived),
  ]
}

private let fallback = ValidationCheck(
  "fallback", "at most five in an M/M/1 at 90%, the others elsewhere",
  [
    .init("share that goes elsewhere", Queueing.loss(capacity: 5, utilisation: 0.9)),
    .init("share that fails", 0),
  ], source: "Kleinrock, *Queueing Systems* I, 1975: M/M/1/K loses these"
) { seed, length in
  let full = Tier("server", service: second, capacity: 5)
  let spare = Tier("spare", servers: 10_000, service: second)
  let system = System { Source("users", .poisson(perSecond: 0.9), to: full.otherwise(spare)) }
  let outcome = system.run(
    seed: seed, for: .seconds(100 + 20_000 * length), warmUp: .seconds(100), drains: true)
  return [
    Double(outcome.tier("spare").arrivals) / Double(outcome["users"].arrived),
    1 - outcome["users"].successShare,
  ]
}

/// Twenty servers with random routing; after the p95 of the system without hedging a copy is sent.
private func hedged(
  _ load: Double, loser: Leftovers, _ seed: UInt64, _ length: Double
) -> (p99: Double, copies: Double) {
  let servers = Tier("servers", replicas: 20, service: second)
  let delay = log(20) / (1 - load)
  let system = System {
    Source(
      "users", .poisson(perSecond: 20 * load),
      to: servers.hedged(after: .seconds(delay), loser: loser))
  }
  let time = 30_000 * length / (20 * load)
  let outcome = system.run(
    seed: seed, for: .seconds(time + 200), warmUp: .seconds(200), drains: true)
  return (
    outcome["users"].response.percentile(99),
    Double(outcome.tier("servers").arrivals) / Double(outcome["users"].arrived)
  )
}

private let simulated =
  "simulated by a program of its own: six replications of 100,000 requests, printed with two "
  + "digits, hence the tolerance"

private func cancelled(_ load: Double, _ p99: Double, _ tolerance: Double) -> ValidationCheck {
  ValidationCheck(
    "hedge-\(Int(100 * load))",
    "20 servers, hedge after the p95, loser taken out of its queue, load \(load)",
    [.init("p99 of the response, s", p99, within: tolerance)], source: simulated
  ) { seed, length in
    [hedged(load, loser: .unqueued, seed, length).p99]
  }
}

private func notCancelled(_ load: Double, _ p99: Double, _ tolerance: Double) -> ValidationCheck {
  // Copies per request: the stable solution of k = 1 + e^(−(1 − ρk) d).
  var copies = 1.0
  for _ in 0..<1_000 { copies = 1 + exp(-(1 - load * copies) * log(20) / (1 - load)) }
  return ValidationCheck(
    "hedge-kept-\(Int(100 * load))",
    "20 servers, hedge after the p95, not cancelled, load \(load)",
    [
      .init("p99 of the response, s", p99, within: tolerance),
      .init("copies per request", copies, within: 0.005),
    ],
    source: simulated
      + "; copies by k = 1 + exp(−(1 − ρk) d), as if copies were independent arrivals"
  ) { seed, length in
    let outcome = hedged(load, loser: .kept, seed, length)
    return [outcome.p99, outcome.copies]
  }
}

/// At 80% load every request is late sooner or later, and is sent twice.
private let collapse = ValidationCheck(
  "hedge-kept-80", "20 servers, hedge after the p95, not cancelled, load 0.8",
  [.init("copies per request", 2, within: 0.15)],
  source: "k = 1 + exp(−(1 − ρk) d) has no solution below 2: the queues grow without end"
) { seed, length in
  [hedged(0.8, loser: .kept, seed, length).copies]
}
