import Results
import Testing

@testable import Harness

@Suite struct SampleBatchTests {
  private let plain = Sample(
    instance: 1, nanoseconds: 120_000, disturbances: [], additionsPerCycle: [5.25],
    counters: ["user time": 5], reports: [:])
  private let rich = Sample(
    instance: 0, nanoseconds: 0.5, disturbances: ["migrated", "stolen"],
    lostNanoseconds: 12.5,
    additionsPerCycle: [2.5, 3], counters: ["user time": 7, "minor faults": 2],
    reports: ["resident": Counter(4_096, unit: .bytes)])

  @Test func samplesComeOutAsTheyWentIn() throws {
    let line = WorkerProtocol.encode(Reply.samples(SampleBatch([plain, rich, plain])))
    guard case .samples(let batch) = try WorkerProtocol.decode(Reply.self, from: line) else {
      Issue.record("another reply")
      return
    }
    let samples = try #require(batch.samples)
    #expect(samples.map(\.instance) == [1, 0, 1])
    #expect(samples.map(\.nanoseconds) == [120_000, 0.5, 120_000])
    #expect(samples.map(\.disturbances) == [[], rich.disturbances, []])
    #expect(samples.map(\.lostNanoseconds) == [0, 12.5, 0])
    #expect(samples.map(\.additionsPerCycle) == [[5.25], [2.5, 3], [5.25]])
    #expect(samples.map(\.reports) == [[:], rich.reports, [:]])
  }

  @Test func aCounterThatASampleLacksIsZero() throws {
    let samples = try #require(SampleBatch([plain, rich]).samples)
    #expect(samples[0].counters == ["user time": 5, "minor faults": 0])
    #expect(samples[1].counters == rich.counters)
  }

  @Test func columnsOfDifferentLengthsAreNoSamples() throws {
    let line = """
      {"samples":{"_0":{"instances":[0,1],"nanoseconds":[1],\
      "additionsPerCycle":[[1],[1]],"disturbances":{},"lost":{},\
      "counters":{},"reports":[],"observations":[]}}}
      """
    guard
      case .samples(let batch) = try WorkerProtocol.decode(Reply.self, from: Array(line.utf8))
    else {
      Issue.record("another reply")
      return
    }
    #expect(batch.samples == nil)
  }
}
