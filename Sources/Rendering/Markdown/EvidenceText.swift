import Results

/// How an experiment's results are known, in a few words.
enum EvidenceText {
  /// The line under a page's title; empty where there are no results.
  static func line(_ experiment: ExperimentResult) -> String {
    guard experiment.status == .measured else { return "" }
    return switch experiment.knownBy {
    case .measured: "*Measured: real code on this machine.*"
    case .simulated:
      "*Simulated: a discrete-event simulation, fed by the figures that are named below.*"
    case .computed:
      "*Computed: a model over the figures that are named below, with their uncertainty.*"
    }
  }

  /// `38 measured, 1 simulated, 1 computed`; kinds without any are left out.
  static func counts(_ kinds: [Evidence]) -> String {
    Evidence.allCases.compactMap { kind in
      let count = kinds.count { $0 == kind }
      return count == 0 ? nil : "\(count) \(kind.rawValue)"
    }.joined(separator: ", ")
  }
}
