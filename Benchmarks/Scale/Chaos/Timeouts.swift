import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// A dependency that becomes slow, and how long its callers wait.
  static let timeouts = Experiment(
    id: "scale/timeouts",
    title: "Wait for a slow dependency → a time-out, and retries",
    slot: "scale/100m/chaos",
    claim: """
      A dependency that is ten times slower for a third of the time costs callers without a \
      time-out more than half of all answers; 50 ms, just above the healthy p99, keeps all that \
      don't need it. 300 ms is as bad as none, and with two retries even 50 ms is.
      """,
    mechanism: """
      A caller holds a thread while it waits. Without a time-out the slow calls hold all 40 \
      threads, and pages that need nothing of the dependency wait as well. A time-out t frees the \
      threads if the calls per second × t are fewer than 40: too long a time-out is none. Too \
      short a one fails healthy calls, whose work is done for nothing. Retries multiply both \
      effects: three attempts hold three times as many threads.
      """,
    limits: """
      The dependency does not learn that its caller has given up, and works through the backlog \
      after the slow phase: the outage lasts longer than its cause. The best time-out moves with \
      load, since the healthy p99 does. A queue at the dependency that rejects early ends both.
      """,
    diagram: drawing(
      of: [
        "no time-out": shop(), "time-out": shop(timeout: 0.05),
        "time-out, 2 retries": shop(timeout: 0.05, retries: 2),
      ], headline: "time-out"),
    sweep: .count(
      "time-out", [5, 20, 50, 100, 300, 1_000], smoke: 50, label: { "\($0) ms" }),
    metric: .share("answered in time", lowerIsBetter: false),
    signals: ["pages without the dependency", "calls per request"],
    work: { _ in Work(elements: 60 * 1_000, each: "request") },
    variants: [
      variant("no time-out") { _ in shop() },
      variant("time-out") { shop(timeout: $0) },
      variant("time-out, 2 retries") { shop(timeout: $0, retries: 2) },
    ],
    headline: DeclaredHeadline(value: 50, variant: "time-out"),
    model: { question in
      let wait = Double(question.value) / 1_000
      let attempts = question.variant == "time-out, 2 retries" ? 3.0 : 1
      // A healthy call is exponential with a mean of 10 ms. A third of the time is slow.
      let missed = question.isBaseline ? 0 : pow(exp(-wait / 0.01), attempts)
      let held = question.isBaseline ? .infinity : 300 * wait * attempts + 3.5
      let healthy = 0.7 + 0.3 * (1 - missed)
      let slow = held < 40 ? 0.7 : 0
      return Model(
        Term<Percent>.exactly(100 * (2 * healthy + slow) / 3)
          .named("healthy calls in time, and free threads"), per: .metric)
    })
}

/// 700 pages per second need a thread for 5 ms, 300 also a call. From 20 s to 40 s a call takes ten
/// times as long.
private func shop(timeout: Double? = nil, retries: Int = 0) -> System {
  let slow = Outage(at: .seconds(20), for: .seconds(20), of: 0..<1, slowdown: 10)
  let dependency = Tier(
    "dependency", servers: 6, service: .exponential(mean: .milliseconds(10)), outages: [slow])
  let web = Tier("web", servers: 40, service: .exponential(mean: .milliseconds(5)))
  let call =
    timeout.map { dependency.timeout(after: .seconds($0)).retried(Retries(retries)) }
    ?? dependency.route
  return System {
    Source(
      "reviews", .poisson(perSecond: 300),
      to: web.calling(call).timeout(after: .seconds(1)))
    Source("catalogue", .poisson(perSecond: 700), to: web.timeout(after: .seconds(1)))
  }
}

private func variant(_ name: String, _ declare: @escaping @Sendable (Double) -> System) -> Variant {
  Variant(system: name, shows: ["shop"]) { point in
    SimulatedSystem(
      system: declare(Double(point.value) / 1_000), time: .seconds(60), warmUp: .seconds(1))
  } figures: { outcome in
    let (reviews, catalogue) = (outcome["reviews"], outcome["catalogue"])
    return [
      "answered in time": .share(
        Double(reviews.succeeded + catalogue.succeeded)
          / Double(reviews.arrived + catalogue.arrived)),
      "pages without the dependency": .share(catalogue.successShare),
      "calls per request": Counter(
        Double(outcome.tier("dependency").arrivals) / Double(reviews.arrived), unit: .count),
    ]
  }
}
