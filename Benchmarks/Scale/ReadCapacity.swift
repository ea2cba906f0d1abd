import Harness
import Results
import Simulation

/// The largest load at which 99% of a system's reads respond within 50 service times.
enum ReadCapacity {
  private static let requests = 40_000.0
  /// A millisecond for a read and for a write of one replica.
  static let service = RandomDuration.exponential(mean: .milliseconds(1))
  /// Of an M/M/1: its p99 is ln 100 ÷ (1 − ρ) service times.
  static let allowedUtilisation = 1 - 4.605 / 50

  static let work = Work(elements: requests, each: "request")

  /// A variant with the metric `capacity`.
  /// - Parameter declare: the system at a number of requests per second and a share of writes; its
  ///   sources are `reads` and `writes`.
  static func variant(
    _ name: String, shows: String,
    _ declare: @escaping @Sendable (_ rate: Double, _ writes: Double) -> System
  ) -> Variant {
    Variant(simulated: name, shows: [shows]) { point in
      var search = LoadSearch(from: 500)
      let largest = search.largest { rate in
        let outcome = declare(rate, Double(point.value) / 100).run(
          seed: point.seed, for: .seconds(1.1 * requests / rate),
          warmUp: .seconds(0.1 * requests / rate), drains: true)
        return (outcome, outcome["reads"].response.percentile(99) <= 0.05)
      }
      return Replication(
        offered: search.offered,
        figures: ["capacity": Counter(largest, unit: .operationsPerSecond)])
    }
  }

  /// What a load of so much work per request, in milliseconds of one server, allows.
  static func predicted(_ milliseconds: Double) -> Model {
    let load = Term<PerSecond>.exactly(1_000 * allowedUtilisation / milliseconds)
    return Model(load.named("work of the busiest server"), per: .metric)
  }
}
