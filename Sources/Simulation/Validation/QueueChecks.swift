import Glibc
import Statistics

/// One tier with Poisson arrivals, and a mean service time of a second.
private func station(
  _ tier: Tier, load: Double, seconds: Double, _ seed: UInt64, _ length: Double
) -> SystemOutcome {
  let system = System { Source("customers", .poisson(perSecond: load), to: tier) }
  // Queues that begin empty take about (1 − ρ)⁻² services to fill.
  let idle = max(0.05, 1 - load / Double(tier.replicas * tier.servers))
  let warmUp = max(10, 20 / (idle * idle * Double(tier.servers)))
  return system.run(
    seed: seed, for: .seconds(length * seconds + warmUp), warmUp: .seconds(warmUp), drains: true)
}

private let second = RandomDuration.exponential(mean: .seconds(1))
private let kleinrock = "Kleinrock, *Queueing Systems* I, 1975"

/// One queue, with everything that theory knows of it.
let queueChecks: [ValidationCheck] =
  [singleServer(0.5, 30_000), singleServer(0.8, 50_000), singleServer(0.9, 80_000)]
  + [singleServer(0.95, 150_000)]
  + [(2, 0.7), (2, 0.9), (4, 0.9), (16, 0.7), (16, 0.9), (64, 0.9)].map(manyServers)
  + [(10, 5), (10, 8), (100, 90), (1_000, 980)].map(lossSystem)
  + [0.9, 1.2].map(boundedQueue)
  + generalService + [priorities, setUpTime]

private func singleServer(_ load: Double, _ seconds: Double) -> ValidationCheck {
  let response = Queueing.response(utilisation: load)
  return ValidationCheck(
    "mm1-\(Int(100 * load))", "M/M/1, load \(load)",
    [
      .init("mean response, s", response),
      .init("p99 of the response, s", Queueing.response(at: 0.99, utilisation: load)),
      .init("requests in the system", load * response), .init("utilisation", load),
    ], source: kleinrock + ", chapter 3"
  ) { seed, length in
    let outcome = station(
      Tier("server", service: second), load: load, seconds: seconds, seed, length)
    let (source, tier) = (outcome["customers"], outcome.tier("server"))
    return [
      source.response.mean, source.response.percentile(99), tier.inSystem, tier.utilisation,
    ]
  }
}

private func manyServers(_ servers: Int, _ utilisation: Double) -> ValidationCheck {
  let load = Double(servers) * utilisation
  return ValidationCheck(
    "mmc-\(servers)-\(Int(100 * utilisation))", "M/M/\(servers), utilisation \(utilisation)",
    [
      .init("probability of waiting", Erlang.waiting(servers: servers, load: load)),
      .init("mean wait, s", Erlang.meanWait(servers: servers, load: load)),
    ], source: "Erlang 1917; " + kleinrock + ", section 3.5"
  ) { seed, length in
    let outcome = station(
      Tier("servers", servers: servers, service: second), load: load, seconds: 50_000 / load,
      seed, length)
    return [outcome.tier("servers").waitedShare, outcome.tier("servers").meanWait]
  }
}

private func lossSystem(_ servers: Int, _ load: Double) -> ValidationCheck {
  ValidationCheck(
    "erlang-\(servers)-\(Int(load))", "\(servers) servers without a queue, \(Int(load)) erlangs",
    [.init("share rejected", Erlang.blocking(servers: servers, load: load))],
    source: "Erlang 1917"
  ) { seed, length in
    let outcome = station(
      Tier("servers", servers: servers, service: second, capacity: servers), load: load,
      seconds: 50_000 / load, seed, length)
    let tier = outcome.tier("servers")
    return [Double(tier.rejected) / Double(tier.arrivals)]
  }
}

private func boundedQueue(_ load: Double) -> ValidationCheck {
  ValidationCheck(
    "mm1-10-\(Int(100 * load))", "M/M/1 with at most 10, load \(load)",
    [.init("share rejected", Queueing.loss(capacity: 10, utilisation: load))],
    source: kleinrock + ", section 3.6"
  ) { seed, length in
    let outcome = station(
      Tier("server", service: second, capacity: 10), load: load, seconds: 40_000, seed, length)
    let tier = outcome.tier("server")
    return [Double(tier.rejected) / Double(tier.arrivals)]
  }
}

/// M/G/1 at load 0.8, first in, first out and processor sharing.
private let generalService: [ValidationCheck] = [
  ("constant", RandomDuration.exactly(.seconds(1)), 0.0),
  ("Erlang-4", .erlang(phases: 4, mean: .seconds(1)), 0.25),
  ("lognormal", .lognormal(mean: .seconds(1), squaredVariation: 1), 1),
  ("hyperexponential", .hyperexponential(mean: .seconds(1), squaredVariation: 4), 4),
  ("hyperexponential", .hyperexponential(mean: .seconds(1), squaredVariation: 16), 16),
].map { name, service, variation in
  ValidationCheck(
    "mg1-\(name.lowercased())-\(significant(variation, digits: 3))",
    "M/G/1, load 0.8, \(name), squared coefficient of variation \(significant(variation, digits: 3))",
    [
      .init("mean wait, s", Queueing.wait(utilisation: 0.8, squaredVariation: variation)),
      .init("mean response under processor sharing, s", 5),
    ],
    source: "Pollaczek 1930, Khinchine 1932; " + kleinrock.replacing("I, 1975", "II, 1976")
      + ", section 4.4, for processor sharing"
  ) { seed, length in
    let seconds = 30_000 * max(1, variation / 3)
    let first = station(
      Tier("server", service: service), load: 0.8, seconds: seconds, seed, length)
    let shared = station(
      Tier("server", service: service, discipline: .processorSharing), load: 0.8,
      seconds: seconds, seed, length)
    return [first.tier("server").meanWait, shared["customers"].response.mean]
  }
}

/// Two classes, of which one never waits behind the other's queue.
private let priorities = ValidationCheck(
  "priority", "M/M/1 with two priorities, load 0.4 each",
  [
    // R ÷ (1 − ρ₁) and R ÷ ((1 − ρ₁)(1 − ρ)), R = ρ being the mean remaining service.
    .init("mean response of the first, s", 1 + 0.8 / 0.6),
    .init("mean response of the second, s", 1 + 0.8 / (0.6 * 0.2)),
  ], source: "Cobham, *Priority Assignment in Waiting Line Problems*, 1954"
) { seed, length in
  let server = Tier("server", service: second, discipline: .priority)
  let system = System {
    Source("first", .poisson(perSecond: 0.4), priority: 0, to: server)
    Source("second", .poisson(perSecond: 0.4), priority: 1, to: server)
  }
  let outcome = system.run(
    seed: seed, for: .seconds(500 + 80_000 * length), warmUp: .seconds(500))
  return [outcome["first"].response.mean, outcome["second"].response.mean]
}

extension String {
  fileprivate func replacing(_ old: String, _ new: String) -> String {
    split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}

/// A server that takes two service times more where it was idle.
private let setUpTime = ValidationCheck(
  "setup-50", "M/M/1 with a set-up of two service times, load 0.5",
  [.init("mean response, s", Queueing.response(utilisation: 0.5, setup: 2))],
  source: "Welch, Operations Research 12(5), 1964"
) { seed, length in
  let outcome = station(
    Tier("server", service: second, setup: .seconds(2)), load: 0.5, seconds: 30_000, seed, length)
  return [outcome["customers"].response.mean]
}
