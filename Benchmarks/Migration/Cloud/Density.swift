import CitedData
import Glibc
import Harness
import Results
import Simulation
import Statistics

extension Experiment {
  /// Services on a machine each, or several on one.
  static let density = Experiment(
    id: "migration/density",
    title:
      "Packed services with 0.2 cores of load each: on small machines → as densely on large ones",
    slot: "migration/cloud/containers",
    claim: """
      Packed to 80% on machines of two cores, services cost an eighth of a VM each and their p99 \
      doubles; packed as densely on machines of sixteen cores they cost the same eighth and have \
      the p99 of a VM each. How full a machine may be depends on how large it is.
      """,
    mechanism: """
      A request takes 5 ms of a core (exponential), arrivals are independent. {point} per two \
      cores. On c cores with the load a it waits with Erlang's C(c, a), and then for 5 ms ÷ (c − \
      a) on average: at 80% two cores make 71% of the requests wait, and sixteen cores 26%, for \
      an eighth of the time. The bursts of eight times as many services average out. The cost of \
      a service is that of two cores divided by the services on them, in both.
      """,
    limits: """
      All services are alike and share the cores fairly here. A neighbour that takes what it gets \
      is held back by shares or limits (`migration/cpu-limits`). Memory can't be shared in time: \
      it decides the density where each service needs gigabytes. Caches and memory bandwidth of \
      the machine are shared too, and bursts of all services at one hour don't average out. One \
      machine of sixteen cores that fails takes forty services along.
      """,
    diagram: """
      flowchart LR
        alone["a VM each: {a VM each}"]
        subgraph before["on 2 cores: {packed on 2 cores}"]
          v0["{point} on 2 cores"]
        end
        subgraph after["on 16 cores: {packed on 16 cores}"]
          v1["{point} per 2 cores, 8 times as many"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("services", [2, 4, 6, 8, 9], smoke: 4, label: { "\($0) services" }),
    metric: .reported("p99 response time", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["dollars per service and month", "utilisation"],
    work: { _ in Work(elements: requests, each: "request") },
    variants: [
      variant("packed on 2 cores", cores: { _ in 2 }, services: { $0 }),
      variant("a VM each", isReference: true, cores: { _ in 2 }, services: { _ in 1 }),
      variant("packed on 16 cores", cores: { _ in 16 }, services: { 8 * $0 }),
    ],
    uncertain: [variation],
    headline: DeclaredHeadline(value: 8, variant: "packed on 16 cores"),
    model: { question in
      let cores = question.variant == "packed on 16 cores" ? 16 : 2
      let services = question.variant == "a VM each" ? 1 : question.value * cores / 2
      return Model(
        (p99(cores: cores, load: load * Double(services)) * Time.exactly(time * 1e9)).named(
          "M/M/c"), per: .metric)
    })
}

/// Cores that a service keeps busy, and seconds of a request.
private let (load, time) = (0.2, 0.005)
private let requests = Releases.areFew ? 2_000.0 : 200_000

/// Of the response in service times: with the chance C it waits for an exponential time of the mean
/// 1 ÷ (c − a) before its service (Kleinrock, Queueing Systems I, 1975).
private func p99(cores: Int, load: Double) -> Ratio {
  let waits = Erlang.waiting(servers: cores, load: load)
  let rest = Double(cores) - load
  var (low, high) = (0.0, 1_000.0)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    // The tail of service alone, and of wait and service where their rates differ.
    let both =
      abs(rest - 1) < 1e-9
      ? (1 + middle) * exp(-middle)
      : (rest * exp(-middle) - exp(-rest * middle)) / (rest - 1)
    if (1 - waits) * exp(-middle) + waits * both > 0.01 { low = middle } else { high = middle }
  }
  return .exactly(low)
}

private let variation = UncertainInput(
  "variation.service", named: "squared variation of a service time")

private func machine(_ cores: Int, _ variation: Double) -> Tier {
  Tier(
    "machine", servers: cores,
    service: variation == 1
      ? .exponential(mean: .seconds(time))
      : .gamma(mean: .seconds(time), squaredVariation: variation))
}

private func variant(
  _ name: String, isReference: Bool = false, cores: @escaping @Sendable (Int) -> Int,
  services: @escaping @Sendable (Int) -> Int
) -> Variant {
  Variant(simulated: name, isReference: isReference, shows: ["machine"]) { point in
    let (cores, services) = (cores(point.value), services(point.value))
    let rate = Double(services) * load / time
    let machine = machine(cores, point[variation])
    let outcome = System { Source("requests", .poisson(perSecond: rate), to: machine) }
      .run(
        seed: point.seed, for: .seconds(requests / rate), warmUp: .seconds(0.1 * requests / rate))
    let month = ListPrice.twoCores * Double(cores) / 2
    return Replication(
      // Another machine gets other requests: what is common is the seed.
      offered: point.seed,
      figures: [
        "p99 response time": .seconds(outcome["requests"].response.percentile(99)),
        "dollars per service and month": .count(month / Double(services)),
        "utilisation": .share(outcome.tier("machine").utilisation),
      ])
  }
}
