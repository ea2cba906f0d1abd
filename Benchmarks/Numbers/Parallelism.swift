import Harness
import Results

/// How many loads the core keeps in flight: independent random loads against dependent ones. And
/// the same loads over all sizes of working set, on ordinary pages.
enum Parallelism {
  static func series(_ levels: Levels) -> ProbeSeries {
    ProbeSeries(
      "scatter", title: "Independent random loads", unit: .nanoseconds,
      method: "loads at computed random addresses, \(sized(levels.pageBytes)) pages",
      x: SeriesAxis("working set", unit: .bytes))
  }

  static func probes(_ levels: Levels) -> [Probe] {
    let bytes = levels.workingSet(.memory)
    return [
      Probe(
        "mlp.load", role: .ingredient, group: "Memory latency", title: "Independent random load",
        method: "loads at computed random addresses, huge pages", needs: [.memory(bytes)],
        value: bytes, smoke: 4096, reading: { _ in .operations(4096) },
        variant: Variant(
          "scattered", shows: ["Scattered"],
          prepare: { point in
            let scattered = try Scattered(
              bytes: point.value,
              pages: point.value >= Region.hugePageBytes ? .huge : .ordinary,
              from: levels.memory, seed: point.seed)
            scattered.forget()
            return scattered
          },
          run: { scattered in scattered.load(4096) }))
    ] + levels.doublings(from: 16 << 10).map { point($0, of: series(levels), from: levels.memory) }
  }

  private static func point(
    _ bytes: Int, of series: ProbeSeries, from kept: KeptMemory
  ) -> Probe {
    Probe(
      "\(series.name).\(bytes)", role: .point(series: series.name, x: Double(bytes), y: nil),
      group: "Memory latency", title: "Independent loads from \(sized(bytes))",
      method: series.method, needs: [.memory(bytes)], value: bytes, smoke: 4096,
      reading: { _ in .operations(4096) },
      variant: Variant(
        "scattered", shows: ["Scattered"],
        prepare: { point in
          let scattered = try Scattered(
            bytes: point.value, pages: .base, from: kept, seed: point.seed)
          // What the caches can hold is there before the first sample.
          _ = scattered.load(4 * min(point.value, 32 << 20) / 64)
          return scattered
        },
        run: { scattered in scattered.load(4096) }))
  }

  static let derived = DerivedNumber(
    "mlp.memory", group: "Memory latency", title: "Memory-level parallelism", unit: .count,
    method: "latency.memory.huge ÷ time of an independent random load, same working set",
    from: ["latency.memory.huge", "mlp.load"], compute: { values in values[0] / values[1] })
}

/// Memory read at places that do not depend on what was read.
private final class Scattered {
  private let region: Region
  private let bytes: Int
  private let mask: UInt64
  private var random: Xorshift

  init(bytes: Int, pages: Region.Pages, from kept: KeptMemory, seed: UInt64) throws {
    region = try Region(bytes, pages: pages, from: kept, zeroed: false)
    self.bytes = bytes
    // A power of two of lines; all of them, in the sizes that are asked for.
    mask = UInt64(1) << UInt64((bytes / 64).bitWidth - 1 - (bytes / 64).leadingZeroBitCount) - 1
    random = Xorshift(seed)
  }

  func forget() { flush(region.start, bytes: bytes) }

  func load(_ count: Int) -> Int {
    let sum = scatter(
      region.start, mask: mask, count: count, seeds: (random.next(), random.next()))
    // The sum is not used, but the optimiser can't know that.
    return count &+ Int(truncatingIfNeeded: sum)
  }
}

/// A congruential generator gives the next places at once, whatever the loads before brought: two
/// from each of its steps, whose upper bits are the best (Knuth, vol. 2, section 3.2.1.1). Two
/// generators take turns, since a step of one alone takes four cycles.
@inline(never)
private func scatter(
  _ start: UnsafeMutableRawPointer, mask: UInt64, count: Int, seeds: (UInt64, UInt64)
) -> UInt64 {
  var (p, q) = seeds
  var sum: UInt64 = 0
  for _ in 0..<count / 4 {
    p = p &* 0xD134_2543_DE82_EF95 &+ 0x9E37_79B9_7F4A_7C15
    q = q &* 0xD134_2543_DE82_EF95 &+ 0x9E37_79B9_7F4A_7C15
    sum &+= line(start, (p &>> 40) & mask)
    sum &+= line(start, (q &>> 40) & mask)
    sum &+= line(start, (p &>> 16) & mask)
    sum &+= line(start, (q &>> 16) & mask)
  }
  return sum
}

@inline(__always)
private func line(_ start: UnsafeMutableRawPointer, _ number: UInt64) -> UInt64 {
  start.load(fromByteOffset: Int(truncatingIfNeeded: number &<< 6), as: UInt64.self)
}
