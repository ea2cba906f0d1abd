import Harness
import Results

extension Experiment {
  /// Requests to a service that counts, and what their processor time costs.
  static let requestBatching = Experiment(
    id: "scale/request-batching",
    title: "A message per request → a message for many",
    slot: "scale/100m/cost",
    claim: """
      A request that adds to a counter costs nearly all of its processor time in system calls and \
      wake-ups: a batch of sixteen serves a billion requests for less than a tenth of the money, \
      one of 256 for about a hundredth.
      """,
    mechanism: """
      A message takes two system calls and a wake-up on each side, however many requests it \
      carries. A batch of n pays them once: what is left of the processor time is one message ÷ n \
      and the work of each request. Where n × the work exceeds the message, larger batches save \
      nothing more. Messages that are sent without waiting for answers save the wake-ups, and not \
      the system calls.
      """,
    limits: """
      What is batched has to be there at the same time: at a low rate a batch waits \
      (scale/event-batching). A batch fails as a whole, or its answer must say which part did. The \
      price is that of a core of c7g.large by the hour (us-east-1, on demand, June 2026), as if \
      this machine's core were one. Real services spend more on each request than an addition; \
      there batching saves less.
      """,
    diagram: """
      flowchart LR
        subgraph before["one by one: {one by one}"]
          r0["request"] --> m0["message"] --> s0["service"]
        end
        ahead["without waiting: {without waiting}"]
        subgraph after["batched: {batched}"]
          r1["{point}"] --> m1["one message"] --> s1["service"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("requests", [4, 16, 64, 256], smoke: 4, label: { "\($0) requests" }),
    metric: .reported("cost of a billion requests", unit: dollars, lowerIsBetter: true),
    signals: ["processor time per request"],
    needs: [.cores(2)],
    tolerates: [.preempted],
    work: { Work(elements: Double($0), each: "request") },
    variants: [
      variant("one by one", "oneByOne", oneByOne),
      variant("without waiting", "ahead", ahead),
      variant("batched", "batched", batched),
    ],
    demands: Demands { point in
      let counters = CountingService(point)
      return [
        "a message": counters.processorTime { _ = counters.add([0]) },
        "a request": counters.processorTime { counters.work() } / Double(point.value),
      ]
    },
    headline: DeclaredHeadline(value: 16, variant: "batched"),
    model: { question throws(MissingNumber) in
      guard let message = question.demand("a message"), let request = question.demand("a request"),
        question.variant != "without waiting"
      else { return nil }
      let billion = Term<DollarsPerHour>.exactly(1e9 * CountingService.coreHour)
      let size = question.isBaseline ? 1 : Double(question.value)
      return Model(
        (billion * (message / size)).named("message")
          + (billion * request).named("work of a request"), per: .metric)
    })
}

private let dollars = Unit(rawValue: "$")

private func oneByOne(_ counters: CountingService) -> UInt64 {
  counters.amounts.reduce(0) { $0 &+ counters.add([$1]) }
}

private func ahead(_ counters: CountingService) -> UInt64 {
  for amount in counters.amounts { counters.send([amount]) }
  return counters.amounts.reduce(0) { sum, _ in sum &+ counters.receive() }
}

private func batched(_ counters: CountingService) -> UInt64 { counters.add(counters.amounts) }

private func variant(
  _ name: String, _ shows: String, _ add: @escaping @Sendable (CountingService) -> UInt64
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { CountingService($0) },
    report: { counters in
      let each = counters.lastTime / Double(counters.amounts.count)
      return [
        "cost of a billion requests": Counter(
          CountingService.coreHour / 3_600e9 * each * 1e9, unit: dollars),
        "processor time per request": Counter(each, unit: .nanoseconds),
      ]
    },
    run: { counters in counters.timed { add(counters) } })
}
