import Results

/// What a machine's folder holds beside the results, for their pages to show.
public struct PageInputs: Sendable {
  /// The machine's last, which the index names.
  public var calibration: Calibration?
  /// The machine's runs, in any order, for the trends.
  public var history: [Results]
  /// Where accesses were served, by the experiment's id.
  public var counts: [String: CacheCounts]
  /// By the experiment's id.
  public var profiles: [String: ProfileSet]

  /// Nothing by default.
  public init(
    calibration: Calibration? = nil, history: [Results] = [],
    counts: [String: CacheCounts] = [:], profiles: [String: ProfileSet] = [:]
  ) {
    self.calibration = calibration
    self.history = history
    self.counts = counts
    self.profiles = profiles
  }
}
