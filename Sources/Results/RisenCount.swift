/// A count of a variant that is larger in one run than in another: objects that the runtime counted
/// in a call, page faults or context switches.
public struct RisenCount: Equatable, Sendable {
  /// `area/name`.
  public var id: String
  /// As the experiment declares it.
  public var variant: String
  /// Where on the axis.
  public var parameter: Parameter
  /// The axis of its sweep.
  public var axis: String
  /// `retains per element`.
  public var name: String
  /// In the first run.
  public var before: Double
  /// In the second run.
  public var after: Double
  /// Whether a gate may close for it: the runtime counts each event, and the compiler is the same.
  /// Of the others a run keeps the mean of its calls, which vary, and no range.
  public var isJudged: Bool
}

extension ComparedExperiment {
  /// What the runtime counts: `allocations per call` and the like.
  private static let objects = ["allocations per ", "retains per ", "releases per "]
  /// What the kernel counts for a process.
  private static let means = ["minor faults", "major faults", "voluntary switches"]

  /// Counts that rose by more than a share of themselves; of those that vary also by more than one.
  /// - Parameter isSameBuild: whether one compiler with the same flags built both.
  func risenCounts(by share: Double, isSameBuild: Bool) -> [RisenCount] {
    guard !isOneMeasurement else { return [] }
    var risen: [RisenCount] = []
    for point in left.points {
      let other = right.points.first { $0.parameter == point.parameter }
      for variant in point.variants where left.yardstick(variant.name) == nil {
        let match = other?.variants.first { $0.name == variant.name }
        for (name, counter) in variant.counters.sorted(by: { $0.key < $1.key }) {
          let isObject = Self.objects.contains { name.hasPrefix($0) }
          guard isObject || Self.means.contains(name), let before = counter.value,
            let after = match?.counters[name]?.value, after > before * (1 + share),
            isObject || after > before + 1
          else { continue }
          risen.append(
            RisenCount(
              id: id, variant: variant.name, parameter: point.parameter, axis: left.account.axis,
              name: name, before: before, after: after, isJudged: isObject && isSameBuild))
        }
      }
    }
    return risen
  }
}
