import Simulation

/// A growing system as the simulator sees it: its tiers one after the other.
struct GrowthModel {
  let system: GrowingSystem
  /// Requests of a simulation.
  let requests: Int

  /// Requests per second at which the busiest tier has no idle time left, by the utilisation law.
  var limits: [(tier: String, rate: Double)] {
    system.tiers.map { ($0.name, Double($0.servers * $0.replicas) / $0.demand) }
  }

  /// The tier that limits.
  var bottleneck: (tier: String, rate: Double) {
    limits.min { $0.rate < $1.rate } ?? ("", .infinity)
  }

  /// As the simulator's value.
  func simulated(rate: Double) -> System {
    let tiers = system.tiers.map { tier in
      Tier(
        tier.name, replicas: tier.replicas, servers: tier.servers,
        service: .exponential(mean: .seconds(tier.demand)), balancer: .leastOf(2))
    }
    var route = tiers[0].route
    for tier in tiers.dropFirst() { route = route.then(tier) }
    return System { Source("users", .poisson(perSecond: rate), to: route) }
  }

  /// Seconds that 99% of the requests don't exceed at a load; infinite above the capacity.
  func p99(rate: Double) -> Double {
    guard rate < 0.995 * bottleneck.rate else { return .infinity }
    // At a hundredth of the capacity nobody waits.
    let rate = max(rate, 0.01 * bottleneck.rate)
    let time = Double(requests) / rate
    let outcome = simulated(rate: rate).run(
      seed: 1, for: .seconds(time), warmUp: .seconds(time / 10), drains: true)
    return outcome["users"].response.percentile(99)
  }

  /// The largest load that keeps the service level, and the tier that ends it.
  func capacity() -> (rate: Double, tier: String) {
    let limit = bottleneck
    var (low, high) = (0.0, 0.99)
    for _ in 0..<7 {
      let middle = (low + high) / 2
      if p99(rate: middle * limit.rate) <= system.level { low = middle } else { high = middle }
    }
    return (low * limit.rate, limit.tier)
  }
}
