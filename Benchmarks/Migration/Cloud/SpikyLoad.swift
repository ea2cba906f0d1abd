import CitedData
import Harness
import Results
import Statistics

/// Bursts of requests at random, and what serves them.
struct SpikyLoad {
  /// What serving came to.
  struct Outcome {
    /// Seconds of each request.
    let responses: [Double]
    /// Of a month.
    let dollars: Double
    /// The share of requests that waited for a start.
    let cold: Double
  }

  /// Of a replication.
  static let bursts = Releases.areFew ? 40 : 400
  /// Seconds of a core for a request; that an instance is kept.
  static let (work, kept) = (0.1, 600.0)
  static let start = UncertainInput("start.function", named: "seconds of a cold start")
  private static let distance = 1_200.0

  /// Seconds, ascending.
  let arrivals: [Double]
  /// Seconds.
  let coldStart: Double
  let digest: UInt64

  init(_ point: Point) {
    var random = SeededGenerator(seed: point.seed)
    var (now, arrivals) = (0.0, [Double]())
    for _ in 0..<Self.bursts {
      now += Self.distance * random.exponential()
      arrivals += repeatElement(now, count: point.value)
    }
    self.arrivals = arrivals
    coldStart = point[Self.start]
    digest = random.next()
  }

  /// A function of half a gigabyte.
  var functionMonth: Double {
    let requests = Double(arrivals.count) / Double(Self.bursts) * 730 * 3_600 / Self.distance
    let duration = Self.work * 0.5 * ListPrice.dollars("function.duration.arm")
    return requests * (duration + ListPrice.dollars("function.request"))
  }
}
