import Harness
import Results
import Statistics

/// A release that makes more requests fail, on its way to the users.
struct BadRelease {
  /// Of a replication.
  static let count = Releases.areFew ? 10 : 100
  /// Requests per second of the service.
  static let rate = 100.0
  /// Share of requests that fail by themselves.
  static let usual = 0.001
  /// Share of the requests that a canary gets.
  static let share = 0.05
  /// Seconds between two looks of the judge.
  static let look = 10.0

  /// Until a person has the old version back.
  static let person = UncertainInput("minutes that a person takes", 10, in: 2...60)

  private let added: Double
  /// Seconds from an alert until a person has the old version back.
  let untilRolledBack: Double
  private var random: SeededGenerator
  /// Requests that it alone made fail.
  private(set) var hits = 0
  /// Since the first user got it.
  private(set) var seconds = 0.0
  var wasMissed = false

  /// Whether a day is over: somebody will have noticed.
  var isOver: Bool { seconds >= 86_400 }

  /// Has users served by the release and others by the old version.
  /// - Returns: errors of the release's users, and of the others.
  mutating func serve(share: Double, seconds: Double) -> (errors: Int, others: Int) {
    self.seconds += seconds
    let own = Int((Self.rate * seconds * share).rounded())
    let others = Int((Self.rate * seconds).rounded()) - own
    let hit = random.failures(of: own, rate: added)
    hits += hit
    return (
      hit + random.failures(of: own, rate: Self.usual),
      random.failures(of: others, rate: Self.usual)
    )
  }

  /// The mean release.
  static func replication(_ point: Point, _ fate: (inout BadRelease) -> Void) -> Replication {
    var (hits, seconds, missed) = (0, 0.0, 0)
    for number in 0..<count {
      var release = BadRelease(
        added: Double(point.value) / 1_000, untilRolledBack: 60 * point[person],
        random: SeededGenerator(seed: point.seed, stream: UInt64(number)))
      fate(&release)
      hits += release.hits
      seconds += release.seconds
      missed += release.wasMissed ? 1 : 0
    }
    let all = Double(count)
    return Replication(
      offered: point.seed,
      figures: [
        "users hit": .count(Double(hits) / all), "time until rolled back": .seconds(seconds / all),
        "not found by the canary": .share(Double(missed) / all),
      ])
  }

  private init(added: Double, untilRolledBack: Double, random: SeededGenerator) {
    self.added = added
    self.untilRolledBack = untilRolledBack
    self.random = random
  }
}
