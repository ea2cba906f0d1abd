import CPerflab
import Harness

/// A sum over 160 KB, which the L2 holds and the L1 does not.
func streamingPairs() -> [Experiment] {
  KnownPair.experiments(
    kind: "l2", title: "Streaming 160 KB from L2",
    mechanism: """
      Vectors of a cache line each, added to five independent sums. The variants with more work \
      read that many bytes more, which are zero.
      """,
    steps: linesPerPass / linesPerStep
  ) { name, steps, isCopy in
    let kernel = isCopy ? streamingCopy : streaming
    let passes = 16
    return Variant(
      name, shows: ["total"],
      prepare: { point in
        let filled = linesPerPass * 8
        return AlignedBuffer(count: steps * linesPerStep * 8, alignment: 4_096) { index in
          index < filled ? UInt64(index) &* point.seed : 0
        }
      },
      report: { _ in codeOffset(unsafeBitCast(kernel, to: UnsafeRawPointer.self)) },
      run: { (buffer: AlignedBuffer<UInt64>) in
        (0..<passes).reduce(0 as UInt64) { sum, _ in
          sum &+ kernel(buffer.elements.baseAddress!, opaque(steps))
        }
      })
  }
}

private let linesPerStep = 5
/// 160,000 bytes.
private let linesPerPass = 2_500

@inline(__always)
private func total(_ elements: UnsafePointer<UInt64>, _ steps: Int) -> UInt64 {
  var (a, b, c) = (SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>())
  var (d, e) = (SIMD8<UInt64>(), SIMD8<UInt64>())
  // SAFETY: the buffer holds `steps` times five whole lines, aligned to a line.
  var line = UnsafeRawPointer(elements)
  for _ in 0..<steps {
    a &+= line.load(as: SIMD8<UInt64>.self)
    b &+= line.load(fromByteOffset: 64, as: SIMD8<UInt64>.self)
    c &+= line.load(fromByteOffset: 128, as: SIMD8<UInt64>.self)
    d &+= line.load(fromByteOffset: 192, as: SIMD8<UInt64>.self)
    e &+= line.load(fromByteOffset: 256, as: SIMD8<UInt64>.self)
    line += 320
  }
  return (a &+ b &+ c &+ d &+ e).wrappedSum()
}

private let streaming: @convention(c) (UnsafePointer<UInt64>, Int) -> UInt64 = { total($0, $1) }
private let streamingCopy: @convention(c) (UnsafePointer<UInt64>, Int) -> UInt64 = {
  perflab_mark_copy()
  return total($0, $1)
}
