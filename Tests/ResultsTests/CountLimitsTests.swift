import Results
import Testing

@Suite struct CountLimitsTests {
  private let retains = CountLimits.Limit(
    experiment: "memory/x", variant: "a class", metric: "retains", range: 2_000...2_000,
    allowed: 0.05)
  private let faults = CountLimits.Limit(
    experiment: "memory/x", variant: "a class", metric: "page faults", range: 0.5...7, allowed: nil)

  @Test func whatIsWrittenIsReadAgain() throws {
    var limits = CountLimits()
    #expect(limits.record([retains, faults], for: "Swift 6.3").isEmpty)
    #expect(limits.record([retains], for: "Swift 6.4").isEmpty)
    #expect(limits.text.contains("memory/x | a class | retains | 2000 | +5%\n"))
    #expect(limits.text.contains("memory/x | a class | page faults | 0.5…7 | varies\n"))
    #expect(try CountLimits(text: limits.text) == limits)
    #expect(limits.limits(of: "Swift 6.2") == nil)
    // As Windows keeps it.
    let foreign = "\u{feff}" + limits.text.replacing("\n", with: "\r\n")
    #expect(try CountLimits(text: foreign) == limits)
  }

  @Test func whatAPersonRemarkedStaysWhereItIs() throws {
    var limits = CountLimits()
    _ = limits.record([retains, faults], for: "Swift 6.3")
    let text =
      limits.text.replacing(
        "memory/x | a class | page", with: "# Kernel 6.\nmemory/x | a class | page")
      + "# The end.\n"
    var remarked = try CountLimits(text: text)
    #expect(remarked.text == text)
    _ = remarked.record([faults, retains], for: "Swift 6.3")
    #expect(remarked.text == text)
  }

  @Test func recordingAgainKeepsWhatAPersonAllowed() {
    var limits = CountLimits()
    _ = limits.record([retains, faults], for: "Swift 6.3")
    var again = retains
    (again.range, again.allowed) = (1_000...1_000, 0)
    var steady = faults
    (steady.range, steady.allowed) = (3...3, 0)
    #expect(limits.record([again, steady], for: "Swift 6.3").isEmpty)
    let found = limits.limits(of: "Swift 6.3") ?? []
    #expect(found.map(\.range) == [1_000...1_000, 3...3])
    #expect(found.map(\.allowed) == [0.05, 0])
  }

  @Test func aCountThatVariesKeepsItsShareAndOneThatBeginsToIsNamed() {
    var limits = CountLimits()
    var judged = faults
    judged.allowed = 0.1
    _ = limits.record([retains, judged], for: "Swift 6.3")
    var (wider, varying) = (faults, retains)
    wider.range = 1...9
    (varying.range, varying.allowed) = (2_000...2_004, nil)
    #expect(limits.record([varying, wider], for: "Swift 6.3") == [varying])
    let found = limits.limits(of: "Swift 6.3") ?? []
    #expect(found.map(\.allowed) == [nil, 0.1] && found[1].range == 1...9)
  }

  @Test func onlyWhatMayNotVaryIsJudged() {
    func check(_ limit: CountLimits.Limit, _ values: [Double]) -> CountLimits.Finding {
      CountLimits.check(limit, CallCount(name: limit.metric, values: values))
    }
    #expect(check(retains, [2_100, 2_100]) == .within)
    #expect(check(retains, [2_000, 2_101]) == .above(2_000...2_101))
    #expect(check(retains, [1_800]) == .below(1_800...1_800))
    #expect(check(faults, [50, 60]) == .varies(50...60))
    var judged = faults
    judged.allowed = 0
    #expect(check(judged, [0, 7]) == .within)
    #expect(check(judged, [0, 8]) == .above(0...8))
    let missing = CallCount(name: "retains", values: [], unavailable: "threads")
    #expect(CountLimits.check(retains, missing) == .uncounted(reason: "threads"))
    #expect(CountLimits.check(retains, nil) != .within)
  }

  @Test(arguments: [
    ("memory/x | a | retains | 1 | +0%", 1), ("[s]\nmemory/x | a | retains | 1", 2),
    ("[s]\n\nx | a | r | one | +0%", 3), ("[s]\nx | a | r | 1 | 5%", 2),
    ("[s]\nx | a | r | 3…1 | varies", 2), ("[s]\nx |  | r | 1 | +0%", 2),
    ("[a]\n<<<<<<< HEAD\nx | y | z | 1 | +0%\n=======", 2),
    ("[a]\nx | y | z | 1 | +0%\nx | y | z | 2 | +0%", 3), ("[a]\n[b]\n[a]", 3),
  ])
  func whatIsNoLimitIsNamedByItsLine(text: String, line: Int) {
    #expect { try CountLimits(text: text) } throws: { ($0 as? CountLimits.Fault)?.line == line }
  }

  @Test func aChangeOfACountIsOneWhereRangesDoNotMeet() throws {
    func change(_ before: [Double], _ after: [Double]) -> ABCountChange? {
      ABCountChange(
        experiment: "x", variant: "y", before: CallCount(name: "retains", values: before),
        after: CallCount(name: "retains", values: after))
    }
    #expect(change([1, 1], [1, 1]) == nil && change([1, 3], [2, 9]) == nil)
    #expect(change([], [2]) == nil)
    let risen = try #require(change([100, 100], [104, 104]))
    #expect(risen.hasRisen(by: 0.03) && !risen.hasRisen(by: 0.05))
    let varying = try #require(change([100, 101], [204, 205]))
    #expect(!varying.hasRisen(by: 0.03))
  }
}
