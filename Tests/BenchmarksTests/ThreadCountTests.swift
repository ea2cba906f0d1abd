import CPUBenchmarks
import Harness
import Platform
import Results
import Testing

/// Experiments that are run in parallel, on more threads than this machine may have processors. Part
/// of a suite that runs one test at a time: two kernels that block a thread of Swift's tasks until
/// others have run would leave none on two processors.
extension AgreementTests {
  private static let parallel = catalog.filter { $0.sweep.threads != nil }

  @Test("experiments whose subject is how threads share their work sweep the threads")
  func parallelExperimentsSweepThreads() {
    #expect(
      Set(Self.parallel.map(\.id)) == [
        "cpu/parallel-prefix-sum", "cpu/work-stealing", "cpu/fork-join", "cpu/parallel-quicksort",
        "cpu/queue-contention", "cpu/numa-first-touch", "memory/false-sharing",
        "memory/read-mostly-sharing", "memory/shared-refcount", "memory/thread-caches",
      ])
  }

  @Test(
    "variants agree on 1, 3, 8 and 16 threads, several on a processor where there are fewer",
    arguments: parallel, [1, 3, 8, 16])
  func variantsAgree(experiment: Experiment, threads: Int) async throws {
    // Pages on several nodes need them.
    guard !experiment.needs.contains(.numaNodes(2)), let count = experiment.sweep.threads else {
      return
    }
    let value = (threads - count.besides) / count.each
    guard value > 0 else { return }
    let allowed = try Affinity.allowed()
    let outcomes = try await onOwnThread {
      try SmokeRun.outcomes(
        of: experiment, at: Parameter(value: value, label: "\(value)"),
        cpus: (0..<count.count(at: value)).map { allowed[$0 % allowed.count] })
    }
    let own = experiment.own.map(\.name)
    #expect(outcomes.map(\.variant).filter(own.contains) == own)
  }

  @Test("a machine's cores end the sweep, and no value needs more", arguments: parallel)
  func sweepsEndWithTheCores(experiment: Experiment) throws {
    for cores in [2, 3, 6, 8, 12, 16, 96] {
      let machine = Facilities(
        cores: cores, numaNodes: 2, threadsPerCore: 1, availableMemory: 1 << 45,
        hasLibrary: { _ in true }, hasFile: { _ in true },
        peer: { .failure(.absent($0.library)) })
      let sweep = experiment.fitted(to: machine).sweep
      let threads = try #require(sweep.threads)
      #expect(sweep.values.allSatisfy { machine.unmet(sweep.needs($0.value)).isEmpty })
      let most = threads.count(at: try #require(sweep.values.last).value)
      #expect(most <= cores && most + threads.each > cores)
      #expect(sweep.values.first?.value == 1)
    }
  }

  @Test("on one core the first value remains, to be measured or skipped with its reason")
  func oneCore() throws {
    let machine = Facilities(
      cores: 1, numaNodes: 1, threadsPerCore: 1, availableMemory: 1 << 40,
      hasLibrary: { _ in true }, hasFile: { _ in true },
      peer: { .failure(.absent($0.library)) })
    for experiment in Self.parallel {
      #expect(experiment.fitted(to: machine).sweep.values.map(\.value) == [1])
    }
  }
}
