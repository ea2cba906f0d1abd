import Glibc
import Harness
import Results
import Statistics

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
    work: { _ in Work(elements: Double(Customers.count), each: "request") },
    variants: [
      variant("a queue each") { $0.respondAtRandom() },
      variant("one fast server", isReference: true) { $0.respondFast() },
      variant("one queue") { $0.respondFromOne() },
    ],
    model: { question in
      let busy = Double(question.value) / 100
      let time = Time.exactly(serviceNanoseconds)
      let service = question.variant == "one fast server" ? time / 2 : time
      // In service times. Kleinrock, Queueing Systems I, 1975, chapter 3: M/M/2, otherwise M/M/1.
      let wait =
        question.variant == "one queue" ? busy * busy / (1 - busy * busy) : busy / (1 - busy)
      return Model(service.named("service") + (wait * service).named("waiting"), per: .metric)
    })
}

private let serviceNanoseconds = 1e6

private func variant(
  _ name: String, isReference: Bool = false,
  _ respond: @escaping @Sendable (inout TwoServers) -> Double
) -> Variant {
  Variant(simulated: name, isReference: isReference, shows: ["TwoServers"]) { point in
    var servers = TwoServers(point)
    let mean = Customers.meanResponse {
      servers.nextArrives()
      return respond(&servers)
    }
    let busy = 100 * servers.work / 2 / servers.now
    return Replication(
      offered: servers.work,
      figures: ["mean response time": mean, "busy share of a server": Counter(busy, unit: .share)])
  }
}

/// Both servers by the times at which they have finished what they were given (Lindley's
/// recursion), with the one customer that arrives now. Nanoseconds.
private struct TwoServers {
  private var gaps, demands, choices: SeededGenerator
  private let gap: Double
  private var free = (0.0, 0.0), demand = 0.0
  /// Of the last arrival.
  private(set) var now = 0.0
  /// Of all customers so far.
  private(set) var work = 0.0

  init(_ point: Point) {
    gaps = SeededGenerator(seed: point.seed, stream: 1)
    demands = SeededGenerator(seed: point.seed, stream: 2)
    choices = SeededGenerator(seed: point.seed, stream: 3)
    gap = serviceNanoseconds / 2 / (Double(point.value) / 100)
  }

  mutating func nextArrives() {
    now -= gap * log(1 - Double.random(in: 0..<1, using: &gaps))
    demand = -serviceNanoseconds * log(1 - Double.random(in: 0..<1, using: &demands))
    work += demand
  }

  mutating func respondAtRandom() -> Double { serve(Bool.random(using: &choices)) }

  /// Who is free first takes the request that has waited longest.
  mutating func respondFromOne() -> Double { serve(free.1 < free.0) }

  mutating func respondFast() -> Double {
    free.0 = max(now, free.0) + demand / 2
    return free.0 - now
  }

  private mutating func serve(_ second: Bool) -> Double {
    let end = max(now, second ? free.1 : free.0) + demand
    if second { free.1 = end } else { free.0 = end }
    return end - now
  }
}
