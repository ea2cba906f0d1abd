import CitedData
import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Users all over the world, and the region that takes their writes.
  static let homeRegion = Experiment(
    id: "scale/home-region",
    title: "All writes to one region → to the user's home, or to where the user is",
    slot: "scale/100k/geography",
    claim: """
      A home region for each user cuts the mean write from 120 ms to 9 ms if users spend 5% of the \
      days away, but its p99 only from 273 ms to 248 ms; a home that follows after a day makes the \
      p99 88 ms, and at 20% away it is as long as before in any case.
      """,
    mechanism: """
      A write goes to the region that owns the user's data, and costs the round trip to it. At \
      home that is a millisecond. A share of users is away, and for them home is as far as \
      anything can be: the p99 is theirs as soon as they are more than a hundredth. Moving the \
      home to where a user is takes a day of seeing him there, so that the first day of each \
      journey is remote, and the first one back: of journeys of a week two sevenths.
      """,
    limits: """
      Writes that touch two users of different homes still cross the ocean. Moving a home means \
      copying data and fencing the old place meanwhile. Laws may fix the home. Letting every \
      region take writes needs no home, and merges conflicts instead (scale/conflict-resolution). \
      Round trips are those between a provider's regions in 2017; users are spread evenly over \
      eight regions, unless more of them live where the one region is.
      """,
    diagram: """
      flowchart LR
        u["users of eight regions"]
        u -- "all" --> o["Virginia: {one region}"]
        u -- "by user" --> h["home: {home}"]
        u -- "by user, moved after a day" --> m["home: {home that follows}"]
        o -- "{speedup} at {point}" --> h
      """,
    sweep: .count(
      "away from home", [0, 1, 5, 20], smoke: 1, label: { "\($0) % of days away" }),
    metric: .reported("mean write", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["median write", "p99 write"],
    work: { _ in Work(elements: Double(users * days), each: "write") },
    variants: [
      variant("one region", .one), variant("home", .home),
      variant("home that follows", .following),
    ],
    uncertain: [usersOfRegion],
    headline: DeclaredHeadline(value: 5, variant: "home"),
    model: { question in
      let away = Double(question.value) / 100
      let toVirginia = regions.reduce(0) { $0 + RegionDelays.roundTrip("virginia", $1) } / 8
      let elsewhere =
        regions.reduce(0) { sum, from in
          sum + regions.reduce(0) { $0 + RegionDelays.roundTrip(from, $1) }
        } / 64
      let milliseconds: Double =
        switch question.variant {
        case "one region": toVirginia
        case "home": 1 - away + away * elsewhere
        // A journey lasts a week, of which one day is remote, and so is the first one back.
        default: 1 + 2 * away / 7 * elsewhere
        }
      return Model(
        Time.exactly(1e6 * milliseconds).named("round trips by where users are"), per: .metric)
    })
}

private enum Owner { case one, home, following }
private let (users, days) = (2_000, 56)
private let usersOfRegion = UncertainInput(
  "users.region", named: "users whose home is the one region")
private let regions = [
  "virginia", "oregon", "ireland", "frankfurt", "tokyo", "singapore", "sydney", "sao-paulo",
]
/// Milliseconds, by two places among the regions.
private let trips = regions.map { from in regions.map { RegionDelays.roundTrip(from, $0) } }

/// A write a day of each user, who is away for a week now and then.
private func writes(_ owner: Owner, _ point: Point) -> Replication {
  var random = RandomStream(seed: point.seed, "users")
  let away = Double(point.value) / 100
  var (times, digest): ([Double], UInt64) = ([], 0)
  for _ in 0..<users {
    let isHere = random.happens(with: point[usersOfRegion])
    let home = isHere ? 0 : 1 + random.index(below: regions.count - 1)
    var (place, owned, left, yesterday) = (home, home, 0, home)
    for _ in 0..<days {
      if left == 0 {
        // Weeks away make the share of days away.
        let leaves = random.happens(with: away / (7 * max(1e-9, 1 - away)))
        place = leaves ? random.index(below: regions.count) : home
        left = leaves ? 7 : 1
      }
      left -= 1
      digest = mixedHash(digest ^ UInt64(place))
      if owner == .following, place == yesterday { owned = place }
      let at = owner == .one ? 0 : owned
      times.append(trips[place][at] * (0.9 + random.exponential(mean: 0.1)) / 1_000)
      yesterday = place
    }
  }
  let mean = times.reduce(0, +) / Double(times.count)
  times.sort()
  return Replication(
    offered: digest,
    figures: [
      "mean write": .seconds(mean), "median write": .seconds(times[times.count / 2]),
      "p99 write": .seconds(times[times.count * 99 / 100]),
    ])
}

private func variant(_ name: String, _ owner: Owner) -> Variant {
  Variant(simulated: name, shows: ["writes"]) { writes(owner, $0) }
}
