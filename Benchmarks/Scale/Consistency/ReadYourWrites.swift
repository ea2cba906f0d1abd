import CitedData
import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// A user who reads what he has just written.
  static let readYourWrites = Experiment(
    id: "scale/read-your-writes",
    title: "Read from any replica → from the primary for a while, or by log position",
    slot: "scale/100k/read-write",
    claim: """
      Three seconds after a write, replicas that are behind by 100 ms at the median return the old \
      value in 2% of the reads, where an exponential lag would in one of a billion; reading from \
      the primary for two seconds does not help, and comparing log positions does, for 2% of the \
      reads.
      """,
    mechanism: """
      A read is stale if the lag is longer than the time since the write. Planned with an \
      exponential lag, hardly any is. But lag is not drawn anew for each read: a replica falls \
      behind while something large is applied, and is then behind for all. A fixed time at the \
      primary covers the usual lag and no other. A log position that travels with the session says \
      whether the replica is there yet, whatever the lag: only reads that would be stale go to the \
      primary.
      """,
    limits: """
      The position must travel with the user, across devices as well. Reads that go to the primary \
      come all at once when a replica falls behind: the primary needs room for them. Waiting for \
      the replica instead needs no room, but time. Other users still read the old value; only the \
      writer notices.
      """,
    diagram: """
      flowchart LR
        u["user after a write"]
        u -- "any" --> a["replica: {any replica}"]
        u -- "for 2 s" --> b["primary, then replica: {primary for 2 s}"]
        u -- "where the replica is behind" --> c["primary: {by log position}"]
        a -- "{speedup} at {point}" --> c
      """,
    sweep: .count(
      "time since the write", [100, 500, 1_000, 3_000, 10_000], smoke: 1_000,
      label: { "\($0) ms" }),
    metric: .share("fresh reads", lowerIsBetter: false),
    signals: ["reads at the primary"],
    work: { _ in Work(elements: Double(reads), each: "read") },
    variants: [
      variant("any replica") { _, _ in false },
      variant("primary for 2 s") { since, _ in since < 2 },
      variant("by log position") { since, lag in lag > since },
    ],
    uncertain: [between],
    headline: DeclaredHeadline(value: 3_000, variant: "by log position"),
    model: { question in
      let since = Double(question.value) / 1_000
      // The lag as exponential, with the same median.
      let stale = exp(-since / (usualLag / log(2)))
      let share: Double =
        switch question.variant {
        case "any replica": 1 - stale
        case "primary for 2 s": since < 2 ? 1 : 1 - stale
        default: 1
        }
      return Model(
        Term<Percent>.exactly(100 * share).named("lag shorter than the time since the write"),
        per: .metric)
    })
}

private let reads = 20_000
/// Seconds at the median. Now and then a replica is behind by ten seconds at most, half of the time
/// rising and half falling.
private let (usualLag, longest) = (0.1, 10.0)
/// As often as replicas of a large site were behind by a second or more, and by three or more.
private let between = UncertainInput(
  "seconds between large jobs", 600,
  in: pause(behind: 1, "lag.above-1s")...pause(behind: 3, "lag.above-3s"),
  source: "assumption; lowest: a second or more behind for 15% of the time, highest: three or more "
    + "for 1%, Bronson et al., TAO, USENIX ATC 2013")

/// Seconds between the jobs where a cited share of the time is behind by so many seconds.
private func pause(behind seconds: Double, _ figure: String) -> Double {
  2 * (longest - seconds) / CitedFigure.named(figure).value - 2 * longest
}

/// Reads at random times, each so long after its user's write.
private func variant(
  _ name: String, _ asksPrimary: @escaping @Sendable (_ since: Double, _ lag: Double) -> Bool
) -> Variant {
  Variant(simulated: name, shows: ["variant", "lag"]) { point in
    var jobs = RandomStream(seed: point.seed, "large jobs")
    var (times, usual) = (
      RandomStream(seed: point.seed, "times"), RandomStream(seed: point.seed, "usual lag")
    )
    let since = Double(point.value) / 1_000
    let between = point[between]
    var (time, job, digest) = (0.0, jobs.exponential(mean: between), UInt64(0))
    var (fresh, atPrimary) = (0, 0)
    for _ in 0..<reads {
      time += times.exponential(mean: 1)
      while time > job + 2 * longest { job += 2 * longest + jobs.exponential(mean: between) }
      digest = mixedHash(digest ^ time.bitPattern)
      let lag = lag(at: time, job: job, &usual)
      let isAtPrimary = asksPrimary(since, lag)
      if isAtPrimary { atPrimary += 1 }
      if isAtPrimary || lag <= since { fresh += 1 }
    }
    return Replication(
      offered: digest,
      figures: [
        "fresh reads": .share(Double(fresh) / Double(reads)),
        "reads at the primary": .share(Double(atPrimary) / Double(reads)),
      ])
  }
}

/// While a large job is applied the lag grows by a second per second, then it falls as fast.
private func lag(at time: Double, job: Double, _ usual: inout RandomStream) -> Double {
  let own = usual.exponential(mean: usualLag / log(2))
  guard time > job else { return own }
  return own + max(0, longest - abs(time - job - longest))
}
