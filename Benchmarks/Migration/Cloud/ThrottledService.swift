import Harness
import Results
import Statistics

/// A service whose requests come in bursts, on a machine with idle cores.
enum ThrottledService {
  /// CPU seconds that a step may use, of those wanted, where the period's steps have used some.
  typealias Rule = @Sendable (_ wanted: Double, _ used: Double) -> Double

  /// CPU seconds of a request.
  static let demand = 0.02
  /// CPU seconds in a period.
  static let quota = 0.2
  /// Seconds.
  static let period = 0.1
  static let idleCores = 8.0
  /// Of a replication.
  static let seconds = Releases.areFew ? 60.0 : 1_200
  /// Cores that the service uses on average.
  private static let load = 0.2
  private static let step = 0.000_5

  static func replication(_ point: Point, _ mayRun: Rule) -> Replication {
    var random = SeededGenerator(seed: point.seed)
    let burst = point.value
    let distance = Double(burst) * demand / load
    var next = distance * random.exponential()
    var active: [(left: Double, since: Double)] = []
    var (used, total, stops, isStopped) = (0.0, 0.0, 0, false)
    var responses: [Double] = []
    for number in 0..<Int(seconds / step) {
      let now = Double(number) * step
      if number % Int((period / step).rounded()) == 0 { (used, isStopped) = (0, false) }
      while next <= now {
        active += repeatElement((left: demand, since: next), count: burst)
        next += distance * random.exponential()
      }
      guard !active.isEmpty else { continue }
      let wanted = min(Double(active.count), idleCores) * step
      let given = mayRun(wanted, used)
      if given < wanted / 2, !isStopped { (stops, isStopped) = (stops + 1, true) }
      used += given
      total += given
      // Threads take turns on the cores.
      let each = given / Double(active.count)
      for index in active.indices { active[index].left -= each }
      responses += active.filter { $0.left <= 1e-9 }.map { now + step - $0.since }
      active.removeAll { $0.left <= 1e-9 }
    }
    return Replication(
      offered: random.next(),
      figures: [
        "p90 response time": .seconds(responses.quantile(0.9)),
        "cores used on average": .count(total / seconds),
        "periods with a stop": .share(Double(stops) / (seconds / period)),
      ])
  }
}
