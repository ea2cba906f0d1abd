import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// The stages of a growing shop under the same load, from 500 to 20,000 users.
  static let growingUsers = Experiment(
    id: "scale/users",
    title: "One server that holds connections → two web servers, a cache and a database",
    slot: "scale/10k/architecture",
    claim: """
      One server breaks between 2,000 and 3,000 users, by the connections that its requests hold. \
      With a connection for each query it carries 3,000 and not 5,000; with a cache and a host of \
      its own for the database 5,000 and not 8,000; with a second web server 10,000 and not \
      20,000. A shop breaks where the p99 of its responses exceeds 1 s.
      """,
    mechanism: """
      A request works for 5 ms (as in scale/web-tier), queries for 2 ms and asks a carrier for \
      48 ms (scale/connection-exhaustion). Users think for 7 s, and one of five requests is an \
      order, as in TPC-W's shopping mix. A server has four processors, a pool 20 connections as \
      PgBouncer's has by default; a cache answers four of five reads. Let D be the seconds that a \
      request needs of the busiest resource ÷ the places there. By Little's law N users who think \
      for Z seconds wait N × D − Z, which is more than 1 s from (Z + 1 s) ÷ D users on: 2,900 \
      where a request holds a connection for 55 ms, then 4,600, 6,400 and 12,800. With fewer users \
      the p99 is taken as that of an exponential time. A user gives up after 10 s, which counts as \
      a response of 10 s and as an error, so that more than 1% of errors are a p99 of 10 s.
      """,
    limits: """
      Simulated: no number of users was real. All users are active at once, of a shop's customers \
      few are. The demands decide: the Shop of this laboratory needs less than a tenth of them. \
      Where users give up in both, the ratio is 1; where they do in one, as at the headline, it is \
      a lower bound. The prediction leaves out the queue just before a resource is full, and that \
      requests also wait for a processor while they hold a connection. The curriculum has the \
      connections run out at 2,000 users, about where held ones do here. Its 5,000 are for a \
      single point of failure, which no load brings about (scale/failover). What the cache itself \
      needs, and the network between hosts, is free.
      """,
    diagram: drawing(
      of: [
        "connection held": GrowingShop().system(held(GrowingShop())),
        "connection per query": GrowingShop().system(perQuery(GrowingShop())),
        "cache and database host": GrowingShop().system(oneWeb(GrowingShop())),
        "two web servers": GrowingShop().system(twoWeb(GrowingShop())),
      ]),
    sweep: .count(
      "users", [500, 1_000, 2_000, 3_000, 5_000, 8_000, 10_000, 20_000], smoke: 500,
      label: { $0 < 1_000 ? "\($0) users" : "\($0 / 1_000),000 users" }),
    metric: .reported("p99 response time", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["errors"],
    work: {
      let seconds = GrowingShop.window($0)
      return Work(elements: Double($0) * seconds / GrowingShop.think.estimate, each: "request")
    },
    variants: [
      GrowingShop.variant("connection held", shows: ["held"], held),
      GrowingShop.variant("connection per query", shows: ["perQuery"], perQuery),
      GrowingShop.variant("cache and database host", shows: ["oneWeb", "apart"], oneWeb),
      GrowingShop.variant("two web servers", shows: ["twoWeb", "apart"], twoWeb),
    ],
    uncertain: [.serviceVariation, GrowingShop.think, GrowingShop.hits],
    headline: DeclaredHeadline(value: 10_000, variant: "two web servers"),
    model: { question in
      let (work, query, carrier) = (GrowingShop.work, GrowingShop.query, GrowingShop.carrier)
      let asked = query * (1 - (1 - GrowingShop.orders) * GrowingShop.hits.estimate)
      let largest =
        switch question.variant {
        case "connection held": (work + query + carrier) / 20
        case "connection per query": (work + query) / 4
        case "cache and database host": max(work, asked) / 4
        default: max(work / 8, asked / 4)
        }
      let times = [
        ("given up", GrowingShop.patience),
        ("ln 100 × demands", log(100) * (work + query + carrier)),
        ("users × D − think time", Double(question.value) * largest - GrowingShop.think.estimate),
      ]
      // The larger of the last two, but no more than the first: the one in the middle.
      let (name, seconds) = times.sorted { $0.1 < $1.1 }[1]
      return Model((seconds * Time.exactly(1e9)).named(name), per: .metric)
    })
}

private func held(_ shop: GrowingShop) -> Route {
  let query = shop.server.working("query", shop.time(GrowingShop.query))
  return shop.connections.calling(shop.server.then(query).then(shop.carrier))
}

private func perQuery(_ shop: GrowingShop) -> Route {
  let query = shop.server.working("query", shop.time(GrowingShop.query))
  return shop.server.then(shop.connections.calling(query)).then(shop.carrier)
}

private func oneWeb(_ shop: GrowingShop) -> Route { apart(shop, servers: 1) }

private func twoWeb(_ shop: GrowingShop) -> Route { apart(shop, servers: 2) }

/// Web servers, and the database with four processors of its own behind a cache.
private func apart(_ shop: GrowingShop, servers: Int) -> Route {
  let work = shop.time(GrowingShop.work)
  let web = Tier("web", replicas: servers, servers: 4, service: work, balancer: .leastLoaded)
  let database = Tier("database", servers: 4, service: shop.time(GrowingShop.query))
  return web.then(shop.misses(shop.connections.calling(database))).then(shop.carrier)
}
