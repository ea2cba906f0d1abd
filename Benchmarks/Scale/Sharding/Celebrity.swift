import CitedData
import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Posts to followers: copied to their timelines, or collected when they read.
  static let celebrity = Experiment(
    id: "scale/celebrity",
    title: "Copy each post to all followers → only of those who have few",
    slot: "scale/100m/sharding",
    claim: """
      Copying posts to timelines needs nearly six times the work that an average user suggests, \
      since those with many followers also post more. At five reads per user and day, copying only \
      for authors with fewer than 1,000 followers halves the work; from twenty on copying to all \
      is cheapest, at one collecting.
      """,
    mechanism: """
      The mean of posts × followers is not the product of the means. A few accounts have most of \
      the followers, and the popular post more, so that a post has far more copies than an average \
      user has followers. A timeline that is read often is worth copying to; a post that most \
      followers never see is not. Split by author: few copies for the many, a look at the few when \
      somebody reads.
      """,
    limits: """
      Work is counted in entries written or read, all alike; a read of many authors at once may be \
      cheaper per entry. The delay counts too: a post with ten million copies arrives over \
      minutes. That posts grow with the square root of the followers is an assumption.
      """,
    diagram: """
      flowchart LR
        a["authors"]
        a -- "all" --> w["timelines: {copy to all}"]
        a -- "none" --> r["read of all authors: {collect}"]
        a -- "below 1,000 followers" --> h["timelines, and a look at the others: {split}"]
        w -- "{speedup} at {point}" --> h
      """,
    sweep: .count(
      "reads per user and day", [1, 5, 20, 100], smoke: 5, label: { "\($0) reads a day" }),
    metric: .reported("entries per read", unit: .count, lowerIsBetter: true),
    signals: ["copies of the average post"],
    work: { _ in Work(elements: Double(users), each: "user") },
    variants: [
      variant("copy to all", copiesBelow: .infinity), variant("collect", copiesBelow: 0),
      variant("split", copiesBelow: 1_000),
    ],
    uncertain: [exponent, followed],
    headline: DeclaredHeadline(value: 20, variant: "split"),
    model: { question in
      // For an average user: as many followers as he follows, and one post a day.
      let reads = Double(question.value)
      let entries: Double =
        switch question.variant {
        case "copy to all": followed.estimate / reads + 1
        case "collect": followed.estimate
        default: followed.estimate / reads + 1
        }
      return Model(
        Term<Pure>.exactly(entries).named("entries of an average user"), per: .metric)
    })
}

private let users = 50_000
private let exponent = UncertainInput("followers.zipf", named: "exponent of the followers' law")
private let followed = UncertainInput("followed.mean", named: "accounts that a user follows")

/// A day's entries for each read, of all users together.
private func day(copiesBelow limit: Double, _ point: Point) -> Replication {
  var random = RandomStream(seed: point.seed, "authors")
  let (reads, slope) = (Double(point.value), -point[exponent])
  let sum = (1...users).reduce(0) { $0 + pow(Double($1), slope) }
  let root = (1...users).reduce(0) { $0 + pow(Double($1), slope / 2) }
  var (copies, posts, collected, digest) = (0.0, 0.0, 0.0, UInt64(0))
  for rank in 1...users {
    // Together they follow as many as are followed, and post once a day on average.
    let followers = point[followed] * Double(users) * pow(Double(rank), slope) / sum
    let mean = Double(users) * pow(Double(rank), slope / 2) / root
    let written = Double(random.poisson(mean: mean))
    digest = mixedHash(digest ^ written.bitPattern)
    posts += written
    if followers < limit {
      copies += written * followers
    } else {
      // Each follower looks at the author at each read.
      collected += followers
    }
  }
  let perUser = copies / Double(users)
  return Replication(
    offered: digest,
    figures: [
      // Copies of a day are spread over its reads; a read of the own timeline is an entry.
      "entries per read": Counter(
        perUser / reads + (limit > 0 ? 1 : 0) + collected / Double(users), unit: .count),
      "copies of the average post": Counter(copies / posts, unit: .count),
    ])
}

private func variant(_ name: String, copiesBelow limit: Double) -> Variant {
  Variant(simulated: name, shows: ["day"]) {
    day(copiesBelow: limit, $0)
  }
}
