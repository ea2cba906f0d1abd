import Results

/// All that `perflab numbers` measures. A pure function of the machine makes it, so that the
/// orchestrator and its workers refer to the same probes.
public struct NumberCatalog: Sendable {
  /// Of a laboratory without numbers.
  public static let none = NumberCatalog(probes: [], derived: [], series: [])

  /// In the order in which they are measured and shown.
  public let probes: [Probe]
  /// Computed from the probes.
  public let derived: [DerivedNumber]
  /// What the probes of role `point` belong to.
  public let series: [ProbeSeries]
  /// By area, the others whose numbers its experiments ask for too.
  public let borrowed: [String: Set<String>]

  /// Declares it; the properties say what each argument is.
  public init(
    probes: [Probe], derived: [DerivedNumber], series: [ProbeSeries],
    borrowed: [String: Set<String>] = [:]
  ) {
    self.probes = probes
    self.derived = derived
    self.series = series
    self.borrowed = borrowed
  }

  /// This catalog and further probes.
  public func with(_ more: [Probe]) -> NumberCatalog {
    NumberCatalog(probes: probes + more, derived: derived, series: series, borrowed: borrowed)
  }

  /// Areas that have numbers of their own.
  public var areas: Set<String> { Set(probes.compactMap(\.area)) }

  /// The area of a number that follows from others: theirs.
  func area(of number: DerivedNumber) -> String? {
    probes.first { number.from.contains($0.name) && $0.area != nil }?.area
  }

  /// Areas whose numbers experiments ask for.
  public func areas(of experiments: [Experiment]) -> Set<String> {
    let own = Set(experiments.map(\.area))
    return own.union(own.flatMap { borrowed[$0] ?? [] }).intersection(areas)
  }

  /// The part that some areas ask for, with or without what any area may ask for.
  public func part(of areas: Set<String>, withGeneral: Bool = true) -> NumberCatalog {
    let kept = probes.filter { probe in probe.area.map(areas.contains) ?? withGeneral }
    let names = Set(kept.map(\.name))
    let drawn = Set(
      kept.compactMap { probe in
        if case .point(let series, _, _) = probe.role { series } else { nil }
      })
    return NumberCatalog(
      probes: kept, derived: derived.filter { names.isSuperset(of: $0.from) },
      series: series.filter { drawn.contains($0.name) }, borrowed: borrowed)
  }
}
