import Testing

@testable import Platform

/// What a core does in a cycle depends on who else is on it: tests hold the gauge to being a
/// number of instructions, and no more.
@Suite struct CoreGaugeTests {
  @Test func aReadingIsAPositiveNumber() {
    let readings = (0..<16).map { _ in CoreGauge.read() }
    #expect(readings.allSatisfy { $0.additionsPerCycle.isFinite && $0.additionsPerCycle > 0 })
    #expect(readings.allSatisfy { $0.cycle.isFinite && $0.cycle > 0 })
  }
}
