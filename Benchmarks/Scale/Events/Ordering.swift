import Harness
import Results
import Simulation

extension Experiment {
  /// Events in one order, or in one order per key.
  static let ordering = Experiment(
    id: "scale/ordering",
    title: "One order for all events → an order per key",
    slot: "scale/1m/events",
    claim: """
      Four partitions by key take 3.6 times the events of one queue, 64 only some 23 times and 256 \
      some 28 times: the partition of the most popular key is full while the others are idle.
      """,
    mechanism: """
      Events of a key must stay in order, so that a key has one partition, and a partition one \
      consumer at a time. The busiest partition limits the whole. With Zipf's law the most popular \
      of 10,000 customers has 3.7% of the events at exponent 0.8, and its partition an even share \
      of the others as well: more partitions divide only the others. No number of partitions takes \
      more than 1 ÷ 0.037, 27 times one queue.
      """,
    limits: """
      Where an order is needed only per order or per session, and not per customer, the keys are \
      many more and none is popular. A retry that sends an event again behind later ones of its \
      key breaks the order as well; waiting for it stops the whole partition.
      """,
    diagram: drawing(of: ["one queue": queue(1, rate: 500), "by key": queue(16, rate: 500)]),
    sweep: .count("partitions", [4, 16, 64, 256], smoke: 4, label: { "\($0) partitions" }),
    metric: .reported("capacity", unit: .operationsPerSecond, lowerIsBetter: false),
    work: { _ in Work(elements: 16_000, each: "event") },
    variants: [
      ReadCapacity.variant("one queue", shows: "queue", requests: 16_000) { rate, point in
        queue(1, rate: rate, exponent: point[.webPopularity])
      },
      ReadCapacity.variant("by key", shows: "queue", requests: 16_000) { rate, point in
        queue(point.value, rate: rate, exponent: point[.webPopularity])
      },
    ],
    uncertain: [.webPopularity],
    headline: DeclaredHeadline(value: 64, variant: "by key"),
    model: { question in
      let partitions = question.isBaseline ? 1.0 : Double(question.value)
      return ReadCapacity.predicted(1 / partitions)
    })
}

/// Events of 10,000 customers, each a millisecond of work for its partition's consumer.
private func queue(
  _ partitions: Int, rate: Double, exponent: Double = UncertainInput.webPopularity.estimate
) -> System {
  let consumers = Tier(
    "partitions", replicas: partitions, service: ReadCapacity.service(), balancer: .hash)
  return System {
    Source(
      "reads", .poisson(perSecond: rate), keys: .zipf(10_000, exponent: exponent), to: consumers)
  }
}
