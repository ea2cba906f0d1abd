import CPerflab
import Harness
import Results

/// How many loads the core keeps in flight: independent random loads against dependent ones. And
/// the same loads over all sizes of working set, on ordinary pages.
enum Parallelism {
  static func series(_ levels: Levels) -> ProbeSeries {
    ProbeSeries(
      "scatter", title: "Independent random loads", unit: .nanoseconds,
      method: "loads at random places that a list names, \(sized(levels.pageBytes)) pages",
      x: SeriesAxis("working set", unit: .bytes))
  }

  static func stored(_ levels: Levels) -> ProbeSeries {
    ProbeSeries(
      "scatter.store", title: "Independent random stores", unit: .nanoseconds,
      method: "stores at random places that a list names, \(sized(levels.pageBytes)) pages",
      x: SeriesAxis("working set", unit: .bytes))
  }

  static func probes(_ levels: Levels) -> [Probe] {
    let bytes = levels.workingSet(.memory)
    // Stores need fewer points: where they miss, they wait for each other.
    let written = [
      levels.workingSet(.l1), 4 * levels.l1, levels.workingSet(.l2), levels.workingSet(.l3),
      4 * levels.workingSet(.l3), bytes,
    ].reduce(into: [Int]()) { sizes, size in if size > sizes.last ?? 0 { sizes.append(size) } }
    func loads(
      _ name: String, _ title: String, cold: Int, _ run: @escaping @Sendable (Scattered) -> Int
    ) -> Probe {
      Probe(
        name, role: .ingredient, group: "Memory latency", title: title,
        method: "loads at random places that a list names, huge pages", needs: [.memory(bytes)],
        value: bytes, smoke: 4096, reading: { _ in .operations(Double(Scattered.loads)) },
        variant: Variant(
          "scattered", shows: ["Scattered"],
          prepare: { point in
            let scattered = try Scattered(
              bytes: point.value,
              pages: point.value >= Region.hugePageBytes ? .huge : .ordinary,
              from: levels.memory, seed: point.seed)
            scattered.forget(cold)
            return scattered
          },
          run: run))
    }
    return [
      loads("mlp.load", "Independent random load", cold: 5 << 18) { $0.load() },
      loads(
        "mlp.load.used", "Independent random load, and a chain of operations on it", cold: 1 << 19
      ) { $0.loadAndUse() },
    ]
      + levels.doublings(from: 16 << 10).map { bytes in
        point(bytes, of: series(levels), from: levels.memory) { $0.load() }
      }
      + written.map { bytes in
        point(bytes, of: stored(levels), from: levels.memory) { $0.store() }
      }
  }

  private static func point(
    _ bytes: Int, of series: ProbeSeries, from kept: KeptMemory,
    visit: @escaping @Sendable (Scattered) -> Int
  ) -> Probe {
    Probe(
      "\(series.name).\(bytes)", role: .point(series: series.name, x: Double(bytes), y: nil),
      group: "Memory latency", title: "\(series.title), \(sized(bytes))",
      method: series.method, needs: [.memory(bytes)], value: bytes, smoke: 4096,
      reading: { _ in .operations(Double(Scattered.loads)) },
      variant: Variant(
        "scattered", shows: ["Scattered"],
        prepare: { point in
          let scattered = try Scattered(
            bytes: point.value, pages: .base, from: kept, seed: point.seed)
          // What the caches can hold is there before the first sample.
          for _ in 0...4 * min(point.value, 32 << 20) / 64 / Scattered.loads {
            _ = visit(scattered)
          }
          return scattered
        },
        run: visit))
  }

  static let derived = [parallelism, waiting]

  private static let parallelism = DerivedNumber(
    "mlp.memory", group: "Memory latency", title: "Memory-level parallelism", unit: .count,
    method: "latency.memory.huge ÷ time of an independent random load, same working set",
    from: ["latency.memory.huge", "mlp.load"], compute: { values in values[0] / values[1] })

