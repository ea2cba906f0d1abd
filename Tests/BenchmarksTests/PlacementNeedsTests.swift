import CPUBenchmarks
import Harness
import Testing

/// Experiments on machines that this one need not be.
@Suite("Placement of threads and pages")
struct PlacementNeedsTests {
  private func unmet(_ id: String, cores: Int, nodes: Int, threads: Int) throws -> [String] {
    let experiment = try #require(catalog.first { $0.id == id })
    let machine = Facilities(
      cores: cores, numaNodes: nodes, threadsPerCore: threads, availableMemory: 1 << 40,
      hasLibrary: { _ in false }, hasFile: { _ in false },
      peer: { .failure(.absent($0.library)) })
    return machine.unmet(experiment.needs)
  }

  @Test("First touch is measured with two nodes and skipped with one, with the reason")
  func firstTouch() throws {
    let id = "cpu/numa-first-touch"
    #expect(try unmet(id, cores: 16, nodes: 2, threads: 1) == [])
    #expect(
      try unmet(id, cores: 16, nodes: 1, threads: 2) == ["needs 2 NUMA nodes; this machine has 1"])
    #expect(try unmet(id, cores: 1, nodes: 2, threads: 2) == ["needs 2 cores; only 1 allowed"])
  }

  @Test("Siblings are measured with two threads on a core and skipped with one")
  func siblings() throws {
    let id = "cpu/smt-siblings"
    #expect(try unmet(id, cores: 2, nodes: 1, threads: 2) == [])
    let reasons = try unmet(id, cores: 2, nodes: 1, threads: 1)
    #expect(reasons == ["needs two hardware threads per core; this machine has one"])
    // Two threads on the only core leave nothing to compare them with.
    #expect(try unmet(id, cores: 1, nodes: 1, threads: 2) == ["needs 2 cores; only 1 allowed"])
  }

  @Test("A point that needs more file descriptors than there are is skipped with the limit")
  func descriptors() throws {
    let experiment = try #require(catalog.first { $0.id == "network/event-loop" })
    let machine = Facilities(
      cores: 2, numaNodes: 1, threadsPerCore: 1, availableMemory: 1 << 40, descriptors: 1_024,
      hasLibrary: { _ in false }, hasFile: { _ in false },
      peer: { .failure(.absent($0.library)) })
    #expect(machine.unmet(experiment.sweep.needs(16)) == [])
    #expect(
      machine.unmet(experiment.sweep.needs(256))
        == ["needs 2624 file descriptors; the limit (ulimit -Hn) is 1024"])
  }

  @Test("A variant whose server is not installed is skipped, the others are measured")
  func absentServer() throws {
    let experiment = try #require(catalog.first { $0.id == "scale/failover" })
    let machine = Facilities(
      cores: 2, numaNodes: 1, threadsPerCore: 1, availableMemory: 1 << 40, descriptors: 1_024,
      hasLibrary: { _ in false }, hasFile: { _ in false },
      peer: { .failure(.absent($0.library)) })
    for variant in experiment.variants {
      let reasons = machine.unmet(variant.needs)
      #expect(
        variant.name.hasPrefix("PostgreSQL")
          ? reasons == ["needs postgres, which is not installed (package postgresql)"]
          : reasons.isEmpty)
    }
  }
}
