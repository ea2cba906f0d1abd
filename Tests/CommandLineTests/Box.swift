import Foundation
import Results

/// Small results, as a run leaves them.
enum Box {
  static let results: Results = {
    let flags = BuildFlags(
      optimised: true, compiler: "swift-6.3.1", instructionSet: "native", features: ["avx2"])
    let run = Run(
      started: "2026-01-02T03:04:05Z", preset: "quick", seed: 42, version: "0.1.0", flags: flags,
      cpus: [1])
    let machine = Machine(
      name: "box", processor: "Test", architecture: "x86_64", cores: 2, threads: 2, packages: 1,
      numaNodes: 1, memoryBytes: 1 << 34, caches: [], kernel: "6.1.0", system: "Debian 13",
      hypervisor: nil)
    let account = Account(
      slot: "performance/memory/layout", claim: "One.", mechanism: "Two.", limits: "Three.",
      diagram: "flowchart LR\n  A[{aos}] --> B[{soa}]", axis: "working set", numericAxis: true,
      metric: .time, signals: [], sources: [])
    let points = [(1 << 14, "16 KiB", 100.0), (1 << 22, "4 MiB", 40_000)].map { size, label, time in
      PointResult(
        parameter: Parameter(value: size, label: label), status: .measured,
        variants: [("aos", time), ("soa", time / 4)].map { name, value in
          VariantResult(
            name: name,
            value: Interval(estimate: value, low: value * 0.99, high: value * 1.01),
            unit: .nanoseconds,
            counters: ["cpu time": Counter(value, unit: .nanoseconds)])
        },
        candidates: [
          CandidateResult(
            name: "soa", speedup: Interval(estimate: 4, low: 3.9, high: 4.1), verdict: .faster)
        ], null: Interval(estimate: 1, low: 0.99, high: 1.01), processes: 5, blocks: 50,
        stop: .precise, iterations: 8)
    }
    let experiment = ExperimentResult(
      id: "memory/aos-to-soa", title: "Structs", status: .measured, reason: nil,
      account: account, points: points)
    return Results(run: run, machine: machine, conditions: [], experiments: [experiment])
  }()

  /// - Parameter folder: the machine's.
  static func write(_ results: Results = Box.results, to folder: URL) throws {
    try put(RunRecord(results), in: folder, at: "run.json")
    for experiment in results.experiments {
      var measured = experiment
      measured.run = measured.run ?? results.run
      try put(
        StoredExperiment(measured, on: results.machine), in: folder,
        at: "results/\(experiment.id).json")
    }
  }

  /// As schema 1 had it: all in one file.
  static func writeOlder(_ results: Results = Box.results, to folder: URL) throws {
    var older = results
    older.schema = 1
    try put(older, in: folder, at: "results.json")
  }

  static func put(_ value: some Encodable, in folder: URL, at path: String) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try JSONEncoder().encode(value).write(to: file)
  }
}
