import Harness
import Platform
import Results
import Testing

/// Kernels share teams' processors: one experiment at a time.
@Suite("Every experiment at its smoke value", .serialized)
struct AgreementTests {
  @Test("its variants agree, and go on agreeing", arguments: catalog)
  func variantsAgree(experiment: Experiment) async throws {
    guard try canRun(experiment) else { return }
    let outcomes = try await onOwnThread {
      try SmokeRun.outcomes(of: experiment, machine: .example)
    }
    let ran = outcomes.map(\.variant)
    // Peers are in libraries that need not be there, as programs need not.
    let others = experiment.own.map(\.name)
    #expect(ran.filter(others.contains) == others)
  }

  @Test("its variants agree for another seed", arguments: catalog)
  func variantsAgreeForAnotherSeed(experiment: Experiment) async throws {
    guard try canRun(experiment) else { return }
    _ = try await onOwnThread { try SmokeRun.outcomes(of: experiment, seed: 0xfeed) }
  }

  @Test("variants report the quantity that is compared", arguments: catalog)
  func metricIsReported(experiment: Experiment) async throws {
    guard case .reported(let name, let unit, _) = experiment.metric else { return }
    guard try canRun(experiment) else { return }
    let outcomes = try await onOwnThread {
      try SmokeRun.outcomes(of: experiment, machine: .example)
    }
    for outcome in outcomes {
      let counter = try #require(outcome.reports[name])
      #expect(counter.unit == unit && counter.value ?? 0 > 0)
    }
  }

  private func canRun(_ experiment: Experiment) throws -> Bool {
    let needs = experiment.needs + experiment.sweep.needs(experiment.sweep.smoke.value)
    let available = try Affinity.allowed().count
    return needs.allSatisfy { need in
      switch need {
      case .cores(let count): count <= available
      case .numaNodes(let count): count <= 1
      // The tests' process has threads already: `make smoke` runs these in workers.
      case .simultaneousMultithreading, .ownNetwork, .links: false
      case .congestionControl(let name): CongestionControl.available.contains(name)
      case .program(let name, _): InstalledProgram.path(of: name) != nil
      case .disk(let bytes): DirectAccess.refusal(bytes: bytes) == nil
      case .ring: RingAccess.refusal == nil
      case .memory, .pages, .library, .peer, .file, .descriptors, .storage, .socketBuffers: true
      }
    }
  }
}

extension Experiment {
  /// Its variants without the peers, and without those whose program is not installed.
  var own: [Variant] {
    variants.filter { variant in
      variant.needs.allSatisfy { need in
        switch need {
        case .peer: false
        case .program(let name, _): InstalledProgram.path(of: name) != nil
        default: true
        }
      }
    }
  }
}
