import Testing

@testable import Assessment

/// What the assessments advise leads to experiments that there are.
@Suite struct AdviceTests {
  private static let known = Set(catalog.map(\.id))

  @Test("A cure names experiments of the catalog", arguments: Finding.Kind.allCases)
  func cures(kind: Finding.Kind) {
    let finding = Finding(kind: kind, subject: "", cost: 0, evidence: [])
    for id in finding.cure.experiments { #expect(Self.known.contains(id), "\(id)") }
  }

  @Test("So does what a bill can do without", arguments: Measure.Kind.allCases)
  func savings(kind: Measure.Kind) {
    for id in kind.experiments { #expect(Self.known.contains(id), "\(id)") }
  }
}
