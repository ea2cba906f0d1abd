import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// Servers for a day with a quiet night and a steep morning.
  static let diurnal = Experiment(
    id: "scale/diurnal",
    title: "Servers for the peak → as many as the load needs, by an autoscaler",
    slot: "scale/100m/cost",
    claim: """
      An autoscaler needs 57% of the server hours of a day with a quiet night, and keeps the \
      response times where a server boots within two minutes; at five minutes 3% of the requests \
      are late by the morning's rise of twenty minutes, at a quarter of an hour 11%, at an hour \
      nearly half.
      """,
    mechanism: """
      Servers for the peak are idle all night: what is saved is the mean ÷ the peak, whatever the \
      scaler does. What that costs is decided by the boot time ÷ the time of the rise. A full \
      server shows 100% however long its queue is, so that the scaler orders 1 ÷ 62.5% = 1.6 times \
      as many, sees them a boot time later, and orders again: from five servers to 32 takes four \
      boot times. It goes on ordering until the queue is gone, and ends with more than the peak \
      needs.
      """,
    limits: """
      A day that is like the last one can be scheduled ahead, without any delay. A jump in the \
      load (a campaign, a failover) is not a curve: only spare servers help. Down is decided ten \
      minutes late, so that a dip doesn't empty the pool. A virtual machine of EC2 took 97 s to \
      boot in 2012 (Mao and Humphrey); the application and its caches come on top.
      """,
    diagram: drawing(of: [
      "for the peak": day(boot: nil), "autoscaled": day(boot: 97),
    ]),
    sweep: .count(
      "boot time", [30, 97, 300, 900, 3_600], smoke: 97, label: { "a boot time of \($0) s" }),
    metric: .reported("server hours per day", unit: .count, lowerIsBetter: true),
    signals: ["requests later than a minute", "servers at most"],
    work: { _ in Work(elements: 86_400 * peak * 0.5, each: "request") },
    variants: [
      Variant(system: "for the peak", shows: ["day"]) {
        simulated(day(boot: nil, $0))
      } figures: {
        figures($0)
      },
      Variant(system: "autoscaled", shows: ["day"]) {
        simulated(day(boot: Double($0.value), $0))
      } figures: {
        figures($0)
      },
    ],
    uncertain: [night, rise],
    headline: DeclaredHeadline(value: 97, variant: "autoscaled"),
    model: { question in
      // Mean load × service ÷ target, or the peak's servers all day.
      let mean = question.isBaseline ? 1.0 : (12 * 0.1 + 29.0 / 3 + 7.0 / 3 * 0.55) / 24
      return Model(
        Term<Pure>.exactly(24 * mean * peak * service / target).named("load ÷ target"),
        per: .metric)
    })
}

/// Requests per second, seconds each, and the utilisation that is aimed at: 32 servers at the peak.
private let (peak, service, target) = (2.0, 10.0, 0.625)

private let night = UncertainInput("load at night ÷ peak", 0.1, in: 0.05...0.5)
private let rise = UncertainInput("minutes of the morning's rise", 20, in: 5...120)

private func day(boot: Double?, _ point: Point) -> System {
  day(boot: boot, night: point[night], rise: point[rise])
}

/// A tenth of the peak at night; it rises to the peak from 8:00 to 8:20, and falls from 18:00 to
/// 20:00.
private func day(
  boot: Double?, night: Double = night.estimate, rise: Double = rise.estimate
) -> System {
  let hours = [(0, night), (8, night), (8 + rise / 60, 1), (18, 1), (20, night), (24, night)]
  let rates = hours.map { hour, share in
    Arrivals.RatePoint(at: .seconds(3_600 * hour), perSecond: share * peak)
  }
  let most = Int(peak * service / target)
  let scaling = boot.map {
    Autoscaling(
      target: target, in: 4...2 * most, every: .seconds(120), boot: .exactly(.seconds($0)),
      settling: .seconds(600))
  }
  let servers = Tier(
    "servers", replicas: boot == nil ? most : 5, service: .exponential(mean: .seconds(service)),
    balancer: .leastLoaded, scaling: scaling)
  return System { Source("users", .varying(rates), to: servers) }
}

private func simulated(_ system: System) -> SimulatedSystem {
  SimulatedSystem(system: system, time: .seconds(86_400), warmUp: .zero)
}

private func figures(_ outcome: SystemOutcome) -> [String: Counter] {
  let servers = outcome.tier("servers")
  return [
    "server hours per day": Counter(24 * servers.replicasPaid, unit: .count),
    "requests later than a minute": .share(
      1 - outcome["users"].response.share(within: .seconds(60))),
    "servers at most": Counter(Double(servers.mostReplicas), unit: .count),
  ]
}
