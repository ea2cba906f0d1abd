import Results

extension Fixtures {
  /// One candidate over sizes, from nothing to gain to much; one size skipped.
  static var aosToSoa: ExperimentResult {
    let rows: [(Int, String, Double, Double, Double)] = [
      (16 << 10, "16 KiB", 92, 1.01, 1), (256 << 10, "256 KiB", 2100, 3.9, 3.4),
      (4 << 20, "4 MiB", 41_000, 5.42, 5), (64 << 20, "64 MiB", 2_300_000, 11.8, 16),
    ]
    var points = rows.map { size, label, time, speedup, predicted in
      point(
        size, label, base: ("array of structs", time),
        candidates: [("struct of arrays", speedup, predicted)],
        work: Work(elements: Double(size / 64), bytes: Double(size / 16)))
    }
    points[2].variants[0].counters = [
      "cache-misses": Counter(12_345, unit: .count), "page-faults": Counter(0, unit: .count),
      "cycles": Counter(unavailable: "perf_event_open: ENOENT, no such event"),
    ]
    points[2].variants[1].counters = [
      "cache-misses": Counter(771.4, unit: .count), "page-faults": Counter(0, unit: .count),
    ]
    points[3].variants[0].counters = points[2].variants[0].counters
    points[3].variants[1].counters = points[2].variants[1].counters
    points[3].warnings = ["more than a tenth of the blocks was dropped"]
    points.append(
      PointResult(
        parameter: Parameter(value: 512 << 20, label: "512 MiB"), status: .skipped,
        reason: "needs 1.5 GiB of available memory, there are 1.2 GiB"))
    let diagram = """
      flowchart LR
        A["array of structs: {array of structs} an element"] --> Q{worth it?}
        B["struct of arrays: {struct of arrays} an element"] --> Q
        Q --> C["{speedup} at {point}"]
      """
    return ExperimentResult(
      id: "memory/aos-to-soa", title: "Array of structs to struct of arrays", status: .measured,
      reason: nil,
      account: account(
        axis: "working set", signals: ["cache-misses", "cycles"], diagram: diagram,
        sources: [
          SourceExcerpt(
            variant: "array of structs", file: "Benchmarks/Memory/AosToSoa.swift", line: 41,
            code: "func sum(_ all: [Particle]) -> Float {\n  var sum: Float = 0\n"
              + "  for p in all where p.x < 1 { sum += p.x }\n  return sum\n}\n"),
          SourceExcerpt(
            variant: "struct of arrays", file: "Benchmarks/Memory/AosToSoa.swift", line: 52,
            code: "func sum(_ xs: [Float]) -> Float {\n  var sum: Float = 0\n"
              + "  for x in xs where x < 1 { sum += x }\n  return sum\n}"),
        ]), points: points)
  }

  /// Two candidates over few threads, lying on each other; the code is the same.
  static var falseSharing: ExperimentResult {
    let code = SourceExcerpt(
      variant: "", file: "Benchmarks/Memory/FalseSharing.swift", line: 30,
      code: "func count(_ slot: Slot) {\n  slot.increment()\n}")
    let names = ["8 bytes apart", "64 bytes apart", "128 bytes apart"]
    let sources = names.map { name in
      SourceExcerpt(variant: name, file: code.file, line: code.line, code: code.code)
    }
    let points = [(2, 6.8, 6.9), (4, 9.1, 9.4), (8, 14.2, 14.0)].map { threads, near, far in
      point(
        threads, "\(threads)", base: (names[0], 5200 * Double(threads)),
        candidates: [(names[1], near, 7), (names[2], far, 7)], noise: 0.03)
    }
    return ExperimentResult(
      id: "memory/false-sharing", title: "False sharing", status: .measured, reason: nil,
      account: account(
        axis: "threads", diagram: "graph LR\n  A[{8 bytes apart}] --> B[{128 bytes apart}]",
        sources: sources), points: points)
  }

