import Results

extension Fixtures {
  /// Of an experiment that has a page among the fixtures.
  static var profiles: ProfileSet {
    ProfileSet(id: "cpu/simd-dot-product", profiles: [before, after])
  }

  private static var before: Profile {
    profile(
      "scalar",
      [
        .init(frames: ["CPUBenchmarks.handle"], count: 300),
        .init(frames: ["CPUBenchmarks.handle", "CPUBenchmarks.parse"], count: 1_200),
        .init(
          frames: ["CPUBenchmarks.handle", "CPUBenchmarks.parse", "Array.append", "swift_retain"],
          count: 700),
        .init(
          frames: [
            "CPUBenchmarks.handle", "CPUBenchmarks.parse", "Array.append", "swift_allocObject",
            "malloc",
          ], count: 1_900),
        .init(frames: ["CPUBenchmarks.handle", "operator<< <&>"], count: 900),
        .init(frames: ["CPUBenchmarks.handle", "rare"], count: 1),
      ])
  }

  private static var after: Profile {
    profile(
      "simd",
      [
        .init(frames: ["CPUBenchmarks.handle"], count: 4_000),
        .init(frames: ["[libc.so.6]"], count: 40),
      ])
  }

  private static func profile(_ variant: String, _ stacks: [Profile.Stack]) -> Profile {
    Profile(
      variant: variant, parameter: Parameter(value: 8, label: "8"), clock: "perf_event",
      period: 200_000, lost: variant == "simd" ? 7 : 0, calls: 812, seconds: 1, stacks: stacks)
  }
}
