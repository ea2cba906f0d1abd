import CitedData
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

/// The largest load that a system keeps its service level with.
struct LoadSearch {
  /// Requests per second at first, the same for all variants.
  let start: Double
  /// A digest of what was sent at first.
  private(set) var offered: UInt64 = 0

  init(from start: Double) { self.start = start }

  /// Doubles or halves until the level is crossed, then halves the distance to 0.5%.
  /// - Parameter keeps: the outcome at a rate, and whether it keeps the level.
  mutating func largest(_ keeps: (_ rate: Double) -> (SystemOutcome, Bool)) -> Double {
    let (first, isKept) = keeps(start)
    offered = first.offered
    var (low, high) = (start, start)
    if isKept {
      repeat {
        low = high
        high *= 2
      } while keeps(high).1
    } else {
      repeat {
        high = low
        low /= 2
      } while !keeps(low).1
    }
    while high > 1.005 * low {
      let middle = (low * high).squareRoot()
      if keeps(middle).1 { low = middle } else { high = middle }
    }
    return low
  }
}

extension UncertainInput {
  /// How unequally the things of the web are asked for.
  static let webPopularity = UncertainInput("popularity.web", named: "exponent of Zipf's law")
  /// Variance ÷ mean² of the time that a server needs for a request; 1 is exponential.
  static let serviceVariation = UncertainInput(
    "variation.service", named: "squared variation of a service time")
  static let patience = UncertainInput("patience.user", named: "seconds until a client gives up")
}

extension RandomDuration {
  /// Exponential where the squared variation is 1; gamma distributed where it is another.
  static func varying(mean: Duration, by variation: Double) -> Self {
    variation == 1 ? .exponential(mean: mean) : .gamma(mean: mean, squaredVariation: variation)
  }
}

/// A diagram of systems side by side, drawn from their declarations.
/// - Parameters:
///   - systems: by the names of the variants, the baseline first.
///   - headline: the variant that the speedup is about; nil for the last.
func drawing(
  of systems: KeyValuePairs<String, Simulation.System>, headline: String? = nil
) -> String {
  var lines = ["flowchart LR"]
  for (index, (name, system)) in systems.enumerated() {
    lines += ["  subgraph s\(index)[\"\(name): {\(name)}\"]", "    direction LR"]
    lines += system.diagramLines(prefix: "v\(index)").map { "    " + $0 }
    lines.append("  end")
  }
  let end = systems.firstIndex { $0.key == headline } ?? systems.count - 1
  lines.append("  s0 -- \"{speedup} at {point}\" --> s\(end)")
  return lines.joined(separator: "\n")
}
