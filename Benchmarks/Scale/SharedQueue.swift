import Harness
import Results
import Simulation

extension Experiment {
  /// Two servers with a queue each, or with one between them.
  static let sharedQueue = Experiment(
    id: "scale/shared-queue",
    title: "Two servers: a queue each → one shared queue",
    slot: "scale/10k/architecture",
    claim: """
      Two servers with one shared queue respond up to twice as fast as two servers with a queue \
      each and random routing at high utilisation, and hardly faster when they are mostly idle.
      """,
    mechanism: """
      With a queue for each server, requests wait behind a busy server while the other one is idle. \
      A shared queue (M/M/2 instead of two M/M/1) never leaves a server idle while a request waits. \
      By the closed forms the mean response time falls by the factor 1 + utilisation.
      """,
    limits: """
      A shared queue is one more hop and one more part that can fail. One server of twice the speed \
      is better still, since it serves each request in half the time. Arrivals here are Poisson and \
      service times exponential; with steadier service times requests wait less in every variant.
      """,
    diagram: """
      flowchart LR
        subgraph before["a queue each: {a queue each}"]
          direction LR
          r0["requests"] -- "at random" --> q0["queue"] --> s0["server"]
          r0 -- "at random" --> q1["queue"] --> s1["server"]
        end
        subgraph after["one queue: {one queue}"]
          direction LR
          r1["requests"] --> q2["queue"] --> s2["server"]
          q2 --> s3["server"]
        end
        fast["for comparison, one fast server: {one fast server}"]
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .count(
      "utilisation", [20, 50, 70, 80, 90, 95], smoke: 50, label: { "\($0) % utilisation" }),
    metric: .reported("mean response time", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["busy share of a server"],
    work: { _ in Work(elements: requests, each: "request") },
    variants: [
      variant("a queue each", shows: "queueEach", queueEach),
      variant("one fast server", shows: "fastServer", isReference: true, fastServer),
      variant("one queue", shows: "oneQueue", oneQueue),
    ],
    uncertain: [.serviceVariation],
    model: { question in
      let busy = Double(question.value) / 100
      let time = Time.exactly(1e6)
      let service = question.variant == "one fast server" ? time / 2 : time
      // In service times. Kleinrock, Queueing Systems I, 1975, chapter 3: M/M/2, otherwise M/M/1.
      let wait =
        question.variant == "one queue" ? busy * busy / (1 - busy * busy) : busy / (1 - busy)
      return Model(service.named("service") + (wait * service).named("waiting"), per: .metric)
    })
}

private let requests = 400_000.0

private func queueEach(_ variation: Double) -> Tier {
  Tier(
    "servers", replicas: 2, service: .varying(mean: .milliseconds(1), by: variation),
    balancer: .random)
}

private func oneQueue(_ variation: Double) -> Tier {
  Tier("servers", servers: 2, service: .varying(mean: .milliseconds(1), by: variation))
}

/// It has the same name, so that a request needs the same work, which takes half the time.
private func fastServer(_ variation: Double) -> Tier {
  Tier("servers", service: .varying(mean: .milliseconds(0.5), by: variation))
}

private func variant(
  _ name: String, shows: String, isReference: Bool = false,
  _ servers: @escaping @Sendable (_ variation: Double) -> Tier
) -> Variant {
  Variant(system: name, isReference: isReference, shows: [shows]) { point in
    let rate = 2_000 * Double(point.value) / 100
    let tier = servers(point[.serviceVariation])
    return SimulatedSystem(
      system: System { Source("requests", .poisson(perSecond: rate), to: tier) },
      time: .seconds(requests / rate), warmUp: .seconds(0.1 * requests / rate))
  } figures: { outcome in
    [
      "mean response time": .seconds(outcome["requests"].response.mean),
      "busy share of a server": .share(outcome.tier("servers").utilisation),
    ]
  }
}
