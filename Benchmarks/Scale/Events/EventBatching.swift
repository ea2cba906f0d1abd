import Harness
import Results
import Simulation

extension Experiment {
  /// A consumer with a fixed cost per call, and how it groups events.
  static let eventBatching = Experiment(
    id: "scale/event-batching",
    title: "One event at a time → wait for a batch, or take what is there",
    slot: "scale/1m/events",
    claim: """
      Waiting 10 ms for a batch makes events eight times slower than one at a time at 10% load, \
      and faster only above 90% load; taking what has arrived meanwhile is as fast as one at a \
      time at low load, faster at all others, and needs no setting.
      """,
    mechanism: """
      A call costs 1 ms and each event 0.1 ms more, so that a batch of b events takes (1 + 0.1 b) \
      ms, and the capacity rises from 909 events per second towards 10,000. Waiting adds half of \
      its time at any load. It pays where the queue is longer than that: near the capacity of \
      single events. A consumer that takes whatever waits when it is free forms no batch at low \
      load, and ever larger ones as the load rises: the queue itself is the timer.
      """,
    limits: """
      A batch fails or succeeds as a whole, and one bad event holds up the others. Where a call's \
      cost is another party's (a fee, a flush of a disk), fewer and fuller batches may be worth \
      the wait. Above its capacity the consumer of single events has no steady state: its figure \
      depends on how long it is watched, here 20 s.
      """,
    diagram: """
      flowchart LR
        e["events"] --> q["queue"]
        q -- "one" --> a["single events: {single events}"]
        q -- "after 10 ms" --> b["wait for a batch: {wait for a batch}"]
        q -- "all that wait" --> c["what is there: {what is there}"]
        a -- "{speedup} at {point}" --> c
      """,
    sweep: .count(
      "load", [10, 50, 90, 98, 150, 500], smoke: 50, label: { "\($0) % of single capacity" }),
    metric: .reported("mean delay", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["p99 delay", "events per call"],
    work: { Work(elements: capacity * Double($0) / 100 * watched, each: "event") },
    variants: [
      variant("single events", most: 1, wait: 0),
      variant("wait for a batch", most: 100, wait: 10),
      variant("what is there", most: 100, wait: 0),
    ],
    headline: DeclaredHeadline(value: 90, variant: "what is there"),
    model: { question in
      let load = Double(question.value) / 100
      let perMillisecond = capacity * load / 1_000
      // Batches of what comes in a batch's time: b = λ (1 + b ÷ 10).
      let size = max(1, perMillisecond / (1 - 0.1 * perMillisecond))
      let (wait, call): (Double, Double) =
        switch question.variant {
        // M/D/1; overloaded, it falls behind by load − 1 seconds per second.
        case "single events":
          (load < 1 ? 1.1 * load / (1 - load) / 2 : (load - 1) * watched * 500, 1.1)
        case "wait for a batch": (5, 1.1 + perMillisecond)
        default: ((1 + 0.1 * size) / 2 * load / (1 + load), 1 + 0.1 * size)
        }
      return Model(
        Time.exactly(1e6 * wait).named("waiting") + Time.exactly(1e6 * call).named("the call"),
        per: .metric)
    })
}

/// Single events per second.
private let capacity = 1 / 0.0011
private let watched = 20.0

/// Events come at random times. A call begins when the consumer is free and the oldest event has
/// waited long enough, in milliseconds, or the batch is full.
private func consumer(_ rate: Double, most: Int, wait: Double, _ seed: UInt64) -> Replication {
  var gaps = RandomStream(seed: seed, "gaps")
  var (arrivals, time, digest): ([Double], Double, UInt64) = ([], 0, 0)
  while time < watched {
    time += gaps.exponential(mean: 1 / rate)
    arrivals.append(time)
    digest = (digest << 7 | digest >> 57) ^ time.bitPattern
  }
  var (free, first, calls) = (0.0, 0, 0)
  var delays: [Double] = []
  while first < arrivals.count {
    let full = first + most - 1 < arrivals.count ? arrivals[first + most - 1] : .infinity
    let start = max(free, min(arrivals[first] + wait / 1_000, max(full, arrivals[first])))
    var end = first
    while end < arrivals.count, end - first < most, arrivals[end] <= start { end += 1 }
    free = start + 0.001 + 0.0001 * Double(end - first)
    for event in first..<end { delays.append(free - arrivals[event]) }
    (first, calls) = (end, calls + 1)
  }
  let mean = delays.reduce(0, +) / Double(delays.count)
  delays.sort()
  return Replication(
    offered: digest,
    figures: [
      "mean delay": .seconds(mean),
      "p99 delay": .seconds(delays[delays.count * 99 / 100]),
      "events per call": Counter(Double(delays.count) / Double(calls), unit: .count),
    ])
}

private func variant(_ name: String, most: Int, wait: Double) -> Variant {
  Variant(simulated: name, shows: ["consumer"]) {
    consumer(capacity * Double($0.value) / 100, most: most, wait: wait, $0.seed)
  }
}
