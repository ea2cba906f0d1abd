import Glibc
import Harness
import Results
import Statistics

/// A release whose share grows in steps.
struct RampedRelease {
  /// Of a replication, healthy and bad ones each.
  static let count = Releases.areFew ? 4 : 40
  static let shares = [0.01, 0.05, 0.25, 0.5]
  /// Errors of a healthy version.
  static let usual = 0.01
  private static let margin = 1.5
  /// Until people find what everybody has.
  static let unnoticed = UncertainInput("hours until people notice", 8, in: 1...72)
  private static let longestStep = 24 * 60

  /// The present one.
  struct Step {
    var minutes = 0
    var health = ErrorSplitTest.health(within: margin)
  }

  enum Fate { case forEverybody, rolledBack }

  let rate: Double
  let factor: Double
  /// Hours.
  let unnoticed: Double
  private var random: SeededGenerator
  private(set) var hits = 0.0
  private(set) var minutes = 0

  init(rate: Double, factor: Double, unnoticed: Double, random: SeededGenerator) {
    self.rate = rate
    self.factor = factor
    self.unnoticed = unnoticed
    self.random = random
  }

  mutating func ramp(_ goesOn: (Step) -> Bool) -> Fate {
    var alarm = ErrorSplitTest()
    for share in Self.shares {
      var step = Step()
      while !goesOn(step) {
        let (canary, baseline) = serveMinute(share)
        alarm.add(canary: canary, baseline: baseline, share: share)
        step.health.add(canary: canary, baseline: baseline, share: share)
        step.minutes += 1
        // Without evidence of either it does not go on.
        if alarm.hasRefuted(at: Releases.risk) || step.minutes > Self.longestStep {
          return .rolledBack
        }
      }
    }
    hits += rate * 3_600 * unnoticed * (factor - 1) * Self.usual
    return .forEverybody
  }

  private mutating func serveMinute(_ share: Double) -> (canary: Int, baseline: Int) {
    minutes += 1
    let all = Int(60 * rate)
    // Each request is routed by itself.
    let canary = share < 0.5 ? random.failures(of: all, rate: share) : all / 2
    let added = random.failures(of: canary, rate: (factor - 1) * Self.usual)
    hits += Double(added)
    return (
      added + random.failures(of: canary, rate: Self.usual),
      random.failures(of: all - canary, rate: Self.usual)
    )
  }

  static func replication(_ point: Point, _ goesOn: (Step) -> Bool) -> Replication {
    func fates(factor: Double, stream: Int) -> (hits: Double, minutes: Double, everybody: Double) {
      var (hits, minutes, everybody) = (0.0, 0, 0)
      for number in 0..<count {
        var release = RampedRelease(
          rate: Double(point.value), factor: factor, unnoticed: point[unnoticed],
          random: SeededGenerator(seed: point.seed, stream: UInt64(stream + number)))
        if release.ramp(goesOn) == .forEverybody { everybody += 1 }
        hits += release.hits
        minutes += release.minutes
      }
      let all = Double(count)
      return (hits / all, Double(minutes) / all, Double(everybody) / all)
    }
    let bad = fates(factor: 2, stream: 0)
    let healthy = fates(factor: 1, stream: count)
    return Replication(
      offered: point.seed,
      figures: [
        // One that hits nobody at all would have no logarithm.
        "users hit by a bad release": .count(max(bad.hits, 0.01)),
        "bad releases that everybody got": .share(bad.everybody),
        "healthy releases that everybody got": .share(healthy.everybody),
        "time of a healthy release": .seconds(60 * healthy.minutes),
      ])
  }

  /// What a whiteboard expects: evidence flows at a steady rate in each step, until there is enough.
  static func hits(_ rate: Double, steps: [Double]) -> Double {
    var (evidence, hits) = (0.0, 0.0)
    for share in steps {
      let errors = 60 * rate * usual * (1 + share)
      let flow = errors * ErrorSplit.evidence(share, factor: 2)
      // Judged at the end of a minute; the last step of a list has no end.
      let minutes = ((ErrorSplit.needed - evidence) / flow).rounded(.up)
      let spent = steps.count == 1 ? minutes : min(10, minutes)
      hits += spent * 60 * rate * share * usual
      if spent == minutes { return hits }
      evidence += spent * flow
    }
    return hits + rate * 3_600 * unnoticed.estimate * usual
  }
}
