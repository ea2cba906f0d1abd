import Testing

@testable import Harness

@Suite struct OrderedReadsTests: AsksModels {
  @Test("streaming takes the longer of work and transfer")
  func streaming() throws {
    // Far beyond the caches the memory's own bandwidth counts, not the end of the curve.
    let question = question(curves: ["stream.16384": 0.5, "stream.67108864": 3])
    let bound = try question.streaming(64, of: 1e9, compute: .exactly(1))
    #expect(bound.value == 4)
    let working = try question.streaming(64, of: 1_000, compute: .exactly(1))
    #expect(working.value == 1)
  }

  @Test("a scan takes the longer of work and words, for those of a cache and for those of memory")
  func scan() throws {
    // 1 ns a word in the caches, 4 in memory; a quarter of 8 MiB comes from memory.
    let question = question(
      staircase: [4_096: 1, 8 << 20: 34, 1 << 30: 100],
      curves: [
        "mountain.4194304.8": 8e9, "mountain.67108864.8": 2e9, "mountain.4194304.128": 8e9,
        "scatter.67108864": 7,
      ])
    func time(_ bytes: Double, every stride: Int, of set: Int) throws -> Double {
      try question.scan(bytes, loadEvery: stride, of: Double(set), compute: .exactly(3)).value
    }
    #expect(try time(16, every: 8, of: 1 << 20) == 3)
    #expect(try time(32, every: 8, of: 1 << 20) == 4)
    #expect(try time(8, every: 8, of: 8 << 20) == 0.75 * 3 + 0.25 * 4)
    // Of words two lines apart half of the lines are in the caches. From memory each is random.
    #expect(try time(128, every: 128, of: 16 << 20) == 0.75 * 3 + 0.25 * 7)
    #expect(try time(128, every: 128, of: 1 << 30) == 7)
  }

  /// A step takes 0.25 ns, a line from memory 4 ns by vectors.
  private let plain = ["loop.sum": 0.25, "plain.8": 6.0, "plain.16": 10, "stream.67108864": 4]

  @Test("a line from memory takes longer the more steps a loop has for it, and waits beyond")
  func lineFromMemory() throws {
    let question = question(curves: plain)
    func line(_ work: Double) throws -> Double? {
      try question.lineFromMemory(beside: .exactly(work))?.value
    }
    #expect(try line(0) == 4)
    #expect(try line(1) == 5)
    #expect(try line(2) == 6)
    #expect(try line(3) == 8)
    #expect(try line(4) == 10)
    // Sixteen steps wait for 6 ns, and so do more.
    #expect(try line(40) == 46)
    let before = self.question(curves: ["loop.sum": 0.25])
    #expect(try before.lineFromMemory(beside: .exactly(1)) == nil)
  }

  @Test("arrays read side by side wait together, at the bandwidth of all at least")
  func arraysSideBySide() throws {
    let question = question(curves: plain)
    func time(arrays: Double, _ work: Double) throws -> Double {
      try question.streaming(64, of: 1e9, arrays: arrays, compute: .exactly(work)).value
    }
    #expect(try time(arrays: 1, 2) == 6)
    #expect(try time(arrays: 2, 2) == 5)
    #expect(try time(arrays: 4, 0.25) == 4)
  }

  @Test("a call too long to be warmed up finds what the others left")
  func coldCalls() throws {
    let question = question(
      curves: plain.merging(["stream.67108864": 2, "stream.134217728": 4]) { $1 })
    func time(_ own: Double) throws -> Double {
      try question.once(own, amid: 1e9, each: 64) { set throws(MissingNumber) in
        try question.streaming(64, of: set, compute: .exactly(1.5))
      }.value
    }
    #expect(try time(16e6) == 2)
    // More than 0.9 million lines of 5.5 ns.
    #expect(try time(60e6) == 5.5)
  }

  @Test("a store to a random line costs what its curve says, on older machines what a load does")
  func storedLines() throws {
    let question = question(curves: ["scatter.1048576": 1, "scatter.store.1048576": 2])
    #expect(try question.storedLine(in: 16_384).value == 0)
    #expect(try question.storedLine(in: 1_048_576).value == 2)
    #expect(try self.question(curves: ["scatter.1048576": 1]).storedLine(in: 1e6).value == 1)
  }
}
