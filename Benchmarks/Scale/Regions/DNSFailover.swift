import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// How long clients go on asking an address that is down.
  static let dnsFailover = Experiment(
    id: "scale/dns-failover",
    title: "A new address by DNS → anycast → clients that know a second one",
    slot: "scale/1m/multi-region",
    claim: """
      With a lifetime of 30 s the record's lifetime promises that 99% of the clients are back \
      after a minute; it is a quarter of an hour, and with 300 s the same, since the last per cent \
      are open connections and resolvers that keep records longer; clients with a second address \
      need seconds.
      """,
    mechanism: """
      After the health check, a record that was cached at a random time is still used by a share 1 \
      − t ÷ T of the clients after t. So 99% should be back after detection + 0.99 T. But a client \
      with an open connection asks no resolver at all: it sends again and again until its TCP \
      gives up, which is 924.6 s by Linux's default of 15 retries. Resolvers that raise short \
      lifetimes to five minutes are the next step. The lifetime decides only what is left.
      """,
    limits: """
      Assumed: 5% of the clients have an open connection with unanswered data and no time-out of \
      their own, and resolvers that lengthen lifetimes raise them to 300 s. 9% of resolvers do \
      (PAM 2023); how many clients they serve is not published. Clients with a time-out \
      in the application are back by it. Anycast needs the route to be withdrawn, and breaks open \
      connections as well, but by a reset: the other region does not know them. Its routes \
      converge within a minute here.
      """,
    diagram: """
      flowchart LR
        c["clients"]
        c -- "resolver's cache, open connections" --> d["DNS: {DNS}"]
        c -- "routes converge" --> a["anycast: {anycast}"]
        c -- "connect to the next address" --> s["second address: {second address}"]
        d -- "{speedup} at {point}" --> s
      """,
    sweep: .count("lifetime", [30, 60, 300, 3_600], smoke: 60, label: { "TTL \($0) s" }),
    metric: .reported("time until 99% are served again", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["time until 90% are served again", "median"],
    work: { _ in Work(elements: Double(clients), each: "client") },
    variants: [
      variant("DNS") { random, point in
        let (isOpen, lifetime) = (random.happens(with: point[openConnection]), Double(point.value))
        let kept = random.happens(with: point[longKeeping]) ? max(300, lifetime) : lifetime
        return max(isOpen ? tcpGivesUp : 0, point[detection] + random.uniform() * kept)
      },
      variant("anycast") { random, point in point[detection] + 60 * random.uniform() },
      variant("second address") { random, point in
        // A connection that is open fails by the application's time-out, then the other is tried.
        random.happens(with: point[openConnection]) ? 10 : 3
      },
    ],
    uncertain: [openConnection, longKeeping, detection],
    headline: DeclaredHeadline(value: 60, variant: "second address"),
    model: { question in
      let lifetime = Double(question.value)
      let (first, then) =
        switch question.variant {
        case "DNS": (detection.estimate, 0.99 * lifetime)
        case "anycast": (detection.estimate, 0.99 * 60)
        default: (0, 10)
        }
      return Model(
        Time.exactly(1e9 * first).named("detection")
          + Time.exactly(1e9 * then).named("until 99% have the new way"), per: .metric)
    })
}

private let clients = 20_000
/// Three health checks every ten seconds.
private let detection = UncertainInput("seconds until the failure is known", 30, in: 5...120)
private let openConnection = UncertainInput("clients with open connections", 0.05, in: 0.005...0.3)
private let longKeeping = UncertainInput("resolvers.longer", named: "resolvers that keep longer")
/// The time-out of 15 retries: Linux, Documentation/networking/ip-sysctl, tcp_retries2.
private let tcpGivesUp = 924.6

/// - Parameter back: when a client is served again, in seconds after the failure.
private func variant(
  _ name: String, _ back: @escaping @Sendable (inout RandomStream, Point) -> Double
) -> Variant {
  Variant(simulated: name, shows: ["variant"]) { point in
    var times: [Double] = []
    for client in 0..<clients {
      // A stream for each client: whatever a way draws, the next client gets the same numbers.
      var random = RandomStream(seed: mixedHash(point.seed) &+ UInt64(client), "client")
      times.append(back(&random, point))
    }
    times.sort()
    return Replication(
      offered: mixedHash(point.seed),
      figures: [
        "time until 99% are served again": .seconds(times[clients * 99 / 100]),
        "time until 90% are served again": .seconds(times[clients * 90 / 100]),
        "median": .seconds(times[clients / 2]),
      ])
  }
}
