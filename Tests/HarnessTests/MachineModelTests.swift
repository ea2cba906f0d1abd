import Results
import Testing

@testable import Harness

@Suite("Models that experiments share")
struct MachineModelTests: AsksModels {
  @Test(
    "a working set lives in the nearest level that holds it",
    arguments: [
      (1.0, MemoryLevel.l1), (32_768, .l1), (32_769, .l2), (1_048_576, .l2), (1_048_577, .l3),
      (33_554_433, .memory),
    ])
  func homes(bytes: Double, level: MemoryLevel) {
    #expect(question().home(of: bytes) == level)
  }

  @Test("a machine without a third level goes on to memory")
  func missingLevels() {
    let question = question(levels: [1, 2])
    #expect(question.capacity(of: .l3) == nil)
    #expect(question.home(of: 2e6) == .memory)
  }

  @Test("random latency weighs each level by the share that it holds")
  func randomLatency() throws {
    let question = question()
    #expect(try question.randomLatency(in: 1_000).value == 1)
    // Half in the first level, half in the second.
    #expect(try question.randomLatency(in: 65_536).value == 0.5 * 1 + 0.5 * 4)
    let large = try question.randomLatency(in: 1e12).value
    #expect(large > 99.9 && large < 100)
  }

  @Test("a chain's latency lies straight between the steps of the staircase, and ends with it")
  func chaseLatency() throws {
    let question = question(staircase: [4_096: 1, 12_288: 5])
    #expect(try question.chaseLatency(in: 100).value == 1)
    #expect(try question.chaseLatency(in: 8_192).value == 3)
    #expect(try question.chaseLatency(in: 1e9).value == 5)
    #expect(throws: MissingNumber(name: "staircase.4096")) {
      try self.question().chaseLatency(in: 1)
    }
  }

  @Test("lines and words are read off their curves; a curve that is missing is named")
  func curves() throws {
    let question = question(curves: [
      "scatter.16384": 0.5, "scatter.1048576": 1, "pages.16": 0.25, "pages.48": 0.75,
      "mountain.16384.128": 32e9,
    ])
    #expect(try question.randomLine(in: 16_384).value == 0)
    #expect(try question.randomLine(in: 1_048_576).value == 1)
    #expect(try question.curve(.pages, at: 32).value == 0.5)
    #expect(try question.stridedWord(128, in: 1e9).value == 0.25)
    #expect(throws: MissingNumber(name: "mountain.16384.64")) {
      try question.stridedWord(64, in: 1e6)
    }
    #expect(throws: MissingNumber(name: "stream.16384")) { try question.curve(.stream, at: 1) }
  }

  @Test("of a few more lines than their sets have room for, some are kept")
  func conflictingLines() throws {
    // Eight sets of eight ways; a third more lines are 11 a set.
    let question = question(curves: ["conflict.load.1": 3, "conflict.load.few.1": 1])
    func line(_ lines: Int) throws -> Double {
      try question.conflictingLine(of: lines, atStride: 512).value
    }
    #expect(try line(64) == 0)
    #expect(try line(88) == 1)
    #expect(try line(300) == 2)
    #expect(try line(512) == 3 && line(4_096) == 3)
    let before = self.question(curves: ["conflict.load.1": 3])
    #expect(try before.conflictingLine(of: 88, atStride: 512).value == 3)
  }

  @Test(
    """
    a line named by a list costs in a cache what its level says and no less than one in order, in \
    memory what the curve says
    """)
  func listedLines() throws {
    let question = question(curves: [
      "scatter.16384": 0.5, "scatter.67108864": 7, "stream.524288": 0.5, "stream.1048576": 1.5,
    ])
    #expect(try question.listedLine(in: 16_384).value == 0)
    #expect(try question.listedLine(in: 524_288).value == 1)
    #expect(try question.listedLine(in: 1_048_576).value == 1.5)
    #expect(try question.listedLine(in: 1e9).value == 7)
  }

  @Test("branches of a turn take what one takes, and the turn a cycle at least")
  func branches() throws {
    let curves = ["add.integer.latency": 0.25, "branch.throughput": 0.1]
    #expect(try question(curves: curves).branches(1).value == 0.25)
    #expect(try question(curves: curves).branches(5).value == 0.5)
    let steps = question(curves: curves.merging(["loop.sum": 0.4, "loop.search": 0.5]) { $1 })
    #expect(try steps.branches(1).value == 0.4 && steps.searchStep().value == 0.5)
    // Two in a cycle, where no number tells.
    #expect(try question(curves: ["add.integer.latency": 0.25]).branches(4).value == 0.5)
  }

  @Test("instructions that wait for nothing go at the pace of additions")
  func instructions() throws {
    let curves = ["add.integer.latency": 0.25, "add.integer.throughput": 0.05]
    #expect(try question(curves: curves).instructions(10).value == 0.5)
    #expect(try question(curves: ["add.integer.latency": 0.25]).instructions(10).value == 0.625)
  }

  @Test("loads and other instructions wait for different units of the core")
  func loads() throws {
    let before = ["add.integer.throughput": 0.05]
    let now = ["add.integer.throughput": 0.05, "load.throughput": 0.1]
    #expect(try question(curves: before).loads(2, beside: 2).value == 0.2)
    #expect(try question(curves: now).loads(4, beside: 2).value == 0.4)
    #expect(try question(curves: now).loads(1, beside: 4).value == 0.2)
  }

  @Test("of a set that the second level just holds, part is where the chain says")
  func sharesBeyondTheSecondLevel() throws {
    let question = question(staircase: [4_096: 1, 524_288: 4, 1_048_576: 8])
    #expect(try question.shareBeyondL2(of: 524_288) == 0)
    #expect(try question.shareBeyondL2(of: 1_048_576) == 0.5)
    #expect(try question.shareBeyondL2(of: 16_384) == 0)
    #expect(try question.shareBeyondL2(of: 2_097_152) == 0)
  }

  @Test("of a set larger than a core's share, part comes at memory's pace")
  func sharesOfMemory() throws {
    // 64 bytes from L3 take 2 ns, from memory 4.
    let question = question(curves: [
      "stream.16384": 0.5, "stream.8388608": 2, "stream.16777216": 4,
    ])
    #expect(try question.shareOfMemory(in: 65_536) == 0)
    #expect(try question.shareOfMemory(in: 12_582_912) == 0.5)
    #expect(try question.shareOfMemory(in: 1e9) == 1)
    #expect(try question.bandwidth("read", in: 65_536).value == 64)
    #expect(try question.bandwidth("read", in: 1e9).value == 16)
  }

  @Test("of a last level that others use too, a core has what the staircase shows")
  func sharedLastLevel() {
    // √(12 · 100) is 34.6.
    let shared = question(staircase: [2 << 20: 13, 8 << 20: 34, 16 << 20: 36, 64 << 20: 100])
    #expect(shared.capacity(of: .l3) == 8 << 20 && shared.home(of: 9e6) == .memory)
    let alone = question(staircase: [64 << 20: 13])
    #expect(alone.capacity(of: .l3) == 32 << 20)
    #expect(shared.capacity(of: .l2) == 1 << 20)
  }

  @Test("sets of a cache follow from its size and its ways, where these are known")
  func geometry() throws {
    let l1 = try #require(question().geometry(of: .l1))
    #expect(l1.sets == 64 && l1.ways == 8)
    #expect(question().geometry(of: .l3) == nil && question().geometry(of: .memory) == nil)
  }

  @Test(
    "lines so far apart fall into so many sets",
    arguments: [(64, 64), (128, 32), (1_024, 4), (4_096, 1), (8_192, 1), (4_032, 64), (4_160, 64)])
  func setsAtAStride(stride: Int, sets: Int) throws {
    let found = try #require(question().sets(of: .l1, atStride: stride))
    #expect(found.count == sets && found.lines == 8 * sets)
    #expect(question().sets(of: .l3, atStride: stride) == nil)
  }

  @Test("lines apart fit where their sets have room, and the level as a whole")
  func roomForLines() {
    #expect(question().holds(8, atStride: 4_096, in: .l1))
    #expect(!question().holds(9, atStride: 4_096, in: .l1))
    #expect(question().holds(512, atStride: 4_032, in: .l1))
    #expect(!question().holds(513, atStride: 4_032, in: .l1))
    #expect(!question(levels: [1, 2]).holds(1, atStride: 64, in: .l3))
  }

  @Test("what the second level does not hold moves at the third's pace")
  func moving() throws {
    let question = question(
      staircase: [4_096: 1, 524_288: 4, 1_048_576: 8], curves: ["stream.16384": 0.5])
    #expect(try question.moving(128, by: "read", in: 524_288).value == 2)
    // Half of it at 64 bytes a nanosecond, half at 32.
    #expect(try question.moving(128, by: "read", in: 1_048_576).value == 3)
  }

  @Test("a line that two write in turn goes on in two steps of coherence")
  func coherence() throws {
    #expect(try question(curves: ["line.transfer": 40]).cacheLineTransfer().value == 20)
  }

  @Test("among more threads a line takes the mean of the pairs that were measured")
  func coherenceOfMany() throws {
    let numbers = [
      "line.transfer": 40.0, "line.transfer.matrix.0.1": 42, "line.transfer.matrix.0.2": 100,
      "line.transfer.matrix.1.2": 110, "line.transfer.matrix.0.3": 200,
    ]
    let question = question(curves: numbers)
    #expect(try question.cacheLineTransfer(among: 2).value == 20)
    #expect(try question.cacheLineTransfer(among: 3).value == 42)
    #expect(try question.cacheLineTransfer(among: 4).value == 56.5)
    // Of machines that were not asked for pairs there is the one of two threads.
    #expect(
      try self.question(curves: ["line.transfer": 40]).cacheLineTransfer(among: 8).value == 20)
  }

  @Test("what two threads contend for takes as much longer among more as its line has to travel")
  func contention() throws {
    let numbers = [
      "line.transfer": 40.0, "line.transfer.matrix.0.2": 80, "mutex.contended": 50,
    ]
    let question = question(curves: numbers)
    #expect(try question.contended("mutex.contended", by: 2).value == 50)
    #expect(try question.contended("mutex.contended", by: 3).value == 100)
  }

  @Test("a round of a team takes two transfers more for each thread after the second")
  func rounds() throws {
    let question = question(curves: ["line.transfer": 40, "team.round": 400])
    #expect(try question.forkAndJoin(of: 1).value == 0)
    #expect(try question.forkAndJoin(of: 2).value == 400)
    #expect(try question.forkAndJoin(of: 8).value == 400 + 6 * 2 * 20)
  }

  @Test("threads together have their number of times one's bandwidth, and at most what all have")
  func sharedBandwidth() throws {
    var machine = Machine.empty
    for (name, value) in [("bandwidth.copy.l3", 30e9), ("bandwidth.copy.l3.all", 100e9)] {
      machine.numbers[name] = MachineNumber(
        Quantity(Interval(estimate: value, low: value, high: value), unit: .bytesPerSecond),
        method: "")
    }
    let question = Question(variant: "", value: 0, machine: machine)
    let seen = try [1, 2, 3, 4, 16].map { threads in
      try question.bandwidth("copy", of: .l3, sharedBy: threads).value
    }
    #expect(seen.map { $0.rounded() } == [30, 60, 90, 100, 100])
  }

  @Test("lines that overlap cost their share of latency, or of bandwidth where that is more")
  func overlappedLines() throws {
    let question = question()
    #expect(try question.overlappedLine(from: .l1).value == 0)
    // 4 ns among 20 loads, but 64 bytes at 64 bytes a nanosecond.
    #expect(try question.overlappedLine(from: .l2).value == 1)
    #expect(try question.overlappedLine(from: .memory).value == 5)
  }

  @Test("a number that is missing is named")
  func missingNumber() {
    #expect(throws: MissingNumber(name: "latency.l1")) {
      try Question(variant: "", value: 0, machine: .empty).latency(of: .l1)
    }
  }

  @Test(
    "brief numbers keep three digits",
    arguments: [
      (0.27381, "0.274"), (12.345, "12.3"), (4_120.4, "4120"), (100, "100"), (3, "3"), (0, "0"),
    ])
  func brief(value: Double, text: String) { #expect(value.brief == text) }
}
