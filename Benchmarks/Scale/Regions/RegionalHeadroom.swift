import Harness
import Results
import Simulation

extension Experiment {
  /// One of three regions is lost, and the others get its users and their keys.
  static let regionalHeadroom = Experiment(
    id: "scale/regional-headroom",
    title: "Headroom for the lost region's requests → for its keys as well",
    slot: "scale/1m/multi-region",
    claim: """
      After the loss of one of three regions the others have 1.5 times the requests, but 1.7 times \
      the misses: at 55% load of the database, which the n + 1 rule allows, nearly half of the \
      requests are not answered in time; with room for the lost region's keys in the caches all \
      are, up to 55%.
      """,
    mechanism: """
      The rule counts requests: two regions carry three regions' load at n ÷ (n − 1) = 1.5 times \
      their own, which fits up to 66%. The database sees misses. The newcomers ask for other keys, \
      their users' own, and the cache has to hold half as many keys again. Each key gets fewer \
      slots, so that the hit ratio falls for all, and stays lower until the region is back. Half \
      as many slots again keep it where it was.
      """,
    limits: """
      Where all regions ask for the same content the caches hold it already, and the arithmetic is \
      right. Detection and routing take no time here (scale/dns-failover). The newcomers' first \
      requests are misses in both variants, and make a queue: from 60% on the larger caches don't \
      work it off in the minute that is watched. Clients give up after a second and do not try \
      again.
      """,
    diagram: drawing(of: [
      "same caches": region(load: 0.6, slots: 5_000),
      "larger caches": region(load: 0.6, slots: 7_500),
    ]),
    sweep: .count("load", [40, 50, 55, 60, 65], smoke: 50, label: { "\($0) % load before" }),
    metric: .share("requests answered in time", lowerIsBetter: false),
    signals: ["hit ratio after the loss", "load of the database"],
    work: { _ in Work(elements: 1.5 * rate * (end - loss), each: "request") },
    variants: [
      variant("same caches", slots: 5_000), variant("larger caches", slots: 7_500),
    ],
    uncertain: [.webPopularity],
    headline: DeclaredHeadline(value: 60, variant: "larger caches"),
    model: { question in
      let after = 1.5 * Double(question.value) / 100
      return Model(
        Term<Percent>.exactly(100 * min(1, 1 / after)).named("1.5 times the load"), per: .metric)
    })
}

private let (keyCount, rate) = (20_000, 400.0)
/// Seconds: when the lost region's users come, and the end.
private let (loss, end) = (50.0, 110.0)
private let usual = UncertainInput.webPopularity.estimate
private let usualMisses = misses(at: usual)

/// Of the smaller cache before the loss, where Zipf's law has this exponent.
private func misses(at exponent: Double) -> Double {
  1 - CacheTheory(zipf: keyCount, exponent: exponent, grouping: 0.01).hitRatio(slots: 5_000)
}

/// One of the two regions that are left, which gets half of the lost one's requests. With 5,000
/// slots its database has a load of `load` before.
private func region(load: Double, slots: Int, exponent: Double = usual) -> System {
  let misses = exponent == usual ? usualMisses : misses(at: exponent)
  let database = Tier(
    "database", servers: 20, service: .exponential(mean: .seconds(20 * load / (rate * misses))))
  let served = Cache("cache", slots: slots).missing(database).timeout(after: .seconds(1))
  let newcomers: [Arrivals.RatePoint] = [
    .init(at: .zero, perSecond: 0), .init(at: .seconds(loss), perSecond: 0),
    .init(at: .seconds(loss), perSecond: rate / 2), .init(at: .seconds(end), perSecond: rate / 2),
  ]
  return System {
    Source(
      "own users", .poisson(perSecond: rate), keys: .zipf(keyCount, exponent: exponent), to: served)
    Source(
      "newcomers", .varying(newcomers), keys: .zipf(keyCount, exponent: exponent, from: keyCount),
      to: served)
  }
}

private func variant(_ name: String, slots: Int) -> Variant {
  Variant(system: name, shows: ["region"]) { point in
    SimulatedSystem(
      system: region(
        load: Double(point.value) / 100, slots: slots, exponent: point[.webPopularity]),
      time: .seconds(end), warmUp: .seconds(loss))
  } figures: { outcome in
    let (own, others) = (outcome["own users"], outcome["newcomers"])
    return [
      "requests answered in time": .share(
        Double(own.succeeded + others.succeeded) / Double(own.arrived + others.arrived)),
      "hit ratio after the loss": .share(outcome.cache("cache").hitRatio),
      "load of the database": .share(outcome.tier("database").utilisation),
    ]
  }
}
