import CPerflab
import Harness
import Results

/// The memory mountain: read bandwidth over working set and stride (Bryant and O'Hallaron,
/// *Computer Systems*, §6.6.1).
enum Mountain {
  static let series = ProbeSeries(
    "mountain", title: "Memory mountain", unit: .bytesPerSecond,
    method: "8-byte words read at a stride over a working set; only the words read count",
    x: SeriesAxis("working set", unit: .bytes), y: SeriesAxis("stride", unit: .bytes))

  static func probes(_ levels: Levels) -> [Probe] {
    var sizes: [Int] = []
    var size = 16 << 10
    while size < levels.workingSet(.memory) {
      sizes.append(size)
      size *= 4
    }
    return (sizes + [levels.workingSet(.memory)]).flatMap { bytes in
      [8, 16, 32, 64, 128, 256].map { stride in
        probe(bytes: bytes, stride: stride, levels)
      }
    }
  }

  static func pages(_ levels: Levels) -> ProbeSeries {
    ProbeSeries(
      "pages", title: "Independent loads, each on a different page", unit: .nanoseconds,
      method: "8-byte words, one per \(sized(levels.pageBytes)) page, repeated",
      x: SeriesAxis("pages", unit: .count))
  }

  /// A page and a line from word to word, so that the words fill all sets of a cache.
  static func pageProbes(_ levels: Levels) -> [Probe] {
    let pages = pages(levels)
    let stride = levels.pageBytes + 64
    return [16, 32, 64, 128, 256, 512, 1024, 2048, 2560, 3072, 4096, 8192].map { count in
      Probe(
        "\(pages.name).\(count)", role: .point(series: pages.name, x: Double(count), y: nil),
        group: "Address translation", title: "A word on each of \(count) pages",
        method: pages.method, needs: [.memory(count * stride)], value: count * stride,
        smoke: 16 * stride, reading: { _ in .operations(Double(Slope.words)) },
        variant: Variant(
          "words", shows: ["Slope"],
          prepare: { point in try Slope(bytes: point.value, stride: stride, pages: .base) },
          run: { slope in slope.read() }))
    }
  }

  private static func probe(bytes: Int, stride: Int, _ levels: Levels) -> Probe {
    Probe(
      "mountain.\(bytes).\(stride)",
      role: .point(series: series.name, x: Double(bytes), y: Double(stride)),
      group: "Memory mountain", title: "\(sized(bytes)) at stride \(stride) B",
      unit: .bytesPerSecond, method: series.method, needs: [.memory(bytes)], value: bytes,
      smoke: 4096, reading: { _ in .rate(Double(8 * Slope.words)) },
      variant: Variant(
        "words", shows: ["Slope"],
        prepare: { point in
          let slope = try Slope(bytes: point.value, stride: stride, from: levels.memory)
          // Two passes, after which a last-level cache holds what it can.
          if point.value <= min(levels.l3, 64 << 20) { for _ in 0..<2 { slope.goAround() } }
          return slope
        },
        run: { slope in slope.read() }))
  }
}

/// Words at a stride, read around a working set.
private final class Slope {
  /// Words of one call: a multiple of the loop's unrolling, and less than any working set has.
  static let words = 16 << 10

  private let region: Region
  private let stride: Int
  private let perRound: Int
  private var position = 0

  init(
    bytes: Int, stride: Int, pages: Region.Pages = .ordinary, from kept: KeptMemory? = nil
  ) throws {
    // Whatever the words are, their sum wraps. Zeroing removes from the caches what an earlier probe
    // read of a large set; small ones are read before they are measured.
    region = try Region(bytes, pages: pages, from: kept, zeroed: bytes > 64 << 20)
    self.stride = stride / 8
    perRound = bytes / stride / 8 * 8
  }

  /// Reads the whole working set.
  func goAround() {
    for _ in 0..<perRound / Self.words { _ = read() }
  }

  func read() -> Int {
    let source = UnsafePointer(region.start.assumingMemoryBound(to: Int.self))
    var left = Self.words
    var sum = 0
    while left > 0 {
      let count = min(left, perRound - position)
      sum &+= stridden(source + position * stride, count, stride)
      position += count
      if position == perRound { position = 0 }
      left -= count
    }
    return sum
  }
}

/// The stride is hidden again in each iteration: otherwise the compiler would keep many multiples
/// of it on the stack and read those too, or join words of stride 1 into vectors.
@inline(never)
private func stridden(_ source: UnsafePointer<Int>, _ count: Int, _ stride: Int) -> Int {
  var (p, q, r, s) = (0, 0, 0, 0)
  var word = source
  for _ in 0..<count / 8 {
    let step = Int(perflab_opaque(Int64(stride)))
    let half = word + 4 &* step
    p &+= word[0]
    q &+= word[step]
    r &+= word[2 &* step]
    s &+= word[3 &* step]
    p &+= half[0]
    q &+= half[step]
    r &+= half[2 &* step]
    s &+= half[3 &* step]
    word = half + 4 &* step
  }
  return p &+ q &+ r &+ s
}
