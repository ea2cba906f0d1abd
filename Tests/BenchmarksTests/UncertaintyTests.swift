import Platform
import Results
import Testing

@testable import Harness

@Suite("Uncertain inputs")
struct UncertaintyTests {
  private static let simulations = catalog.filter { $0.evidence == .simulated }

  @Test(
    "a simulation has an uncertain input with a source, or says why not", arguments: simulations)
  func simulationsNameTheirInputs(experiment: Experiment) {
    #expect(!experiment.uncertain.isEmpty || experiment.noUncertainty != nil)
    if let reason = experiment.noUncertainty {
      #expect(reason.count > 30 && reason.hasSuffix("."), "\(reason)")
    }
    for input in experiment.uncertain {
      #expect(input.range.lowerBound < input.range.upperBound, "\(input.name)")
      let isCited = input.source.contains(#/(19|20)\d\d/#)
      #expect(isCited || input.source == "assumption", "\(input.name): \(input.source)")
    }
    #expect(Set(experiment.uncertain.map(\.name)).count == experiment.uncertain.count)
  }

  @Test("what is called uncertain is read", arguments: simulations)
  func inputsAreRead(experiment: Experiment) throws {
    for input in experiment.uncertain {
      let other =
        input.range.upperBound == input.estimate
        ? input.range.lowerBound : input.range.upperBound
      // Not everywhere does it change what comes out.
      let isRead = try ([experiment.sweep.smoke] + experiment.sweep.values).contains { parameter in
        try experiment.variants.contains { variant in
          try figures(variant, parameter) != figures(variant, parameter, [input.name: other])
        }
      }
      #expect(isRead, "\(input.name)")
    }
  }

  private func figures(
    _ variant: Variant, _ parameter: Parameter, _ moved: [String: Double] = [:]
  ) throws -> [String: Counter] {
    guard case .replication(let replicate) = variant.body else { return [:] }
    let teams = TeamSource(cpus: try Affinity.allowed())
    return try replicate(Point(parameter, seed: 1, teams: teams, moved: moved)).figures
  }
}
