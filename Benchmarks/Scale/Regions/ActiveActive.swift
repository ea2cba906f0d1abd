import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Two regions of which one serves, or both.
  static let activeActive = Experiment(
    id: "scale/active-active",
    title: "A passive standby → both regions serve",
    slot: "scale/1m/multi-region",
    claim: """
      Two serving regions cut the time without service to a sixth of that with a passive standby, \
      from 175 minutes a year to 29, if their failures have nothing in common; with 5% common \
      causes it is a third, and with 20% still 60%.
      """,
    mechanism: """
      A standby has to be noticed, decided and promoted: 20 minutes here, and one promotion of ten \
      does not work, since nobody had tried it lately. Two serving regions only reroute the users \
      of one: five minutes for half of them. The plan stops there. A bad configuration, an expired \
      certificate or a shared account stops both regions, until it is repaired: two hours for \
      everybody. Rare as it is, it soon is most of the time.
      """,
    limits: """
      Failures of a region six times a year and their repair in two hours are assumptions, swept \
      is what part of them is common. Changes that go to one region first make causes less common, \
      and are worth more than a third region. Two serving regions need headroom \
      (scale/regional-headroom) and an answer to conflicting writes (scale/conflict-resolution); a \
      standby loses what it has not received (scale/sync-commit).
      """,
    diagram: """
      flowchart LR
        u["users"]
        u -- "all" --> p["one region and a standby: {passive standby}"]
        u -- "half each" --> a["two regions: {both serve}"]
        p -- "{speedup} at {point}" --> a
      """,
    sweep: .count(
      "common causes", [0, 5, 20, 50], smoke: 5, label: { "\($0) % common causes" }),
    metric: .reported("minutes without service per year", unit: .count, lowerIsBetter: true),
    work: { _ in Work(elements: Double(years), each: "year") },
    variants: [
      Variant(simulated: "passive standby", shows: ["minutes"]) {
        minutes($0, bothServe: false)
      },
      Variant(simulated: "both serve", shows: ["minutes"]) { minutes($0, bothServe: true) },
    ],
    uncertain: [failures, repaired, promotion, rerouting, untried],
    headline: DeclaredHeadline(value: 5, variant: "both serve"),
    model: { question in
      // As planned: each failure of a serving region by itself, and the switch works.
      let switching = question.isBaseline ? promotion : rerouting
      let lost = failures.estimate * switching.estimate
      return Model(
        Term<Pure>.exactly(lost).named("failures × time to switch"), per: .metric)
    })
}

private let years = 2_000
private let failures = UncertainInput("failures of a region per year", 6, in: 1...20)
private let repaired = UncertainInput("minutes until it is repaired", 120, in: 30...480)
private let promotion = UncertainInput("minutes to promote a standby", 20, in: 5...60)
private let rerouting = UncertainInput("minutes to route around", 5, in: 1...20)
private let untried = UncertainInput("promotions that fail", 0.1, in: 0...0.3)

/// Minutes without service, of the average user in a year.
private func minutes(_ point: Point, bothServe: Bool) -> Replication {
  var random = RandomStream(seed: point.seed, "failures")
  let common = Double(point.value) / 100
  var (lost, digest) = (0.0, UInt64(0))
  for _ in 0..<years {
    // Of both regions: each has its own, and the common ones are of both at once.
    for region in 0..<2 {
      for _ in 0..<random.poisson(mean: point[failures]) {
        let isCommon = random.happens(with: common)
        let works = !random.happens(with: point[untried])
        let length = random.exponential(mean: point[repaired])
        digest = mixedHash(digest ^ length.bitPattern)
        if isCommon {
          // Half of the common ones are counted with the other region.
          lost += length / 2
        } else if bothServe {
          lost += min(length, point[rerouting]) / 2
        } else if region == 0 {
          lost += works ? min(length, point[promotion]) : length
        }
      }
    }
  }
  return Replication(
    offered: digest,
    figures: [
      "minutes without service per year": Counter(lost / Double(years), unit: .count)
    ])
}
