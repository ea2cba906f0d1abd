import Results

/// Results made by hand, one of each kind that a page can meet.
enum Fixtures {
  static let machine = Machine(
    name: "zweikern", processor: "AMD EPYC 9R14 & Söhne <test>", architecture: "x86_64", cores: 2,
    threads: 2, packages: 1, numaNodes: 1, memoryBytes: 16 << 30,
    caches: [
      Machine.Cache(level: 1, bytes: 32 << 10, lineBytes: 64, sharedBy: 1),
      Machine.Cache(level: 2, bytes: 1 << 20, lineBytes: 64, sharedBy: 1),
      Machine.Cache(level: 3, bytes: 32 << 20, lineBytes: 64, sharedBy: 2),
    ], kernel: "6.1.0", system: "Debian 13", hypervisor: "KVM")

  static let run = Run(
    started: "2026-01-02T03:04:05Z", preset: "standard", seed: 42, version: "0.1.0",
    flags: BuildFlags(
      optimised: true, compiler: "swift-6.3.1", instructionSet: "native",
      features: ["avx2", "avx512f"]), cpus: [1])

  static let conditions = [
    Condition(
      name: "governor", grade: .unknown, value: "not visible",
      why: "a clock that changes changes every time", fix: ""),
    Condition(
      name: "load", grade: .good, value: "0.03", why: "others take the caches and the memory",
      fix: ""),
    Condition(
      name: "transparent huge pages", grade: .fair, value: "madvise",
      why: "4 KiB pages cost page walks",
      fix: "echo always | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"),
    Condition(
      name: "counters", grade: .poor, value: "perf_event_open: ENOENT",
      why: "the pages cannot say why", fix: "run on bare metal"),
  ]

  static func results(_ experiments: [ExperimentResult] = all) -> Results {
    Results(run: run, machine: machine, conditions: conditions, experiments: experiments)
  }

  static let all = [
    aosToSoa, falseSharing, dotProduct, allocators, residentMemory, searchLayouts, unresolved,
    numa, crashed,
  ]

  static func interval(_ estimate: Double, _ share: Double) -> Interval {
    Interval(estimate: estimate, low: estimate * (1 - share), high: estimate * (1 + share))
  }

  static func account(
    axis: String, numeric: Bool = true, metric: MetricRecord = .time, signals: [String] = [],
    diagram: String = "", sources: [SourceExcerpt] = []
  ) -> Account {
    Account(
      slot: "performance/memory/layout",
      claim: "One field of many is summed faster when it has an array of its own, *as long as* "
        + "`N × 64 bytes` do not fit a cache; <b>within</b> L1 there is nothing to gain.",
      mechanism: "A cache line carries one useful field of sixteen. Packed, it carries sixteen.",
      limits: "- When all fields are used.\n- When the working set stays in L1.", diagram: diagram,
      axis: axis, numericAxis: numeric, metric: metric, signals: signals, sources: sources)
  }

  /// A point with a baseline and candidates of the given speedups, in nanoseconds.
  static func point(
    _ value: Int, _ label: String, base: (String, Double), unit: Unit = .nanoseconds,
    candidates: [(name: String, speedup: Double, predicted: Double?)], noise: Double = 0.004,
    work: Work = Work(), lowerIsBetter: Bool = true,
    verdict: (Double) -> Verdict = { $0 > 1.02 ? .faster : $0 < 0.98 ? .slower : .same }
  ) -> PointResult {
    let baseline = VariantResult(
      name: base.0, value: interval(base.1, noise / 2), unit: unit,
      counters: ["cycles": Counter(unavailable: "perf_event_open: ENOENT, no such event")])
    let others = candidates.map { candidate in
      let value = lowerIsBetter ? base.1 / candidate.speedup : base.1 * candidate.speedup
      return VariantResult(name: candidate.name, value: interval(value, noise / 2), unit: unit)
    }
    return PointResult(
      parameter: Parameter(value: value, label: label), status: .measured,
      variants: [baseline] + others,
      candidates: candidates.map { candidate in
        CandidateResult(
          name: candidate.name, speedup: interval(candidate.speedup, noise),
          predicted: candidate.predicted.map {
            PredictedSpeedup(speedup: $0, because: "16 lines a cache miss ÷ 1 line = \($0)")
          }, verdict: verdict(candidate.speedup))
      }, null: Interval(estimate: 1.0004, low: 1 - noise * 0.8, high: 1 + noise), work: work,
      processes: 9, blocks: 210, discarded: ["preempted": 3, "migrated": 0], stop: .precise,
      iterations: 128, wallSeconds: 3.2, timedSeconds: 2.1)
  }
}
