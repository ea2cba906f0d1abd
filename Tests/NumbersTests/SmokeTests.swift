import Glibc
import NumbersBenchmarks
import Platform
import Results
import Testing

@testable import Harness

/// One after the other: some kernels wait for the thread pool that also runs the tests.
@Suite(.serialized) struct SmokeTests {
  @Test(arguments: catalog.probes.map(\.name))
  func everyProbeRunsAtItsSmokeSize(name: String) async throws {
    let probe = try #require(catalog.probes.first { $0.name == name })
    let value: Double? = try await onThread {
      // The thread that this one inherits its processors from may have been pinned by a test.
      try Affinity.restrict(to: Array(0..<sysconf(Int32(_SC_NPROCESSORS_ONLN))))
      let cpus = try Affinity.allowed()
      if probe.needs.contains(where: { $0 == .cores(2) }) && cpus.count < 2 { return 1 }
      let teams = TeamSource(cpus: cpus)
      let point = Point(Parameter(value: probe.smoke, label: ""), seed: 7, teams: teams)
      do {
        let kernel = try probe.variant.prepare(point)
        _ = kernel.call()
        _ = kernel.call()
        return probe.reading(probe.smoke).value(nanoseconds: 1_000, reports: kernel.report)
      } catch is ProbeUnavailable {
        return 1
      } catch is TeamError {
        return 1
      }
    }
    #expect(try #require(value) > 0)
  }
}

/// Runs a body on a thread of its own, so that it may block.
private func onThread<Answer: Sendable>(
  _ body: @escaping @Sendable () throws -> Answer
) async throws -> Answer {
  try await withCheckedThrowingContinuation { continuation in
    let job = Job { continuation.resume(with: Result(catching: body)) }
    var thread = pthread_t()
    let error = pthread_create(
      &thread, nil,
      { job in
        Unmanaged<Job>.fromOpaque(job!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(job).toOpaque())
    precondition(error == 0, "no thread: \(error)")
    pthread_detach(thread)
  }
}

private final class Job {
  let run: () -> Void
  init(run: @escaping () -> Void) { self.run = run }
}
