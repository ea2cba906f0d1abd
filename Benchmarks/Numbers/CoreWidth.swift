import Harness
import Platform
import Results

/// What a core can do in a cycle when nobody else uses it: by this a sample is known that was timed
/// while somebody did.
func coreWidth() -> Probe {
  Probe(
    MachineNumber.additionsPerCycle, group: "Arithmetic", title: "Add, Int, in a cycle",
    unit: .count, method: "eight chains of additions over one chain of them, in turns",
    value: 64, smoke: 2, reading: { _ in .reported("additions") },
    variant: Variant(
      MachineNumber.additionsPerCycle, shows: [], prepare: { Gauged(readings: $0.value) },
      report: { ["additions": Counter($0.median, unit: .count)] }, run: { $0.read() }))
}

/// Readings of one call; of one by itself an interrupt makes nonsense.
private final class Gauged: @unchecked Sendable {
  private let readings: Int
  private(set) var median = 0.0

  init(readings: Int) { self.readings = readings }

  func read() -> Int {
    let values = (0..<readings).map { _ in CoreGauge.additionsPerCycle() }.sorted()
    median = values[values.count / 2]
    return readings
  }
}
