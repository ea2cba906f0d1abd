import Harness
import Results

/// How many loads the core keeps in flight: independent random loads against dependent ones.
enum Parallelism {
  static func probes(_ levels: Levels) -> [Probe] {
    let bytes = levels.workingSet(.memory)
    return [
      Probe(
        "mlp.load", role: .ingredient, group: "Memory latency", title: "Independent random load",
        method: "loads at computed random places, huge pages", needs: [.memory(bytes)],
        value: bytes, smoke: 4096, reading: { _ in .operations(4096) },
        variant: Variant(
          "scattered", shows: ["Scattered"],
          prepare: { point in try Scattered(bytes: point.value, seed: point.seed) },
          run: { scattered in scattered.load(4096) }))
    ]
  }

  static let derived = DerivedNumber(
    "mlp.memory", group: "Memory latency", title: "Loads from memory in flight", unit: .count,
    method: "latency.memory.huge over the time of an independent random load from as much memory",
    from: ["latency.memory.huge", "mlp.load"], compute: { values in values[0] / values[1] })
}

/// Memory read at places that do not depend on what was read.
private final class Scattered {
  private let region: Region
  private let lines: UInt64
  private var state: UInt64

  init(bytes: Int, seed: UInt64) throws {
    region = try Region(bytes, pages: bytes >= Region.hugePageBytes ? .huge : .ordinary)
    lines = UInt64(bytes / 64)
    state = seed | 1
    flush(region.start, bytes: bytes)
  }

  func load(_ count: Int) -> Int {
    state = scatter(region.start, lines: lines, count: count, state: state)
    return count
  }
}

/// A congruential generator gives the next place at once, whatever the loads before brought;
/// its product's upper half is the line (Lemire).
@inline(never)
private func scatter(
  _ start: UnsafeMutableRawPointer, lines: UInt64, count: Int, state: UInt64
) -> UInt64 {
  var state = state
  var sum: UInt64 = 0
  for _ in 0..<count {
    state = state &* 0xD134_2543_DE82_EF95 &+ 0x9E37_79B9_7F4A_7C15
    let line = state.multipliedFullWidth(by: lines).high
    sum &+= start.load(fromByteOffset: Int(truncatingIfNeeded: line) &* 64, as: UInt64.self)
  }
  // The memory is zero, so the sum does not disturb the sequence; the optimiser can't know.
  return state &+ sum
}
