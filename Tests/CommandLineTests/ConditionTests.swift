import Foundation
import Results
import Testing

@Suite("Conditions of a run")
struct ConditionTests {
  /// A run moves itself off the measured processors, and must not report that as a restriction.
  @Test("are those that it found, not those that it makes")
  func conditionsAreThoseFound() throws {
    let folder = try Perflab.scratch()
    let before = try Perflab.run(["doctor"], in: folder, product: "planted-lab").out
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "box"]
    #expect(try Perflab.run(run, in: folder, product: "planted-lab").code == 0)
    let record = try JSONDecoder().decode(
      RunRecord.self, from: Data(contentsOf: folder.appending(path: "Reports/box/run.json")))
    let cpuset = try #require(record.conditions.first { $0.name == "cpuset" })
    #expect(before.contains("cpuset: \(cpuset.value)"), "\(before)")
  }

  @Test("include the address layout of the process, not only the system's")
  func personalityCounts() throws {
    let outcome = try Perflab.run(
      ["doctor"], in: try Perflab.scratch(), under: ["setarch", "-R"], product: "planted-lab")
    #expect(outcome.out.contains("address layout: the same in this process and its workers"))
  }
}
