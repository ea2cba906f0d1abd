import Glibc

/// How a system gets from so many users to more: where it breaks, what is done, what it costs.
public struct GrowthPlan: Sendable {
  /// A breaking point with the change that moves it.
  public struct Step: Sendable {
    /// Users at which the service level ends.
    public var users: Double
    /// With the demand at the ends of its interval.
    public var interval: ClosedRange<Double>
    /// Months from the beginning.
    public var month: Double
    /// What ends it.
    public var tier: String
    /// What is done.
    public var change: Change
    /// Seconds of the slowest of a hundred requests at this load, without the change and with it.
    public var p99: (before: Double, after: Double)
    /// Users up to which the system then keeps the service level.
    public var capacity: Double
    /// The system afterwards.
    public var system: GrowingSystem
  }

  /// At the beginning.
  public let first: GrowingSystem
  /// Users at the beginning and at the end.
  public let users: ClosedRange<Double>
  /// Users that it carries as it is.
  public let initialCapacity: Double
  /// In the order of their users.
  public let steps: [Step]
  /// Whether the end is reached.
  public let reachesItsEnd: Bool

  /// - Parameters:
  ///   - from: users now.
  ///   - to: users at the end.
  ///   - requests: of each simulation.
  /// - Throws: `AssessmentError` where it grows in no direction.
  public init(_ system: GrowingSystem, from: Double, to: Double, requests: Int = 20_000) throws {
    guard from > 0, to > from else {
      throw AssessmentError.refused("the users must grow: --from 100k --to 1m")
    }
    first = system
    users = from...to
    var current = system
    var steps: [Step] = []
    var (rate, tier) = GrowthModel(system: current, requests: requests).capacity()
    initialCapacity = rate / system.requestsPerUser
    while rate < to * system.requestsPerUser, steps.count < 60 {
      let model = GrowthModel(system: current, requests: requests)
      let broken = rate / system.requestsPerUser
      let utilisation = max(0.2, 0.85 * rate / model.bottleneck.rate)
      // For twice the users, so that the next change is not due at once.
      let goal = min(1.15 * to, 2 * max(broken, from)) * system.requestsPerUser
      let (next, change) = current.widened(tier, for: goal, below: utilisation)
      if let vast = next.tiers.first(where: { $0.replicas > 100_000 }) {
        throw AssessmentError.refused(
          "\(vast.name) would need \(Text.grouped(Double(vast.replicas))) replicas; "
            + "plans end at 100,000")
      }
      let after = GrowthModel(system: next, requests: requests)
      let spread = current.tiers.first { $0.name == tier }?.spread ?? 1...1
      let moved = after.capacity()
      steps.append(
        Step(
          users: broken, interval: broken / spread.upperBound...broken / spread.lowerBound,
          month: max(0, log(broken / from) / log(1 + system.growth)), tier: tier, change: change,
          p99: (model.p99(rate: 1.05 * rate), after.p99(rate: 1.05 * rate)),
          capacity: moved.rate / system.requestsPerUser, system: next))
      current = next
      (rate, tier) = moved
    }
    self.steps = steps
    reachesItsEnd = rate >= to * system.requestsPerUser
  }

  /// Months until so many users are there.
  public func month(of users: Double) -> Double {
    max(0, log(users / self.users.lowerBound) / log(1 + first.growth))
  }

  /// The system as it is to be at a number of users: each change is done before it is needed.
  public func system(at users: Double) -> GrowingSystem {
    steps.last { $0.interval.lowerBound <= users }?.system ?? first
  }

  /// Dollars a month at a number of users.
  public func monthly(at users: Double) -> ClosedRange<Double> {
    let system = system(at: users)
    let (low, high) = (
      system.monthly(\.lowerBound, first: first), system.monthly(\.upperBound, first: first)
    )
    return min(low, high)...max(low, high)
  }
}
