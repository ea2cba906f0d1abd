/// What calls of kernels may be counted to ask of the runtime and of the system, by compiler: the
/// content of a file of limits.
///
/// A line of text for each count, so that a change of one is a line of a diff.
public struct CountLimits: Equatable, Sendable {
  /// One count of one variant.
  public struct Limit: Equatable, Sendable {
    /// `area/name`.
    public var experiment: String
    /// As the experiment declares it.
    public var variant: String
    /// `retains`.
    public var metric: String
    /// The fewest and the most that were counted; equal where every call gave the same.
    public var range: ClosedRange<Double>
    /// The share by which it may be larger; nil where it is shown and not judged.
    public var allowed: Double?
    /// Lines that somebody wrote above it, each with its `#`.
    public var remarks: [String] = []

    /// A limit of a count.
    public init(
      experiment: String, variant: String, metric: String, range: ClosedRange<Double>,
      allowed: Double?
    ) {
      self.experiment = experiment
      self.variant = variant
      self.metric = metric
      self.range = range
      self.allowed = allowed
    }

    /// Whether both are of one count.
    public func isSame(as other: Limit) -> Bool {
      experiment == other.experiment && variant == other.variant && metric == other.metric
    }
  }

  /// By compiler, in the order of the file.
  public var sections: [(compiler: String, limits: [Limit])]
  /// Lines that somebody wrote below all limits.
  var lastRemarks: [String] = []

  /// A file without a line.
  public init() { sections = [] }

  /// The same sections with the same limits.
  public static func == (left: CountLimits, right: CountLimits) -> Bool {
    left.sections.map(\.compiler) == right.sections.map(\.compiler)
      && left.sections.map(\.limits) == right.sections.map(\.limits)
      && left.lastRemarks == right.lastRemarks
  }

  /// The limits of a compiler; nil where the file has none.
  public func limits(of compiler: String) -> [Limit]? {
    sections.first { $0.compiler == compiler }?.limits
  }

  /// Puts limits in the place of those of the same counts, and adds the others. What a person has
  /// remarked or allowed stays: an exact count that is still exact keeps its share, and so does one that varied
  /// and was given a share.
  /// - Returns: the limits that were judged so far and are not any more: their counts were exact
  ///   and vary now.
  public mutating func record(_ new: [Limit], for compiler: String) -> [Limit] {
    let index =
      sections.firstIndex { $0.compiler == compiler }
      ?? {
        sections.append((compiler, []))
        return sections.count - 1
      }()
    var released: [Limit] = []
    for var limit in new {
      guard let place = sections[index].limits.firstIndex(where: { $0.isSame(as: limit) }) else {
        sections[index].limits.append(limit)
        continue
      }
      let old = sections[index].limits[place]
      limit.remarks = old.remarks
      if let share = old.allowed {
        let wasExact = old.range.lowerBound == old.range.upperBound
        if limit.allowed != nil || !wasExact {
          limit.allowed = share
        } else {
          released.append(limit)
        }
      }
      sections[index].limits[place] = limit
    }
    return released
  }

  /// What a count of today is against its limit.
  public enum Finding: Equatable, Sendable {
    case within
    /// More than is allowed.
    case above(ClosedRange<Double>)
    /// Less than was recorded, by more than the allowed share: the limit is no longer a close one.
    case below(ClosedRange<Double>)
    /// Varies from call to call, and nobody has said by how much it may: shown, not judged.
    case varies(ClosedRange<Double>)
    /// It could not be counted.
    case uncounted(reason: String)
  }

  /// Judges a count.
  public static func check(_ limit: Limit, _ count: CallCount?) -> Finding {
    guard let count else {
      return .uncounted(reason: "there is no such variant or count; remove its line")
    }
    guard let now = count.range else {
      return .uncounted(reason: count.unavailable ?? "nothing was counted")
    }
    guard let allowed = limit.allowed else { return .varies(now) }
    if now.upperBound > limit.range.upperBound * (1 + allowed) { return .above(now) }
    // A count that varies is judged by its most: it must not pass because it is sometimes small.
    if now.upperBound < limit.range.upperBound * (1 - allowed) { return .below(now) }
    return .within
  }
}
