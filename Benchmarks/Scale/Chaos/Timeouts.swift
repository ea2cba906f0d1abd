import Harness
import LoadBenches
import Results
import Simulation

extension Experiment {
  /// A dependency that becomes slow, and how long its callers wait.
  static let timeouts = Experiment(
    id: "scale/timeouts",
    title: "Wait for a slow dependency → a time-out, and retries",
    slot: "scale/100m/chaos",
    claim: """
      A dependency that becomes ten times slower leaves callers without a time-out little more than \
      half of the answers within a tenth of a second; 10 ms, just above the healthy p99, keeps all \
      pages that don't need it. 40 ms loses some of them, and with two retries more than none does.
      """,
    mechanism: """
      A caller holds a thread while it waits. Without a time-out the slow calls hold all 24 \
      threads, and pages that need nothing of the dependency wait as well. A time-out t frees the \
      threads if the calls per second × t are fewer than 24: too long a time-out is none. Too \
      short a one fails healthy calls, whose work is done for nothing. Retries multiply both \
      effects: three attempts hold up to three times as many threads. The pages and the dependency are \
      servers behind sockets, and the threads are permits of their client; the prediction is the \
      simulation of the same two servers and threads, as the code above declares them.
      """,
    limits: """
      The dependency does not learn that its caller has given up, and works through the backlog \
      after the slow phase: the outage lasts longer than its cause. The best time-out moves with \
      load, since the healthy p99 does. A queue at the dependency that rejects early ends both. \
      Here it is healthy for 50 ms and slow for 110; in an outage of a minute the healthy part is \
      less of the whole, and all differences are larger.
      """,
    diagram: drawing(
      of: [
        "no time-out": shop(), "time-out": shop(timeout: 0.01),
        "time-out, 2 retries": shop(timeout: 0.01, retries: 2),
      ], headline: "time-out"),
    sweep: .count("time-out", [4, 10, 40], smoke: 10, label: { "\($0) ms" }),
    metric: .share("requests answered in time", lowerIsBetter: false),
    signals: ["pages without the dependency", "calls per request"],
    needs: [.cores(2), .descriptors(4_096)], tolerates: loadTolerates, isMirrored: false,
    isRehearsed: false,
    work: { _ in
      let rate = SlowDependency.reviews + SlowDependency.catalogue
      return Work(elements: rate * SlowDependency.window, each: "request")
    },
    variants: [
      variant("no time-out", hasTimeout: false, retries: 0),
      variant("time-out", hasTimeout: true, retries: 0),
      variant("time-out, 2 retries", hasTimeout: true, retries: 2),
    ],
    headline: DeclaredHeadline(value: 10, variant: "time-out"),
    model: { question in
      let system = shop(
        timeout: question.isBaseline ? nil : Double(question.value) / 1_000,
        retries: question.variant == "time-out, 2 retries" ? 2 : 0)
      return Model(
        Term<Percent>.simulated("simulated share") { seed in
          let outcome = system.run(seed: seed, for: .seconds(SlowDependency.window), drains: true)
          let (reviews, catalogue) = (outcome["reviews"], outcome["catalogue"])
          return 100 * Double(reviews.succeeded + catalogue.succeeded)
            / Double(max(1, reviews.arrived + catalogue.arrived))
        }, per: .metric)
    })
}

/// All pages need a thread, the reviews also a call.
private func shop(timeout: Double? = nil, retries: Int = 0) -> System {
  typealias Small = SlowDependency
  let slow = Outage(
    at: .seconds(Small.healthy), for: .seconds(1_000), of: 0..<1, slowdown: Small.slowdown)
  let dependency = Tier(
    "dependency", servers: Small.places, service: .exponential(mean: .seconds(Small.call)),
    outages: [slow])
  let web = Tier(
    "web", servers: Small.threads, service: .exponential(mean: .seconds(Small.page)))
  let call =
    timeout.map { dependency.timeout(after: .seconds($0)).retried(Retries(retries)) }
    ?? dependency.route
  let patience = Duration.seconds(Small.patience)
  return System {
    Source(
      "reviews", .poisson(perSecond: Small.reviews),
      to: web.calling(call).timeout(after: patience))
    Source("catalogue", .poisson(perSecond: Small.catalogue), to: web.timeout(after: patience))
  }
}

private func variant(_ name: String, hasTimeout: Bool, retries: Int) -> Variant {
  Variant(
    load: name, shows: ["shop"], prepare: { try SlowDependency($0) }, observe: nil,
    run: { $0.serve(hasTimeout: hasTimeout, retries: retries) })
}
