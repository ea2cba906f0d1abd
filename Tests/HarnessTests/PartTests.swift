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

  @Test func aPredictionNamesTheProfileAndThereIsNoneWithoutOne() {
    let machine = Machine(
      name: "", processor: "", architecture: "", cores: 1, threads: 1, packages: 1, numaNodes: 1,
      memoryBytes: 0, caches: [], kernel: "", system: "", hypervisor: nil)
    #expect(Question(candidate: "b", value: 1, machine: machine).amdahl() == nil)
    let parts = PartShares(samples: 812, parts: [.init(name: "parsing", share: 0.8, gain: 4)])
    let question = Question(candidate: "b", value: 1, machine: machine, parts: parts)
    let prediction = question.amdahl()
    #expect(prediction?.speedup == parts.amdahl)
    #expect(prediction?.because.contains("812 stacks") == true)
    #expect(
      prediction?.because.contains("parsing takes 80% of the baseline and is 4 times") == true)
  }

  @Test func stacksBeginBelowTheLoopAndAFunctionThatCallsItselfStandsOnce() {
    let names = ["main", "Harness.Sampler.repeatCalls", "M.handle", "M.fib", "M.fib", "malloc"]
    #expect(
      ProfileBench.below("Sampler.repeatCalls", in: names) == ["M.handle", "M.fib", "malloc"])
    #expect(ProfileBench.below("Sampler.repeatCalls", in: ["thread", "M.serve"]).count == 2)
    #expect(ProfileBench.below("Sampler.repeatCalls", in: Array(names[...1])).count == 1)
  }
}
