// How many requests per second does a shop serve in time, and what does a cache change?

import Simulation

/// The shop with a cache of so many items, or without one.
func shop(perSecond rate: Double, cached slots: Int?) -> System {
  let database = Tier("database", servers: 2, service: .exponential(mean: .milliseconds(8)))
  let web = Tier(
    "web", replicas: 4, servers: 8, service: .exponential(mean: .milliseconds(5)),
    balancer: .leastOf(2))
  let items = slots.map {
    Cache("items", slots: $0, hit: .exactly(.milliseconds(0.3))).missing(database)
  }
  return System {
    Source(
      "users", .poisson(perSecond: rate), keys: .zipf(100_000, exponent: 0.8),
      to: web.calling(items ?? database.route).timeout(after: .milliseconds(250)))
  }
}

/// The largest rate at which 99% of the requests succeed within 100 ms, to 2%.
func capacity(cached slots: Int?) -> Double {
  var (low, high) = (10.0, 10_000.0)
  while high / low > 1.02 {
    let rate = (low * high).squareRoot()
    let users = shop(perSecond: rate, cached: slots)
      .run(seed: 1, for: .seconds(20_000 / rate + 40), warmUp: .seconds(40))["users"]
    let good = Double(users.succeeded) * users.response.share(within: .milliseconds(100))
    if good >= 0.99 * Double(users.succeeded + users.unsuccessful) {
      low = rate
    } else {
      high = rate
    }
  }
  return low
}

print("capacity with 99% within 100 ms, requests per second:")
for slots in [nil, 100, 1_000, 10_000] {
  // By Che's approximation the database gets only the misses.
  let misses = slots.map { 1 - CacheTheory(zipf: 100_000, exponent: 0.8).hitRatio(slots: $0) } ?? 1
  let found = Int(capacity(cached: slots).rounded())
  let limit = Int((250 / misses).rounded())
  print(
    "  \(slots.map { "\($0) items cached" } ?? "no cache"): \(found) (database full at \(limit))")
}
print("\n" + shop(perSecond: 200, cached: 1_000).diagram)
