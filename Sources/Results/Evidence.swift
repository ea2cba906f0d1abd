/// How something is known.
public enum Evidence: String, Sendable, Codable, CaseIterable {
  /// Real parts on this machine.
  case measured
  /// A discrete-event simulation, fed by what was measured or cited.
  case simulated
  /// A model over measured rates and cited figures, with the uncertainty of its inputs.
  case computed
}
