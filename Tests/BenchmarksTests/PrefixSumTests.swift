import Testing

@testable import CPUBenchmarks

@Suite("Prefix sums")
struct PrefixSumTests {
  @Test("by vectors are those of the loop, for every remainder of a vector", arguments: 0...40)
  func vectors(count: Int) {
    let values = (0..<count).map { ($0 * 7_919) % 101 - 50 }
    for start in [0, -3, Int.max] {
      let (loop, vectors) = (
        totals(values, from: start, scan), totals(values, from: start, scanVectors)
      )
      #expect(loop.totals == vectors.totals && loop.last == vectors.last)
    }
  }

  @Test("have blocks that cover the array, for every number of threads")
  func blocks() {
    for threads in [1, 2, 3, 5, 8, 16, 64, 200] {
      for count in [0, 1, 8_191, 65_536, 65_537, 1 << 20, 1_000_003] {
        let blocks = ScanBlocks(of: count, for: threads)
        #expect(blocks.threads >= 1 && blocks.threads <= threads)
        guard blocks.threads > 1 else { continue }
        let all = (0...blocks.threads).map { blocks[$0] }
        #expect(all.first?.lowerBound == 0 && all.last?.upperBound == count)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        // A cache line has one writer.
        #expect(all.dropFirst().allSatisfy { $0.lowerBound % 8 == 0 })
      }
    }
  }

  private func totals(
    _ values: [Int], from start: Int,
    _ scan: (UnsafeBufferPointer<Int>, UnsafeMutableBufferPointer<Int>, Int) -> Int
  ) -> (totals: [Int], last: Int) {
    var totals = [Int](repeating: 0, count: values.count)
    let last = values.withUnsafeBufferPointer { values in
      totals.withUnsafeMutableBufferPointer { scan(values, $0, start) }
    }
    return (totals, last)
  }
}
