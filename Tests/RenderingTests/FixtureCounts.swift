import Results

extension Fixtures {
  /// One simulated with a variant that could not be counted, one counted by a processor.
  static var counts: [String: CacheCounts] {
    let simulated = CacheCounts(
      experiment: "memory/aos-to-soa", source: .simulated, tool: "valgrind-3.19.0 cachegrind",
      run: Run(
        started: run.started, preset: "counts", seed: 1, version: "0.1.0",
        flags: BuildFlags(
          optimised: true, compiler: "", instructionSet: "x86-64-v3", features: ["avx2"]),
        cpus: [1]),
      caches: [
        Machine.Cache(level: 1, bytes: 32 << 10, lineBytes: 64, sharedBy: 1, ways: 8),
        Machine.Cache(level: 2, bytes: 1 << 20, lineBytes: 64, sharedBy: 1, ways: 8),
      ], axis: "working set",
      points: [
        point(
          "4 MiB",
          [
            variant("structs", 6, [("L1", 1, 1), ("L2", 1, 0.999)]),
            variant("arrays", 6, [("L1", 1, 0.0625), ("L2", 0.0625, 0)]),
          ]),
        point(
          "1 GiB",
          [
            variant("structs", 6, [("L1", 1, 1), ("L2", 1, 1)]),
            CacheCounts.Variant(name: "arrays", missing: "the process was killed by SIGKILL"),
          ]),
      ])
    let hardware = CacheCounts(
      experiment: "memory/false-sharing", source: .hardware, tool: "perf_event_open, user mode",
      run: run, caches: [], axis: "threads",
      points: [
        point(
          "2",
          [
            CacheCounts.Variant(
              name: "shared", instructions: 4.02,
              levels: [
                CacheCounts.Level(name: "L1", accesses: nil, misses: 0.21),
                CacheCounts.Level(name: "last cache", accesses: 0.2, misses: 0.001),
              ])
          ])
      ])
    return [simulated.experiment: simulated, hardware.experiment: hardware]
  }

  private static func point(
    _ label: String, _ variants: [CacheCounts.Variant]
  ) -> CacheCounts.Point {
    CacheCounts.Point(parameter: Parameter(value: 0, label: label), variants: variants)
  }

  private static func variant(
    _ name: String, _ instructions: Double, _ levels: [(String, Double, Double)]
  ) -> CacheCounts.Variant {
    CacheCounts.Variant(
      name: name, instructions: instructions,
      levels: levels.map { CacheCounts.Level(name: $0.0, accesses: $0.1, misses: $0.2) })
  }
}
