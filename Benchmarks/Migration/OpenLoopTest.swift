import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// A load test of a release that is too slow for the peak.
  static let openLoopTest = Experiment(
    id: "migration/open-loop-test",
    title: "A load test before the cut-over: closed loop → open loop",
    slot: "migration/performance/validation",
    claim: """
      A release that can't carry the peak passes a closed-loop test, which slows down with it \
      and shows a p99 that is the number of testers times the service time; an open loop at the \
      peak's rate shows what users will see, which grows with every second of the peak.
      """,
    mechanism: """
      The old service takes 1 ms per request (exponential, one at a time), the peak is 900 \
      requests per second, the release is slower by {point}. Twenty testers who send again as \
      soon as they have a response (wrk, ab and k6 with virtual users work so) never have more \
      than twenty requests in the queue: the p99 is that of a sum of twenty service times. In an \
      open loop requests come when they come. Below the capacity a response is exponential with \
      the rate capacity − load, so that its p99 is ln 100 ÷ (that rate); above it the queue \
      grows by load − capacity for as long as the test lasts, here a minute.
      """,
    limits: """
      A closed loop is right where clients are few and do wait: batch workers, a pool of \
      connections. It finds the capacity, as its throughput; compare *that* with the peak. An \
      open loop beyond the capacity has no steady state, and its p99 says how long the test was. \
      Real services have time-outs, so that users see errors in place of the last seconds.
      """,
    diagram: """
      flowchart LR
        subgraph before["closed loop: {closed loop}"]
          direction LR
          t0["20 testers"] --> s0["release, {point}"] -- "response, next request" --> t0
        end
        subgraph after["open loop: {open loop}"]
          direction LR
          t1["900 per second"] --> q1["queue"] --> s1["release, {point}"]
        end
        before -- "what users see: {speedup}" --> after
      """,
    sweep: .count(
      "slower", [0, 5, 10, 25], smoke: 5, label: { $0 == 0 ? "as fast" : "\($0) % slower" }),
    metric: .reported("p99 that the test shows", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["throughput"],
    work: { _ in Work(elements: Double(requests), each: "request") },
    variants: [
      variant("closed loop", shows: "closedLoop", closedLoop),
      variant("open loop", shows: "openLoop", openLoop),
    ],
    noUncertainty: """
      How many testers there are, the peak and its length are choices, and the release's \
      slowness is the axis.
      """,
    headline: DeclaredHeadline(value: 25, variant: "open loop"),
    model: { question in
      let service = 1e6 * (1 + Double(question.value) / 100)
      guard !question.isBaseline else {
        // The 99th percentile of an Erlang distribution of twenty phases, in its phases: 31.85.
        return Model(Time.exactly(31.85 * service).named("twenty service times"), per: .metric)
      }
      let (capacity, load) = (1e9 / service, 900.0)
      guard load < capacity else {
        // The queue at the end, of which the last hundredth waits nearly all.
        let late = Double(requests) * (service - 1e9 / load)
        return Model(Time.exactly(0.99 * late).named("queue at the end"), per: .metric)
      }
      return Model(
        Time.exactly(log(100) / (capacity - load) * 1e9).named("response of M/M/1"), per: .metric)
    })
}

/// Of a minute's peak.
private let requests = Releases.areFew ? 2_000 : 54_000

/// Seconds of each request, and the time of all.
private typealias Test =
  @Sendable (
    _ services: [Double], _ random: inout SeededGenerator
  ) -> (responses: [Double], seconds: Double)

private func closedLoop(
  _ services: [Double], _ random: inout SeededGenerator
) -> (responses: [Double], seconds: Double) {
  var sent = [Double](repeating: 0, count: 20)
  var (free, responses) = (0.0, [Double]())
  for (number, service) in services.enumerated() {
    free += service
    responses.append(free - sent[number % 20])
    sent[number % 20] = free
  }
  return (responses, free)
}

private func openLoop(
  _ services: [Double], _ random: inout SeededGenerator
) -> (responses: [Double], seconds: Double) {
  var (free, now, responses) = (0.0, 0.0, [Double]())
  for service in services {
    now += random.exponential() / 900
    free = max(free, now) + service
    responses.append(free - now)
  }
  return (responses, free)
}

private func variant(_ name: String, shows: String, _ test: @escaping @Sendable Test) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    var demands = SeededGenerator(seed: point.seed, stream: 1)
    var arrivals = SeededGenerator(seed: point.seed, stream: 2)
    let mean = 0.001 * (1 + Double(point.value) / 100)
    let services = (0..<requests).map { _ in mean * demands.exponential() }
    let (responses, seconds) = test(services, &arrivals)
    return Replication(
      offered: demands.next(),
      figures: [
        "p99 that the test shows": .seconds(responses.quantile(0.99)),
        "throughput": Counter(Double(requests) / seconds, unit: .operationsPerSecond),
      ])
  }
}