  /// A load and what waits for it take the latency and the chain's own time. So many of them at once
  /// are what a core's schedulers have room for.
  private static let waiting = DerivedNumber(
    "mlp.waiting", group: "Memory latency",
    title: "Loads at once, beside \(2 * Scattered.links) operations that wait for each",
    unit: .count,
    method: "(latency.memory.huge + \(Scattered.links) × (mul.integer.latency + "
      + "add.integer.latency)) ÷ time of a load with such a chain",
    from: [
      "latency.memory.huge", "mul.integer.latency", "add.integer.latency", "mlp.load.used",
    ],
    compute: { values in
      max(1, (values[0] + Double(Scattered.links) * (values[1] + values[2])) / values[3])
    })
}

/// Memory visited at places that do not depend on what was read.
private final class Scattered {
  /// Of one call.
  static let loads = 4096
  /// Multiplications, and as many additions, on each value.
  static let links = 24
  private let region: Region
  private let bytes: Int
  /// Random lines, by their first words: as many as there are lines, so that most are visited before
  /// the list begins again.
  private let list: AlignedBuffer<Int32>
  private var position = 0

  init(bytes: Int, pages: Region.Pages, from kept: KeptMemory, seed: UInt64) throws {
    region = try Region(bytes, pages: pages, from: kept, zeroed: false)
    self.bytes = bytes
    var random = Xorshift(seed)
    let calls = max(1, bytes / 64 / Self.loads)
    list = AlignedBuffer(count: calls * Self.loads) { _ in Int32(8 * random.below(bytes / 64)) }
  }

  /// Removes what so many of the next loads name from the caches.
  func forget(_ loads: Int) {
    for word in list.elements.prefix(loads) { perflab_flush_line(region.start + 8 * Int(word)) }
  }

  func load() -> Int { goOn(scatter) }

  func store() -> Int { goOn(scatterStores) }

  func loadAndUse() -> Int { goOn(scatterAndUse) }

  @inline(__always)
  private func goOn(_ visit: (UnsafePointer<Int64>, UnsafePointer<Int32>) -> Int64) -> Int {
    let words = UnsafePointer(region.start.assumingMemoryBound(to: Int64.self))
    let sum = visit(words, list.elements.baseAddress! + position)
    position = position + Self.loads < list.count ? position + Self.loads : 0
    // The sum is not used, but the optimiser can't know that.
    return Self.loads &+ Int(sum)
  }
}

/// The loop of a program that visits what an index names. Each instruction more takes room in the
/// core's queues, and so from the loads in flight. The sum is hidden, or the compiler would gather
/// from many places at once.
@inline(never)
private func scatter(_ words: UnsafePointer<Int64>, _ list: UnsafePointer<Int32>) -> Int64 {
  var sum: Int64 = 0
  for number in 0..<Scattered.loads {
    sum = perflab_opaque(sum &+ words[Int(list[number])])
  }
  return sum
}

/// Stores instead.
@inline(never)
private func scatterStores(_ words: UnsafePointer<Int64>, _ list: UnsafePointer<Int32>) -> Int64 {
  // SAFETY: the region's memory is its only holder's to write.
  let words = UnsafeMutablePointer(mutating: words)
  for number in 0..<Scattered.loads { words[Int(list[number])] = Int64(number) }
  return 0
}

/// The same where each value goes into a chain of operations, as in a hash function or a parser. They
/// wait in the core's schedulers until the value is there, and loads behind them for room.
@inline(never)
private func scatterAndUse(_ words: UnsafePointer<Int64>, _ list: UnsafePointer<Int32>) -> Int64 {
  var sum: Int64 = 0
  for number in 0..<Scattered.loads {
    let word = words[Int(list[number])]
    var mixed = word
    // Hidden, or the compiler would join the links.
    for _ in 0..<Scattered.links { mixed = perflab_opaque(mixed &* 0x5851_F42D_4C95_7F2D &+ word) }
    sum ^= mixed
  }
  return sum
}
