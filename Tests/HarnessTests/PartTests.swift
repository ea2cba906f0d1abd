import Results
import Testing

@testable import Harness

@Suite struct PartTests {
  @Test func amdahlsLawHoldsForOnePartAndForSeveral() {
    let half = PartShares(samples: 10, parts: [.init(name: "a", share: 0.5, gain: 2)])
    #expect(half.amdahl == 1 / 0.75)
    let all = PartShares(
      samples: 10,
      parts: [.init(name: "a", share: 0.75, gain: 3), .init(name: "b", share: 0.25, gain: 1)])
    #expect(all.amdahl == 2)
    // However great its gain, the rest stays.
    let most = PartShares(samples: 10, parts: [.init(name: "a", share: 0.75, gain: .infinity)])
    #expect(most.amdahl == 4)
  }

  @Test func aModelNamesTheProfileAndThereIsNoneWithoutOne() throws {
    let machine = Machine(
      name: "", processor: "", architecture: "", cores: 1, threads: 1, packages: 1, numaNodes: 1,
      memoryBytes: 0, caches: [], kernel: "", system: "", hypervisor: nil)
    #expect(Question(variant: "b", value: 1, machine: machine).amdahl() == nil)
    let parts = PartShares(samples: 812, parts: [.init(name: "parsing", share: 0.8, gain: 4)])
    let models = try [true, false].map { isBaseline in
      try #require(
        Question(
          variant: "b", isBaseline: isBaseline, value: 1, machine: machine, parts: parts
        ).amdahl())
    }
    let prediction = models[1].speedup(over: models[0], names: ("a", "b"))
    #expect(abs(prediction.speedup - parts.amdahl) < 1e-12)
    #expect(
      prediction.because
        == "a: unchanged code 0.2 + parsing 0.8 = 1; b: unchanged code 0.2 + parsing 0.2 = 0.4.")
    let term = try #require(models[1].predicted("b", elements: 1).terms.last)
    #expect(term.sources.map(\.source).contains("a profile of 812 stacks"))
  }

  @Test func stacksBeginBelowTheLoopAndAFunctionThatCallsItselfStandsOnce() {
    let names = ["main", "Harness.Sampler.repeatCalls", "M.handle", "M.fib", "M.fib", "malloc"]
    #expect(
      ProfileBench.below("Sampler.repeatCalls", in: names) == ["M.handle", "M.fib", "malloc"])
    #expect(ProfileBench.below("Sampler.repeatCalls", in: ["thread", "M.serve"]).count == 2)
    #expect(ProfileBench.below("Sampler.repeatCalls", in: Array(names[...1])).count == 1)
  }
}
