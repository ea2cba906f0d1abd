import CitedData
import Harness
import Results
import Simulation

extension Experiment {
  /// Writes that wait for another region, and those that meet at one row.
  static let syncCommit = Experiment(
    id: "scale/sync-commit",
    title: "Writes wait for the other region → are sent behind",
    slot: "scale/1m/multi-region",
    claim: """
      Waiting for the other region adds a round trip to each write, as predicted; at a row with \
      six writes per second it adds fifteen to the p99 from Virginia to Tokyo, and beyond 167 ms \
      the row cannot take them at all.
      """,
    mechanism: """
      A transaction holds the lock of its row until it is committed. Commits that wait for a round \
      trip R let a row be written 1 ÷ R times per second, whatever the machines do: 6.9 times from \
      Virginia to Tokyo. Near that limit the wait for the lock is many round trips (M/D/1), which \
      the formula leaves out. Beyond it, from Oregon to Singapore, the queue grows for as long as it \
      is watched, 50 minutes here, and so does its p99. Sent \
      behind, the commit takes a millisecond, and what has not arrived when the region is lost is \
      lost.
      """,
    limits: """
      Rows that are seldom written see the round trip alone. Two round trips are needed where a \
      consensus has another leader. A queue of changes instead of a lock (a log per account, \
      increments) removes the limit per row. A region nearby, with 20 ms, has most of the safety \
      for a seventh of the wait. Round trips are those between a provider's regions in 2017.
      """,
    diagram: drawing(of: [
      "wait for both": writers(tokyo, acknowledged: 1),
      "send behind": writers(tokyo, acknowledged: 0),
    ]),
    sweep: .named("other region", ways.map(\.name), smoke: 0),
    metric: .reported("p99 of a write", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["mean of a write", "acknowledged writes lost per loss"],
    work: { _ in Work(elements: 6 * watched, each: "write") },
    variants: [
      variant("wait for both", acknowledged: 1), variant("send behind", acknowledged: 0),
    ],
    uncertain: [local],
    headline: DeclaredHeadline(value: 2, variant: "send behind"),
    model: { question in
      let trip = question.isBaseline ? ways[question.value].milliseconds : 0
      return Model(
        Time.exactly(1e6 * local.estimate).named("local commit")
          + Time.exactly(1e6 * trip).named("round trip"), per: .metric)
    })
}

private let local = UncertainInput("commit.local", named: "milliseconds of a local commit")
private let watched = 3_000.0
private let tokyo = RegionDelays.roundTrip("virginia", "tokyo")
/// Round trips in milliseconds.
private let ways: [(name: String, milliseconds: Double)] = [
  ("Ireland–Frankfurt", RegionDelays.roundTrip("ireland", "frankfurt")),
  ("Virginia–Ireland", RegionDelays.roundTrip("virginia", "ireland")),
  ("Virginia–Tokyo", tokyo),
  ("Oregon–Singapore", RegionDelays.roundTrip("oregon", "singapore")),
]

/// Six writes per second to one row, whose lock each holds until it is committed. The primary fails
/// now and then, and the other region takes over.
private func writers(
  _ milliseconds: Double, acknowledged: Int, local: Double = local.estimate
) -> System {
  let way = RandomDuration.exactly(.milliseconds(milliseconds / 2))
  let store = Store.primary(
    "row", replicas: 2, acknowledged: acknowledged,
    latency: StoreLatency(write: way, acknowledgement: way, read: .none, response: .none),
    failover: Failover(
      between: .exponential(mean: .seconds(100)), takes: .exactly(.milliseconds(100))))
  let commit = Route.delay("local commit", .exactly(.milliseconds(local)))
  return System {
    Source(
      "writers", .poisson(perSecond: 6),
      to: Tier.pool("lock of the row", of: 1).calling(commit.then(store.write)))
  }
}

private func variant(_ name: String, acknowledged: Int) -> Variant {
  Variant(system: name, shows: ["writers"]) { point in
    SimulatedSystem(
      system: writers(
        ways[point.value].milliseconds, acknowledged: acknowledged, local: point[local]),
      time: .seconds(watched), warmUp: .zero)
  } figures: { outcome in
    [
      "p99 of a write": .seconds(outcome["writers"].response.percentile(99)),
      "mean of a write": .seconds(outcome["writers"].response.mean),
      "acknowledged writes lost per loss": Counter(
        Double(outcome.store("row").lostWrites) / (watched / 100), unit: .count),
    ]
  }
}
