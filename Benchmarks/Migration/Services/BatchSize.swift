import CitedData
import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// How many changes go out in one release.
  static let batchSize = Experiment(
    id: "migration/batch-size",
    title: "Changes per release: twenty → as many as wait",
    slot: "migration/services/readiness",
    claim: """
      A release of a single change brings changes to users tens of times as fast as one of twenty \
      while a release takes minutes, and not at all once releases take as long as changes take to \
      come: then the queue grows without end. Releasing whatever waits is as fast as the better \
      of the two or faster at every length, and finds its own batch size.
      """,
    mechanism: """
      One change is ready per hour, at random; one in twenty is faulty. A release takes {point} \
      of the only pipeline. A batch with a faulty change is found out and rolled back, and the \
      change is looked for by halving, log₂ n further releases, before the rest goes out: of \
      twenty changes 64% have one, of one 5%. Twenty at a time wait 9.5 hours for the batch to \
      fill; one at a time is a queue with the utilisation 1.05 × length, which has no steady \
      state from an hour on. Shorten the release first, then the batch follows by itself.
      """,
    limits: """
      Low performers need more than a month for a change and elite ones less than a day, and \
      their shares of failing changes are 64% and 5% (DORA, Accelerate State of DevOps, 2023): \
      that elite teams release small batches does not say which is the cause. Faults are found at \
      once here; in production they take time, and a batch of twenty gives twenty suspects. A \
      release that needs a customer's permission has its own rhythm.
      """,
    diagram: """
      flowchart LR
        subgraph before["twenty: {twenty at a time}"]
          direction LR
          c0["changes"] -- "wait for twenty" --> r0["release, {point}"]
        end
        one["one at a time: {one at a time}"]
        subgraph after["as many as wait: {as many as wait}"]
          direction LR
          c1["changes"] -- "wait for the pipeline" --> r1["release, {point}"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "minutes of a release", [6, 30, 60, 240], smoke: 30, label: { "\($0) minutes" }),
    metric: .reported("time from ready to released", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["changes in a release", "releases that fail"],
    work: { _ in Work(elements: Double(changes), each: "change") },
    variants: [
      variant("twenty at a time", shows: "twentyAtATime", twentyAtATime),
      variant("one at a time", shows: "oneAtATime", oneAtATime),
      variant("as many as wait", shows: "asManyAsWait", asManyAsWait),
    ],
    uncertain: [failing],
    model: { question in
      let length = Double(question.value) / 60
      let lead: Double
      switch question.variant {
      case "twenty at a time": lead = batched(20, length)
      case "one at a time": lead = queued(length)
      default:
        // The batch that comes while one is released.
        var size = 1.0
        for _ in 0..<200 { size = 0.5 * size + 0.5 * max(1, expected(size, length)) }
        let busy = min(1, expected(1, length))
        lead = expected(size, length) + busy * expected(size, length) / 2
      }
      return Model(Time.exactly(lead * 3_600e9).named("waiting and release"), per: .metric)
    })
}

private let changes = Releases.areFew ? 200 : 2_000
private let failing = UncertainInput("changes.fail", named: "changes that are faulty")
private let faulty = failing.estimate

/// Hours of a release and of what follows if it fails.
private func hours(_ size: Int, fails: Bool, _ length: Double) -> Double {
  fails ? length * (1 + log2(Double(size)).rounded(.up) + 1) : length
}

/// The same on average.
private func expected(_ size: Double, _ length: Double) -> Double {
  length * (1 + (1 - pow(1 - faulty, size)) * (log2(size) + 1))
}

/// Half of the time in which the batch fills, the queue of batches, and the release.
private func batched(_ size: Double, _ length: Double) -> Double {
  let time = expected(size, length)
  let busy = time / size
  let wait =
    busy < 1 ? busy * time / (2 * (1 - busy)) / size : Double(changes) * (busy - 1) / 2
  return (size - 1) / 2 + wait + time
}

/// M/G/1 of single changes; without a steady state half of what has gathered in the end.
private func queued(_ length: Double) -> Double {
  let time = expected(1, length)
  guard time < 0.97 else { return max(0, Double(changes) * (time - 1) / 2) + 10 * time }
  let square = length * length * (1 - faulty + 4 * faulty)
  return time + square / (2 * (1 - time))
}

/// How many of the waiting changes are released; nil to wait for more.
private typealias Policy = @Sendable (_ waiting: Int) -> Int?

private func twentyAtATime(_ waiting: Int) -> Int? { waiting >= 20 ? 20 : nil }
private func oneAtATime(_ waiting: Int) -> Int? { waiting > 0 ? 1 : nil }
private func asManyAsWait(_ waiting: Int) -> Int? { waiting > 0 ? waiting : nil }

private func variant(_ name: String, shows: String, _ policy: @escaping Policy) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    var random = SeededGenerator(seed: point.seed)
    var ready: [(hour: Double, isFaulty: Bool)] = []
    for _ in 0..<changes {
      let hour = (ready.last?.hour ?? 0) + random.exponential()
      ready.append((hour, random.share() < point[failing]))
    }
    var (now, first, lead, releases, failures) = (0.0, 0, 0.0, 0, 0)
    while first < changes {
      let waiting = ready[first...].prefix { $0.hour <= now }.count
      guard let size = policy(waiting) ?? (first + waiting == changes ? waiting : nil) else {
        now = ready[first + waiting].hour
        continue
      }
      let batch = ready[first..<first + size]
      let fails = batch.contains { $0.isFaulty }
      now += hours(size, fails: fails, Double(point.value) / 60)
      lead += batch.reduce(0) { $0 + now - $1.hour }
      (first, releases, failures) = (first + size, releases + 1, failures + (fails ? 1 : 0))
    }
    return Replication(
      offered: random.next(),
      figures: [
        "time from ready to released": .seconds(3_600 * lead / Double(changes)),
        "changes in a release": .count(Double(changes) / Double(releases)),
        "releases that fail": .share(Double(failures) / Double(releases)),
      ])
  }
}
