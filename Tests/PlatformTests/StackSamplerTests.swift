import Glibc
import Testing

@testable import Platform

/// One sampler at a time in a process.
@Suite("Stacks taken of running code", .serialized)
struct StackSamplerTests {
  @Test(
    "name the function that ran and the one that called it",
    arguments: [
      [SamplingClock.perfEvent, .perfEventUserOnly], [.timer],
    ])
  func stacksNameWhatRan(clocks: [SamplingClock]) throws {
    guard let sampler = try? StackSampler(period: 1_000_000, capacity: 20_000, clocks: clocks)
    else { return }
    #expect(clocks.contains(sampler.clock))
    sampler.start()
    // Until there is something to look at; the limit ends the test where nothing ever comes.
    var rounds = 0
    while sampler.stacks().count < 5 && rounds < 20_000 {
      outerLoop()
      rounds += 1
    }
    sampler.stop()
    let symboliser = Symboliser()
    let stacks = sampler.stacks().map { $0.map { symboliser.name(of: $0) } }
    #expect(stacks.count >= 5)
    #expect(sampler.lost == 0)
    let own = stacks.filter { $0.contains("PlatformTests.innerLoop") }
    #expect(!own.isEmpty)
    for stack in own {
      let inner = try #require(stack.firstIndex(of: "PlatformTests.innerLoop"))
      #expect(stack[(inner + 1)...].first == "PlatformTests.outerLoop")
    }
  }

  @Test("keep the callers of the C library's functions")
  func allocatorKeepsItsCallers() throws {
    guard let sampler = try? StackSampler(period: 200_000, capacity: 50_000) else { return }
    let symboliser = Symboliser()
    sampler.start()
    var rounds = 0
    var within: [[String]] = []
    while within.count < 3 && rounds < 200 {
      for _ in 0..<2_000 { allocateAndFree() }
      within = sampler.stacks().map { $0.map { symboliser.name(of: $0) } }
        .filter { $0.first?.hasPrefix("PlatformTests.") == false }
      rounds += 1
    }
    sampler.stop()
    #expect(within.contains { $0.contains("PlatformTests.allocateAndFree") })
  }

  @Test("are not taken once the sampler is stopped, nor beyond its room")
  func stopsAndOverflows() throws {
    guard let sampler = try? StackSampler(period: 200_000, capacity: 2) else { return }
    sampler.start()
    var rounds = 0
    while sampler.lost == 0 && rounds < 20_000 {
      outerLoop()
      rounds += 1
    }
    sampler.stop()
    #expect(sampler.stacks().count == 2)
    let lost = sampler.lost
    #expect(lost > 0)
    for _ in 0..<20 { outerLoop() }
    #expect(sampler.lost == lost)
  }

  @Test("need a clock that may be used")
  func refusal() {
    #expect(throws: SamplingError.self) {
      _ = try StackSampler(period: 1_000_000, capacity: 10, clocks: [])
    }
    let text = SamplingError.refused(perfEvent: EACCES, timer: EPERM).description
    #expect(text.contains("perf_event_paranoid") && !text.contains("\n"))
  }

  @Test("A kernel's number is read off its release")
  func releases() {
    #expect(StackSampler.number("6.18.44-fc-v669") == [6, 18, 44])
    #expect(StackSampler.number("5.15.0-1051-aws") == [5, 15, 0])
    #expect([5, 17].lexicographicallyPrecedes(StackSampler.firstSafeKernel))
    #expect(![5, 18].lexicographicallyPrecedes(StackSampler.firstSafeKernel))
  }
}

@inline(never)
private func outerLoop() {
  for round in 0..<10 { sink &+= innerLoop(round) }
}

@inline(never)
private func innerLoop(_ seed: Int) -> Int {
  var value = seed
  for step in 0..<2_000 { value = (value &* 31) ^ step }
  return value
}

@inline(never)
private func allocateAndFree() {
  for size in 0..<50 { free(malloc(2_000 + size * 64)) }
}

nonisolated(unsafe) private var sink = 0
