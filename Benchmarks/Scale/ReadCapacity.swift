import Harness
import Results
import Simulation

/// The largest load at which 99% of a system's reads respond within 50 service times.
enum ReadCapacity {
  /// A millisecond for a read and for a write of one replica.
  static func service(_ variation: Double = 1) -> RandomDuration {
    .varying(mean: .milliseconds(1), by: variation)
  }
  /// Of an M/M/1: its p99 is ln 100 ÷ (1 − ρ) service times.
  static let allowedUtilisation = 1 - 4.605 / 50

  static let work = Work(elements: 20_000, each: "request")

  /// A variant with the metric `capacity`.
  /// - Parameters:
  ///   - requests: of each try; fewer where one of them is much work.
  ///   - declare: the system at a number of requests per second and a point of the sweep; one of its
  ///     sources is `reads`.
  static func variant(
    _ name: String, shows: String, requests: Double = 20_000,
    _ declare: @escaping @Sendable (_ rate: Double, _ point: Point) -> System
  ) -> Variant {
    Variant(simulated: name, shows: [shows]) { point in
      var search = LoadSearch(from: 500)
      let largest = search.largest { rate in
        let outcome = declare(rate, point).run(
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
