import Harness
import LoadBenches
import Results

extension Experiment {
  /// A consumer with a fixed cost per call, and how it groups events.
  static let eventBatching = Experiment(
    id: "scale/event-batching",
    title: "One event at a time → wait for a batch, or take what is there",
    slot: "scale/1m/events",
    claim: """
      Waiting 4 ms for a batch makes events several times slower than one at a time at 30% load, and \
      faster only near and above 100%; taking what has arrived meanwhile is as fast as one at a time \
      at low load, faster at all others, and needs no setting.
      """,
    mechanism: """
      A call costs 0.4 ms and each event 0.04 ms more, so that a batch of b events takes (0.4 + 0.04 \
      b) ms, and the capacity rises from 2,273 events per second towards 25,000. Waiting adds half of \
      its time at any load. It pays where the queue is longer than that: near the capacity of single \
      events. A consumer that takes whatever waits when it is free forms no batch at low load, and \
      ever larger ones as the load rises: the queue itself is the timer. The consumer calls a server \
      behind a socket, which holds a call for its time; the prediction simulates that consumer, with \
      the round trip of an empty call on this machine.
      """,
    limits: """
      A batch fails or succeeds as a whole, and one bad event holds up the others. Where a call's \
      cost is another party's (a fee, a flush of a disk), fewer and fuller batches may be worth \
      the wait. Above its capacity the consumer of single events has no steady state: its figure \
      depends on how long it is watched, here 0.12 s.
      """,
    diagram: """
      flowchart LR
        e["events"] --> q["queue"]
        q -- "one" --> a["single events: {single events}"]
        q -- "after 4 ms" --> b["wait for a batch: {wait for a batch}"]
        q -- "all that wait" --> c["what is there: {what is there}"]
        a -- "{speedup} at {point}" --> c
      """,
    sweep: .count(
      "load", [30, 150], smoke: 30, label: { "\($0) % of single capacity" }),
    metric: .reported("mean delay", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["p99 delay", "events per call"],
    needs: [.cores(2)], tolerates: loadTolerates, isMirrored: false,
    isRehearsed: false,
    work: {
      Work(
        elements: Double($0) / 100 * EventConsumer.capacity * EventConsumer.window, each: "event")
    },
    variants: [
      variant("single events", "single", single()),
      variant("wait for a batch", "waiting", waiting()),
      variant("what is there", "greedy", greedy()),
    ],
    demands: Demands { point in ["an empty call": try EventConsumer(point).emptyCall()] },
    headline: DeclaredHeadline(value: 150, variant: "what is there"),
    model: { question in
      guard let call = question.demand("an empty call") else { return nil }
      let batching =
        switch question.variant {
        case "single events": single()
        case "wait for a batch": waiting()
        default: greedy()
        }
      let rate = EventConsumer.capacity * Double(question.value) / 100
      let delay = Time.simulated("simulated delay") { seed in
        1e9 * batching.meanDelay(rate: rate, emptyCall: call.value / 1e9, seed: seed)
      }
      return Model(delay, per: .metric)
    })
}

private func single() -> Batching { Batching(most: 1, wait: 0) }
private func waiting() -> Batching { Batching(most: 100, wait: 0.004) }
private func greedy() -> Batching { Batching(most: 100, wait: 0) }

private func variant(_ name: String, _ shows: String, _ batching: Batching) -> Variant {
  Variant(
    load: name, shows: [shows], prepare: { try EventConsumer($0) }, observe: nil,
    run: { $0.consume(batching) })
}
