import CitedData
import Harness
import Results
import Simulation

/// A shop whose users think and then wait: what a request needs, and what becomes of all of them.
struct GrowingShop {
  /// Seconds that a request needs of a processor, its query, and the carrier that it asks.
  static let (work, query, carrier) = (0.005, 0.002, 0.048)
  /// The share of requests that are orders: of TPC-W's shopping mix.
  static let orders = 0.2
  /// Seconds until a user gives up.
  static let patience = 10.0

  static let think = UncertainInput("think.user", named: "seconds that a user thinks")
  static let hits = UncertainInput("reads that the cache answers", 0.8, in: 0.5...0.95)

  var users = 10_000
  var think = Self.think.estimate
  var variation = UncertainInput.serviceVariation.estimate
  var hits = Self.hits.estimate

  /// Four processors.
  var server: Tier { Tier("server", servers: 4, service: time(Self.work)) }
  /// Connections to the database.
  let connections = Tier.pool("connections", of: 20)
  var carrier: Route { .delay("carrier", time(Self.carrier)) }

  func time(_ mean: Double) -> RandomDuration { .varying(mean: .seconds(mean), by: variation) }

  /// Orders, and the reads that a cache does not answer.
  func misses(_ query: Route) -> Route {
    let hit = Route.delay("cache", .none)
    let reads = Route.choice("hits", [(hits, hit), (1 - hits, query)])
    return .split(reads: reads, writes: query)
  }

  /// - Parameter route: of each request.
  func system(_ route: Route) -> System {
    System {
      Source(
        "users", .closed(users: users, think: .exponential(mean: .seconds(think))),
        writes: Self.orders, to: route.timeout(after: .seconds(Self.patience), work: .unqueued))
    }
  }

  /// Seconds that are counted: at least 10,000 requests where no user waits.
  static func window(_ users: Int) -> Double { max(20, 70_000 / Double(users)) }

  /// A variant with the metric `p99 response time`.
  static func variant(
    _ name: String, shows: [String], _ route: @escaping @Sendable (GrowingShop) -> Route
  ) -> Variant {
    Variant(system: name, shows: shows) { point in
      let shop = GrowingShop(
        users: point.value, think: point[think], variation: point[.serviceVariation],
        hits: point[hits])
      return SimulatedSystem(
        system: shop.system(route(shop)), time: .seconds(30 + window(point.value)),
        warmUp: .seconds(30), drains: true)
    } figures: { outcome in
      let users = outcome["users"]
      // Of all requests: those that users gave up took longest.
      let percent = 99 / users.successShare
      let seconds = percent < 100 ? users.response.percentile(percent) : patience
      return [
        "p99 response time": .seconds(seconds), "errors": .share(1 - users.successShare),
      ]
    }
  }
}
