import CPerflab
import Harness

/// Cache lines linked into one random cycle: each load needs the one before, and no prefetcher
/// can predict the next.
///
/// The cycle is a permutation by Sattolo's algorithm (Sattolo 1986): one cycle over all lines,
/// each as likely as another.
final class Chain {
  let region: Region
  let count: Int
  private(set) var cursor: UnsafeRawPointer

  /// Loads of the walk before the first sample: as many lines as 32 MiB have, which the nearer caches
  /// and the translation buffers hold. Farther caches have the lines from the reading in order.
  private static let firstWalk = 1 << 19

  /// Loads of a cold chain that come from memory: more than a probe has time for.
  private static let coldWalk = 3 << 17

  /// - Parameters:
  ///   - spacing: bytes from one line to the next; the line within a spacing of more than one is
  ///     chosen at random, so that page-sized spacings use all sets of a cache.
  ///   - cold: links only some of the lines, since to link all takes longer than a measurement, and
  ///     flushes those that are next from the caches; otherwise they are read, and walked.
  init(
    lines: Int, spacing: Int = 64, pages: Region.Pages, from kept: KeptMemory? = nil,
    seed: UInt64, cold: Bool = false
  ) throws {
    region = try Region(lines * spacing, pages: pages, from: kept, zeroed: false)
    let sparse = cold ? max(1, lines / (2 * Self.coldWalk)) : 1
    let spacing = spacing * sparse
    count = max(lines / sparse, 2)
    var random = Xorshift(seed)
    let positions = (0..<count).map { index in
      UInt32(truncatingIfNeeded: spacing > 64 ? random.below(spacing / 64) : 0)
        + UInt32(truncatingIfNeeded: index * (spacing / 64))
    }
    var next = (0..<UInt32(count)).map { $0 }
    for index in stride(from: count - 1, to: 0, by: -1) {
      next.swapAt(index, random.below(index))
    }
    let start = region.start
    for index in 0..<count {
      let line = start + Int(positions[index]) * 64
      let successor = start + Int(positions[Int(next[index])]) * 64
      line.storeBytes(of: UnsafeRawPointer(successor), as: UnsafeRawPointer.self)
    }
    cursor = UnsafeRawPointer(start + Int(positions[0]) * 64)
    if cold {
      var index = 0
      for _ in 0..<min(count, Self.coldWalk) {
        perflab_flush_line(start + Int(positions[index]) * 64)
        index = Int(next[index])
      }
    } else {
      // Read in order first, which is fast enough to keep the lines despite a busy neighbour.
      if spacing == 64 { for _ in 0..<4 { sweep(start, bytes: count * spacing) } }
      cursor = hop(cursor, min(count, Self.firstWalk))
    }
  }

  /// Goes on along the cycle by a multiple of 16 loads.
  func walk(_ loads: Int) -> Int {
    cursor = hop(cursor, loads)
    return loads
  }
}

@inline(never)
private func hop(_ start: UnsafeRawPointer, _ loads: Int) -> UnsafeRawPointer {
  var line = start
  for _ in 0..<(loads + 15) / 16 {
    line = follow(follow(follow(follow(line))))
    line = follow(follow(follow(follow(line))))
    line = follow(follow(follow(follow(line))))
    line = follow(follow(follow(follow(line))))
  }
  return line
}

/// Reads a word of each line, in order.
@inline(never)
private func sweep(_ start: UnsafeMutableRawPointer, bytes: Int) {
  var all: UInt64 = 0
  for offset in stride(from: 0, to: bytes, by: 64) {
    all |= start.load(fromByteOffset: offset, as: UInt64.self)
  }
  perflab_opaque(Int64(truncatingIfNeeded: all))
}

@inline(__always)
private func follow(_ line: UnsafeRawPointer) -> UnsafeRawPointer {
  line.load(as: UnsafeRawPointer.self)
}

/// Marsaglia's xorshift64*: inputs only need to be without pattern, and there are millions.
struct Xorshift {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  /// 0 ..< limit, by Lemire's multiplication.
  mutating func below(_ limit: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(limit)).high)
  }
}
