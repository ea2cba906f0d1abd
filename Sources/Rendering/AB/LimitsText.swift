import Results

/// Lines about counts and their limits.
public enum LimitsText {
  /// A count that was exact and varies now.
  public static func released(_ limit: CountLimits.Limit) -> String {
    "\(limit.experiment), \(limit.variant): \(limit.metric) was exact and varies now, "
      + "\(CountLimits.figure(limit.range)); it is judged again if its line ends with a share such "
      + "as +10%"
  }

  /// What a check found of one limit; nil where the count is within it.
  public static func line(_ limit: CountLimits.Limit, _ finding: CountLimits.Finding) -> String? {
    let place = "\(limit.experiment), \(limit.variant): \(limit.metric)"
    let recorded = CountLimits.figure(limit.range)
    switch finding {
    case .within: return nil
    case .above(let now):
      let share = limit.allowed.map { $0 > 0 ? " +\(Figures.percent($0))" : "" } ?? ""
      return "\(place) \(CountLimits.figure(now)), above the limit of \(recorded)\(share)"
    case .below(let now):
      return "\(place) \(CountLimits.figure(now)), below the recorded \(recorded); record it again"
    case .varies(let now):
      return "\(place) varies: \(CountLimits.figure(now)), recorded \(recorded); not judged"
    case .uncounted(let reason): return "\(place) could not be counted: \(reason)"
    }
  }
}
