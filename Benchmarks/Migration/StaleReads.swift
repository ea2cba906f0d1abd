import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// Reads from copies that are behind, and what a session may ask of them.
  static let staleReads = Experiment(
    id: "migration/stale-reads",
    title: "Reads from replicas: any one → one that has the session's writes",
    slot: "migration/database/consistency",
    claim: """
      With a lag that is small against the time between a user's requests few reads are wrong, \
      and nearly all of these are the user's own last change that seems to be gone; a session \
      that carries the position of its last write reads right always, and sends to the primary \
      only what the replica cannot answer yet: as many reads as were wrong before.
      """,
    mechanism: """
      A user writes, and reads four times at intervals of a second in the mean (exponential). \
      Each of three replicas applies a write after a delay of its own, exponential with a mean \
      of {point}. A read is wrong where the replica lacks the user's last write, or where an \
      earlier read had seen it and this one does not (time runs backwards). With one replica for \
      a session the second can't happen. The first read is wrong with the probability lag ÷ (lag \
      + second), the n-th with its n-th power's mean: the delay outlasts a sum of n intervals, \
      (lag ÷ (lag + 1 s))ⁿ.
      """,
    limits: """
      A real lag is not exponential: it is small for hours and then minutes long, when a \
      migration copies data or a replica catches up; then all users are in the last row of the \
      table. The position must get to the client and back (a cookie), or into the session's \
      store. What *other* users see stays old either way. Waiting for the replica in place of \
      asking the primary costs time and no load.
      """,
    diagram: """
      flowchart LR
        u["user's write"] --> p["primary"] -- "{point}" --> r["3 replicas"]
        r --> a["any replica: {any replica}"]
        r --> s["one for the session: {sticky replica}"]
        r --> t["with the write's position: {position}"]
        a -- "{speedup}" --> t
      """,
    sweep: .count(
      "lag", [10, 100, 1_000], smoke: 100, label: { "\($0) ms of lag" }),
    metric: .share("reads that are right", lowerIsBetter: false),
    signals: ["own write missing", "time runs backwards", "reads at the primary"],
    work: { _ in Work(elements: Double(users * reads), each: "read") },
    variants: [
      variant("any replica", shows: "anyReplica", anyReplica),
      variant("sticky replica", shows: "sticky", sticky),
      variant("position", shows: "withPosition", withPosition),
    ],
    noUncertainty: """
      The lag is the axis, and only its ratio to the time between a user's requests counts, \
      which is the unit here.
      """,
    model: { question in
      let lag = Double(question.value) / 1_000
      let wrong = (1...reads).map { pow(lag / (lag + 1), Double($0)) }.reduce(0, +) / Double(reads)
      let right = question.variant == "position" ? 1 : 1 - wrong
      return Model(
        Term<Percent>.exactly(100 * right).named("reads after the delay"), per: .metric)
    })
}

private let users = Releases.areFew ? 200 : 20_000
private let reads = 4

/// The replica that answers a read; nil for the primary.
private typealias Route =
  @Sendable (
    _ delays: [Double], _ time: Double, _ random: inout SeededGenerator
  ) -> Int?

private func anyReplica(
  _ delays: [Double], _ time: Double, _ random: inout SeededGenerator
) -> Int? { Int(random.share() * 3) }

private func sticky(_ delays: [Double], _ time: Double, _ random: inout SeededGenerator) -> Int? {
  0
}

private func withPosition(
  _ delays: [Double], _ time: Double, _ random: inout SeededGenerator
) -> Int? { delays[0] <= time ? 0 : nil }

private func variant(_ name: String, shows: String, _ route: @escaping @Sendable Route) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    var times = SeededGenerator(seed: point.seed, stream: 1)
    var choices = SeededGenerator(seed: point.seed, stream: 2)
    var (missing, backwards, primary) = (0, 0, 0)
    for _ in 0..<users {
      let delays = (0..<3).map { _ in Double(point.value) / 1_000 * times.exponential() }
      var (time, hasSeen) = (0.0, false)
      for _ in 0..<reads {
        time += times.exponential()
        guard let replica = route(delays, time, &choices) else {
          (primary, hasSeen) = (primary + 1, true)
          continue
        }
        if delays[replica] <= time {
          hasSeen = true
        } else if hasSeen {
          backwards += 1
        } else {
          missing += 1
        }
      }
    }
    let all = Double(users * reads)
    return Replication(
      offered: times.next(),
      figures: [
        "reads that are right": .share(1 - Double(missing + backwards) / all),
        "own write missing": .share(Double(missing) / all),
        "time runs backwards": .share(Double(backwards) / all),
        "reads at the primary": .share(Double(primary) / all),
      ])
  }
}