  /// Rates in GB/s and GFLOP/s, from L1 to memory; a peer, one that is not there, and a limit.
  static var dotProduct: ExperimentResult {
    let rows: [(Int, String, Double, Double)] = [
      (32 << 10, "32 KiB", 2900, 21.4), (1 << 20, "1 MiB", 94_000, 14.8),
      (32 << 20, "32 MiB", 3_010_000, 7.1), (256 << 20, "256 MiB", 24_100_000, 2.33),
    ]
    var account = account(axis: "working set of both vectors")
    account.references = ["OpenBLAS sdot", "Eigen", "reading the bytes"]
    account.yardsticks = [
      Yardstick(variant: "OpenBLAS sdot", kind: .peer, version: "OpenBLAS 0.3.21 (Zen)"),
      Yardstick(variant: "Eigen", kind: .peer),
      Yardstick(variant: "reading the bytes", kind: .limit),
    ]
    return ExperimentResult(
      id: "cpu/simd-dot-product", title: "Dot product with SIMD", status: .measured, reason: nil,
      account: account,
      points: rows.map { size, label, time, speedup in
        var point = point(
          size, label, base: ("scalar", time),
          candidates: [
            ("SIMD16 × 4", speedup, min(speedup * 1.1, 18)), ("OpenBLAS sdot", speedup / 0.95, nil),
            ("reading the bytes", speedup / 0.82, nil),
          ],
          work: Work(
            elements: Double(size / 8), bytes: Double(size), floatOperations: Double(size / 4)))
        point.candidates[0].yardsticks = [
          YardstickRatio(yardstick: "OpenBLAS sdot", ratio: interval(0.95, 0.02)),
          YardstickRatio(yardstick: "reading the bytes", ratio: interval(0.82, 0.03)),
        ]
        point.candidates.append(
          CandidateResult(
            name: "Eigen", speedup: nil, verdict: .skipped,
            reason: "Eigen is not there; type: make peers"))
        return point
      })
  }

  /// Named workloads; a candidate that is not installed.
  static var allocators: ExperimentResult {
    let rows: [(Int, String, Double, Double, Double)] = [
      (0, "64-byte churn", 19_000, 1.31, 1.62), (1, "16–1,040-byte churn", 27_000, 1.12, 1.48),
      (2, "freed by another thread", 61_000, 0.83, 1.005),
    ]
    let points = rows.map { value, label, time, first, second in
      var point = point(
        value, label, base: ("glibc", time),
        candidates: [("jemalloc", first, nil), ("mimalloc", second, nil)], noise: 0.012)
      point.candidates.append(
        CandidateResult(
          name: "tcmalloc", speedup: nil, verdict: .skipped,
          reason: "libtcmalloc_minimal.so.4 is not installed"))
      return point
    }
    return ExperimentResult(
      id: "memory/allocator-choice", title: "Choice of allocator", status: .measured, reason: nil,
      account: account(axis: "workload", numeric: false), points: points)
  }

  /// A reported metric, where more is better, at one point.
  static var residentMemory: ExperimentResult {
    let metric = MetricRecord(
      name: "requests served", unit: .operationsPerSecond, lowerIsBetter: false)
    return ExperimentResult(
      id: "scale/connection-pool", title: "Connection pool", status: .measured, reason: nil,
      account: account(axis: "users", metric: metric),
      points: [
        point(
          2000, "2000", base: ("one connection each", 48_200), unit: .operationsPerSecond,
          candidates: [("pool of 16", 3.1, 2.9)], lowerIsBetter: false)
      ])
  }

  /// Five candidates over many sizes, with huge ratios.
  static var searchLayouts: ExperimentResult {
    let names = ["Eytzinger", "B-tree", "branchless", "van Emde Boas", "hash"]
    let points = (10...24).map { power -> PointResult in
      let growth = Double(power - 9)
      let candidates = names.enumerated().map { index, name in
        let speedup = 1 + growth * growth * Double(index * index + 1) * 0.8
        return (name: name, speedup: speedup, predicted: index == 4 ? speedup * 0.4 : nil)
      }
      let labels = ["KiB", "MiB"]
      let label = "\(1 << (power % 10)) \(labels[power / 10 - 1])"
      return point(
        1 << power, label, base: ("binary search", 40 * growth), candidates: candidates,
        noise: 0.05)
    }
    return ExperimentResult(
      id: "cpu/search-layouts", title: "Layouts for searching", status: .measured, reason: nil,
      account: account(axis: "working set"), points: points)
  }

  /// Noise that leaves everything open, and equality.
  static var unresolved: ExperimentResult {
    let points = [(1, 1.05, 0.13), (2, 1.003, 0.006)].map { value, speedup, noise in
      point(
        value, "\(value)", base: ("direct call", 1200),
        candidates: [("closure | existential", speedup, 1)], noise: noise,
        verdict: { $0 > 1.02 ? .unresolved : .same })
    }
    return ExperimentResult(
      id: "cpu/direct-call", title: "Calls: direct & <indirect>", status: .measured, reason: nil,
      account: account(axis: "depth"), points: points)
  }

  static var numa: ExperimentResult {
    ExperimentResult(
      id: "memory/numa-placement", title: "Where memory lives", status: .skipped,
      reason: "needs 2 NUMA nodes, this machine has 1", account: account(axis: "working set"),
      points: [])
  }

  static var crashed: ExperimentResult {
    ExperimentResult(
      id: "storage/fsync-batching", title: "Größere Schübe", status: .failed,
      reason: "worker killed by SIGSEGV: `Fatal error: index | out of range`",
      account: account(axis: "batch"), points: [])
  }
}
