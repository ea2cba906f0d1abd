import CitedData
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// How users find the nearest of eight regions.
  static let geoRouting = Experiment(
    id: "scale/geo-routing",
    title: "DNS by the resolver's place → anycast, DNS by the user's network",
    slot: "scale/100k/geography",
    claim: """
      Anycast sends twice as many users to a wrong region as DNS does where a tenth of the users have \
      a distant resolver, and both cost the same mean round trip: DNS errs by continents, anycast by \
      one region. Below that DNS is better, above it anycast.
      """,
    mechanism: """
      DNS sees the resolver, not the user. Who uses a resolver elsewhere gets the region that is \
      nearest to it, which may be anywhere. With anycast all regions announce one address, and BGP \
      takes the route that costs the networks least, not the shortest one: a fifth of the clients \
      get to a suboptimal place (Calder et al., IMC 2015), mostly the next one. With the user's \
      network in the query (RFC 7871) what errs is the table of networks. The mean is the share of \
      wrongly routed users × what they lose, which differ in opposite directions.
      """,
    limits: """
      Assumed: users are spread evenly over eight regions, 20 ms from the nearest; a distant resolver \
      is near any region with equal chance; anycast errs to the second nearest. With more regions the \
      second nearest is nearer. Routes of anycast change while connections last. A region that is \
      overloaded can't push anycast users away without withdrawing all of them.
      """,
    diagram: """
      flowchart LR
        u["users"]
        u -- "nearest to the resolver" --> r["any region: {by resolver}"]
        u -- "BGP's route" --> a["a near region: {anycast}"]
        u -- "nearest to the network" --> n["the right region: {by network}"]
        r -- "{speedup} at {point}" --> a
      """,
    sweep: .count(
      "distant resolvers", [1, 5, 10, 20, 40], smoke: 10, label: { "\($0) % of the users" }),
    metric: .reported("mean round trip", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["p99 round trip", "users in another region"],
    work: { _ in Work(elements: Double(users), each: "user") },
    variants: [
      variant("by resolver", .resolver), variant("by network", .network),
      variant("anycast", .anycast),
    ],
    uncertain: [misrouted, misplaced, access],
    headline: DeclaredHeadline(value: 20, variant: "anycast"),
    model: { question in
      let (wrong, lost): (Double, Double) =
        switch question.variant {
        case "by resolver":
          (Double(question.value) / 100, meanOf(nearest.map { $0.reduce(0, +) / 8 }))
        case "anycast": (misrouted.estimate, meanOf(nearest.map { $0[1] }))
        default: (misplaced.estimate, meanOf(nearest.map { $0[1] }))
        }
      return Model(
        Time.exactly(1e6 * access.estimate).named("to the nearest region")
          + Time.exactly(1e6 * wrong * lost).named("wrongly routed users × their loss"),
        per: .metric)
    })
}

private let users = 20_000
private let misrouted = UncertainInput(
  "users that anycast routes wrongly", 0.2, in: 0.1...0.3, source: "Calder et al., IMC 2015")
private let misplaced = UncertainInput("networks in the wrong place", 0.02, in: 0.005...0.1)
private let access = UncertainInput("milliseconds to the nearest region", 20, in: 5...50)

private let regions = [
  "virginia", "oregon", "ireland", "frankfurt", "tokyo", "singapore", "sydney", "sao-paulo",
]

/// Additional milliseconds of each region's users to all regions, ascending: the first is their own.
private let nearest = regions.map { home in
  regions.map { $0 == home ? 0 : RegionDelays.roundTrip(home, $0) }.sorted()
}

private func meanOf(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

private enum Routing { case resolver, network, anycast }

private func routed(_ routing: Routing, _ point: Point) -> Replication {
  var random = RandomStream(seed: point.seed, "users")
  var (trips, elsewhere, digest): ([Double], Int, UInt64) = ([], 0, 0)
  for _ in 0..<users {
    let (home, other) = (random.index(below: regions.count), random.index(below: regions.count))
    let luck = random.uniform()
    digest = mixedHash(digest ^ UInt64(home * regions.count + other))
    let extra =
      switch routing {
      case .resolver: luck < Double(point.value) / 100 ? nearest[home][other] : 0
      case .network: luck < point[misplaced] ? nearest[home][1] : 0
      case .anycast: luck < point[misrouted] ? nearest[home][1] : 0
      }
    if extra > 0 { elsewhere += 1 }
    trips.append(point[access] + extra)
  }
  let mean = meanOf(trips)
  trips.sort()
  return Replication(
    offered: digest,
    figures: [
      "mean round trip": .seconds(mean / 1e3),
      "p99 round trip": .seconds(trips[users * 99 / 100] / 1e3),
      "users in another region": .share(Double(elsewhere) / Double(users)),
    ])
}

private func variant(_ name: String, _ routing: Routing) -> Variant {
  Variant(simulated: name, shows: ["routed"]) { routed(routing, $0) }
}
