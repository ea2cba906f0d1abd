import Harness
import Results
import Simulation

/// A system that an experiment simulates, for how long, and what it wants of the outcome.
struct SimulatedSystem {
  let system: Simulation.System
  let time: Duration
  let warmUp: Duration
  /// Whether requests under way at the end are followed to theirs.
  var drains = true
  /// Of the series of `SourceOutcome`.
  var interval: Duration?
}

extension Variant {
  /// A variant that is a system of the simulator. All variants of a point get the same seed, and so
  /// the same requests.
  /// - Parameters:
  ///   - shows: what the page prints of the source: the function that declares the system.
  ///   - figures: what the outcome says, the metric among it.
  init(
    system name: String, isReference: Bool = false, shows: [String],
    _ declare: @escaping @Sendable (Point) -> SimulatedSystem,
    figures: @escaping @Sendable (SystemOutcome) -> [String: Counter]
  ) {
    self.init(simulated: name, isReference: isReference, shows: shows) { point in
      let simulated = declare(point)
      let outcome = simulated.system.run(
        seed: point.seed, for: simulated.time, warmUp: simulated.warmUp,
        drains: simulated.drains, every: simulated.interval)
      return Replication(offered: outcome.offered, figures: figures(outcome))
    }
  }
}

extension Counter {
  /// Seconds as the unit of results.
  static func seconds(_ seconds: Double) -> Counter { Counter(seconds * 1e9, unit: .nanoseconds) }

  /// A share, 0 to 1, in percent.
  static func share(_ share: Double) -> Counter { Counter(100 * share, unit: .share) }
}
