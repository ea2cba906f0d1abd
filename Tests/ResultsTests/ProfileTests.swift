import Results
import Testing

@Suite struct ProfileTests {
  private func profile(_ variant: String, _ stacks: [Profile.Stack]) -> Profile {
    Profile(
      variant: variant, parameter: Parameter(value: 8, label: "8"), clock: "perf_event",
      period: 200_000, lost: 0, calls: 3, seconds: 1, stacks: stacks)
  }

  @Test func aShareCountsEachStackOnceWithWhatIsCalledAndByItself() {
    let taken = profile(
      "strings",
      [
        .init(frames: ["M.handle", "M.parse", "malloc"], count: 5),
        .init(frames: ["M.handle", "M.parse"], count: 2),
        .init(frames: ["M.handle", "M.parse", "M.split", "M.parse"], count: 1),
        .init(frames: ["M.handle", "M.format"], count: 2),
      ])
    #expect(taken.samples == 10)
    #expect(taken.share(of: "M.parse") == (0.8, 0.3))
    #expect(taken.share(of: "parse") == (0.8, 0.3))
    #expect(taken.share(of: "arse") == (0, 0))
    #expect(taken.share(of: "handle") == (1, 0))
  }

  @Test func noStacksHaveNoShares() { #expect(profile("a", []).share(of: "f") == (0, 0)) }

  @Test func aNewProfileTakesThePlaceOfTheVariantsEarlierOne() {
    var set = ProfileSet(id: "cpu/hot-path")
    set.keep(profile("a", [.init(frames: ["x"], count: 1)]))
    set.keep(profile("b", []))
    set.keep(profile("a", [.init(frames: ["x"], count: 2)]))
    #expect(set.profiles.map(\.variant) == ["a", "b"])
    #expect(set.profiles[0].samples == 2)
  }
}
