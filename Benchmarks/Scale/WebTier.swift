import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// More web servers in front of one database.
  static let webTier = Experiment(
    id: "scale/web-tier",
    title: "One web server → n behind a balancer",
    slot: "scale/10k/architecture",
    claim: """
      Web servers behind a balancer add capacity one for one until the database that they share is \
      busy: with a tenth of a request's work in the database, sixteen web servers carry little more \
      than ten could.
      """,
    mechanism: """
      A request takes 5 ms of a web server and then 0.5 ms of the database, both exponential. The \
      capacity is the largest load at which 99% of the responses take at most 250 ms. A queue of its \
      own at each of n web servers must be that short at every one of them, so that random routing \
      leaves n times the reserve idle that one server needs. A balancer that knows who is least \
      loaded makes them one queue (M/M/n), which needs the reserve once.
      """,
    limits: """
      Simulated, since servers on the same cores would share them; the balancer itself is free and \
      never wrong about the load (scale/web-servers measures two and eight small servers behind \
      nginx and HAProxy, beside their simulation). Nothing here grows with n. Where nodes have to tell each other something, such as which cached entry \
      is stale, capacity falls beyond some n (the coherence of the universal scalability law).
      """,
    diagram: """
      flowchart LR
        u["requests"] --> w0["one web server: {one}"] --> d["database"]
        u -- "at random" --> w1["{point}: {at random}"] --> d
        u -- "least loaded" --> w2["{point}: {least loaded}"] --> d
        w0 -- "{speedup}" --> w2
      """,
    sweep: .count("web servers", [2, 4, 8, 16], smoke: 2, label: { "\($0) web servers" }),
    metric: .capacity("capacity", unit: .operationsPerSecond),
    work: { _ in Work(elements: requests, each: "request") },
    variants: [
      variant("one", "behind") { behind(1, .random, $0[.serviceVariation]) },
      variant("at random", "behind", isReference: true) {
        behind($0.value, .random, $0[.serviceVariation])
      },
      variant("least loaded", "behind") { behind($0.value, .leastLoaded, $0[.serviceVariation]) },
    ],
    uncertain: [.serviceVariation],
    headline: DeclaredHeadline(value: 8, variant: "least loaded"),
    model: { question in
      let servers = question.isBaseline ? 1 : Double(question.value)
      let isOneQueue = question.variant == "least loaded"
      let rate = largestRate { rate in
        // What the web tier and the database have left: the rates of their sojourns.
        let left = isOneQueue ? servers / web - rate : 1 / web - rate / servers
        return exceeds(level - (isOneQueue ? web : 0), left, 1 / database - rate)
      }
      return Model(
        Term<PerSecond>.exactly(rate).named("p99 of two queues, one after the other"), per: .metric)
    })
}

/// Seconds of work of a request, and of the response time that 99% may not exceed.
private let (web, database, level) = (0.005, 0.0005, 0.25)
private let requests = 40_000.0

private func behind(_ servers: Int, _ balancer: Tier.Balancer, _ variation: Double) -> Route {
  Tier(
    "web", replicas: servers, service: .varying(mean: .seconds(web), by: variation),
    balancer: balancer
  ).then(Tier("database", service: .varying(mean: .seconds(database), by: variation)))
}

/// The probability that the sum of two exponential times with these rates exceeds `time`, less 1%.
private func exceeds(_ time: Double, _ first: Double, _ second: Double) -> Double {
  guard first > 0, second > 0 else { return 1 }
  let second = first == second ? second * 1.000_1 : second
  return (second * exp(-first * time) - first * exp(-second * time)) / (second - first) - 0.01
}

/// The largest rate at which a rising function is not above 0.
private func largestRate(_ function: (Double) -> Double) -> Double {
  var (low, high) = (0.0, 1 / database)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if function(middle) > 0 { high = middle } else { low = middle }
  }
  return low
}

private func variant(
  _ name: String, _ shows: String, isReference: Bool = false,
  _ route: @escaping @Sendable (Point) -> Route
) -> Variant {
  Variant(simulated: name, isReference: isReference, shows: [shows]) { point in
    var search = LoadSearch(from: 100)
    let largest = search.largest { rate in
      let system = System { Source("users", .poisson(perSecond: rate), to: route(point)) }
      let outcome = system.run(
        seed: point.seed, for: .seconds(1.1 * requests / rate),
        warmUp: .seconds(0.1 * requests / rate), drains: true)
      return (outcome, outcome["users"].response.percentile(99) <= level)
    }
    return Replication(
      offered: search.offered,
      figures: ["capacity": Counter(largest, unit: .operationsPerSecond)])
  }
}
