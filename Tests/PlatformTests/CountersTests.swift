import Glibc
import Testing

@testable import Platform

@Suite struct CountersTests {
  @Test func everyEventIsCountedOrHasItsErrno() {
    for scope in [Counters.Scope.thread, .inherited] {
      let counters = Counters(scope: scope)
      let missing = counters.unavailable.map(\.event)
      #expect(Set(counters.available + missing) == Set(CounterEvent.allCases))
      #expect(counters.available.count + missing.count == CounterEvent.allCases.count)
      #expect(counters.unavailable.allSatisfy { $0.errno > 0 })
      let reading = counters.read()
      for event in CounterEvent.allCases where missing.contains(event) {
        #expect(throws: CounterUnavailable.self) { try reading[event].get() }
      }
    }
  }

  @Test(arguments: [Counters.Scope.thread, .inherited])
  func faultsAreCountedWhileStartedOnly(_ scope: Counters.Scope) throws {
    let counters = Counters([.pageFaults], scope: scope)
    guard counters.unavailable.isEmpty else { return }
    let before = counters.read()
    counters.start()
    try touchFreshPages(64)
    counters.stop()
    let counted = try (counters.read() - before)[.pageFaults].get()
    try touchFreshPages(64)
    let after = try (counters.read() - before)[.pageFaults].get()
    #expect(counted.count >= 64)
    #expect(after == counted)
  }

  @Test func inheritedCountersSeeThreadsThatStartLater() throws {
    let counters = Counters([.pageFaults], scope: .inherited)
    guard counters.unavailable.isEmpty else { return }
    counters.start()
    let before = counters.read()
    try onThread { try touchFreshPages(256) }
    #expect(try (counters.read() - before)[.pageFaults].get().count >= 256)
  }

  @Test func whatTheProcessorLacksIsGivenWithItsErrnoAndTheRestIsCounted() {
    let counters = Counters(CounterEvent.allCases, scope: .thread) { event, _, _, _ in
      event.isHardware ? -ENOENT : -EMFILE
    }
    #expect(counters.available.isEmpty)
    #expect(counters.unavailable.filter { $0.errno == ENOENT }.count == 7)
    #expect(
      counters.unavailable.first?.description
        == "cycles: not offered by this processor or its hypervisor (errno 2)")
  }

  @Test func withoutPermissionForTheKernelWhatHappensThereIsMissingAndNotZero() {
    // As at perf_event_paranoid 2: user mode only.
    let counters = Counters(CounterEvent.allCases, scope: .thread) { _, _, userOnly, _ in
      userOnly ? anyDescriptor() : -EACCES
    }
    #expect(counters.unavailable.map(\.event) == [.contextSwitches, .migrations])
    #expect(counters.available.contains(.pageFaults))
    #expect(counters.available.contains(.cycles))
  }

  @Test func anEventThatDoesNotFitItsGroupIsCountedAlone() {
    var leaders: [CounterEvent: Int32] = [:]
    let counters = Counters([.cycles, .instructions, .branchMisses], scope: .thread) {
      event, leader, _, _ in
      leaders[event] = leader
      return event == .instructions && leader >= 0 ? -EINVAL : anyDescriptor()
    }
    #expect(counters.unavailable.isEmpty)
    #expect(Set(counters.available) == [.cycles, .instructions, .branchMisses])
    #expect(leaders[.instructions] == -1)
    #expect(leaders[.branchMisses] ?? -1 >= 0)
  }

  @Test func aMultiplexedCountIsScaledAndSaysSo() throws {
    let before = reading(.cycles, CounterReading.Raw(value: 100, enabled: 1_000, running: 1_000))
    let half = reading(.cycles, CounterReading.Raw(value: 600, enabled: 3_000, running: 2_000))
    #expect(
      try (half - before)[.cycles].get() == CounterValue(count: 1_000, isMultiplexed: true))
    let whole = reading(.cycles, CounterReading.Raw(value: 600, enabled: 3_000, running: 3_000))
    #expect(
      try (whole - before)[.cycles].get() == CounterValue(count: 500, isMultiplexed: false))
  }

  @Test func aGroupThatCannotBeReadIsMissingAndNotZero() {
    // The null device ends at once, as an event in the error state does.
    let counters = Counters([.cycles], scope: .thread) { _, _, _, _ in anyDescriptor() }
    #expect(throws: CounterUnavailable(event: .cycles, errno: EIO)) {
      try counters.read()[.cycles].get()
    }
    #expect(throws: CounterUnavailable(event: .instructions, errno: -1)) {
      try counters.read()[.instructions].get()
    }
  }

  @Test func anEventThatNeverRanIsMissingAndNotZero() {
    let starved = reading(.cycles, CounterReading.Raw(value: 0, enabled: 1_000, running: 0))
    #expect(throws: CounterUnavailable(event: .cycles, errno: 0)) { try starved[.cycles].get() }
  }

  @Test func eachReasonIsOneLine() {
    for errno in Int32(-1)...133 {
      let reason = CounterUnavailable(event: .cycles, errno: errno).reason
      #expect(!reason.isEmpty && !reason.contains("\n"))
    }
  }

  private func reading(_ event: CounterEvent, _ raw: CounterReading.Raw) -> CounterReading {
    CounterReading(raw: CounterEvent.allCases.map { $0 == event ? raw : nil }, unavailable: [])
  }
}

private func anyDescriptor() -> Int32 { open("/dev/null", O_RDONLY | O_CLOEXEC) }

/// Page faults of this thread, one for each page.
func touchFreshPages(_ count: Int) throws {
  let memory = try MappedMemory(byteCount: count * Int(getpagesize()), pages: .small)
  for page in 0..<count {
    memory.start.storeBytes(of: 1, toByteOffset: page * Int(getpagesize()), as: UInt8.self)
  }
}
