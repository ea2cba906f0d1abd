import Results
import Testing

@testable import Rendering

@Suite struct DeviceTextTests {
  private func numbers(again: Double, durable: Double) -> [String: MachineNumber] {
    [
      "read.random.4k": 50_000, "read.again.4k": again, "write.cached.4k": 800,
      "fsync.4k": durable,
    ].mapValues {
      MachineNumber(
        Quantity(Interval(estimate: $0, low: $0, high: $0), unit: .nanoseconds), method: "")
    }
  }

  @Test func aDeviceThatWaitsAndKeepsNothingIsSaid() {
    let text = DeviceText.sentences(numbers(again: 49_000, durable: 150_000))
    #expect(text.hasPrefix("No cache below the page cache shows: "))
    #expect(
      text.contains("A durable write waits for the device: 150 µs with `fsync`, 800 ns without."))
  }

  @Test func aCacheBelowAndAFlushWithoutEffectAreSaid() {
    let text = DeviceText.sentences(numbers(again: 20_000, durable: 1_000))
    #expect(text.hasPrefix("The device or its host caches blocks: "))
    #expect(text.contains("`fsync` does not wait for a device: "))
  }

  @Test func withoutNumbersNothingIsSaid() { #expect(DeviceText.sentences([:]).isEmpty) }
}
