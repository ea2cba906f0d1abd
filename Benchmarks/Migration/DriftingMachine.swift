import Glibc
import Harness
import Results
import Statistics

/// A machine whose speed drifts, on which changes are measured.
enum DriftingMachine {
  /// Of a replication: half of them do nothing, half are 5% slower.
  static let changes = Releases.areFew ? 60 : 1_000
  /// Of a run, as the logarithm of its time.
  static let noise = 0.01
  /// Minutes after which the drift is forgotten to 1/e.
  static let memory = 20.0

  static func replication(
    _ point: Point, minutes: [[Double]], _ isSlower: ([[Double]]) -> Bool
  ) -> Replication {
    let drift = Double(point.value) / 1_000
    var (alarms, found) = (0, 0)
    for change in 0..<changes {
      var random = SeededGenerator(seed: point.seed, stream: UInt64(change))
      let slowdown = change % 2 == 0 ? 0 : log(1.05)
      let logs = logs(minutes, drift: drift, slowdown: slowdown, &random)
      guard isSlower(logs) else { continue }
      if slowdown == 0 { alarms += 1 } else { found += 1 }
    }
    let half = Double(changes) / 2
    return Replication(
      offered: point.seed,
      figures: [
        "changes judged rightly": .share((half - Double(alarms) + Double(found)) / (2 * half)),
        "false alarms": .share(Double(alarms) / half),
        "misses of 5%": .share(1 - Double(found) / half),
      ])
  }

  /// Of all runs in the order of time; the second list is slower.
  private static func logs(
    _ minutes: [[Double]], drift: Double, slowdown: Double, _ random: inout SeededGenerator
  ) -> [[Double]] {
    let order = minutes.enumerated().flatMap { list, times in times.map { (list, $0) } }
      .sorted { $0.1 < $1.1 }
    var (state, last) = (drift * random.normal(), 0.0)
    var logs = minutes.map { _ in [Double]() }
    for (list, time) in order {
      let kept = exp(-(time - last) / memory)
      state = state * kept + drift * (1 - kept * kept).squareRoot() * random.normal()
      last = time
      logs[list].append(state + noise * random.normal() + (list == 1 ? slowdown : 0))
    }
    return logs
  }

  /// The share that the t-test calls slower, by the normal distribution: the means of two runs of
  /// ten minutes are nearly independent draws of the drift, and the spread within is what the test
  /// sees.
  static func testFinds(_ drift: Double) -> (Double) -> Double {
    { slowdown in
      let correlations = (1..<10).map { 2 * (10 - Double($0)) * exp(-Double($0) / memory) }
      let ofMean = drift * drift * (10 + correlations.reduce(0, +)) / 100
      let within = drift * drift - ofMean + noise * noise
      let spread = (2 * (ofMean * (1 - exp(-60 / memory)) + noise * noise / 10)).squareRoot()
      let limit = 2.101 * (2 * within / 9).squareRoot()
      return normal(below: (log(1 + slowdown) - limit) / spread)
    }
  }

  /// The same of the interval of ten log-ratios, whose ends are the second and the ninth.
  static func turnsFind(_ drift: Double) -> (Double) -> Double {
    { slowdown in
      let step = 2 * drift * drift * (1 - exp(-1 / memory))
      let spread = (step + 2 * noise * noise).squareRoot()
      // The mean and the spread of the second of ten normal values, in standard deviations.
      let (end, wobble) = (1.001, 0.46)
      // The null's interval reaches as far on one of its sides.
      let bound = max(log(1.02), 1.1 * spread)
      return normal(below: (log(1 + slowdown) - end * spread - bound) / (1.5 * wobble * spread))
    }
  }
}
