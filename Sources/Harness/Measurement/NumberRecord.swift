import Results
import Statistics

/// The values of the probes, process by process, and what follows from them.
///
/// A value that was taken on a shared core says nothing of a core. What a core can do is known only
/// at the end, from all values; those of shared cores are left out, or, where too few others remain,
/// those of the cores that were shared most.
public struct NumberRecord: Sendable {
  private let catalog: NumberCatalog
  /// By round, then by the probe's name.
  private var rounds: [Int: [String: ProbeSampler.Value]] = [:]
  private var core = CoreShare()
  /// Why there is no value, by the probe's name.
  var missing: [String: String] = [:]

  init(_ catalog: NumberCatalog) { self.catalog = catalog }

  mutating func append(_ value: ProbeSampler.Value, round: Int) {
    if value.value?.isFinite == true {
      rounds[round, default: [:]][value.name] = value
      core.learn(median: value.additionsPerCycle)
    } else {
      missing[value.name] = value.missing ?? "no finite value"
    }
  }

  /// Probes of numbers, or of what numbers are derived from, whose interval is still wide; and of
  /// points of series that have too few values from a core of their own.
  /// - Parameter precision: half of the interval as a share of the value.
  func imprecise(beyond precision: Double) -> Set<String> {
    let sources = Dictionary(
      catalog.derived.map { ($0.name, $0.from) }, uniquingKeysWith: { first, _ in first })
    let wide = entries.filter { entry in
      guard let interval = entry.quantity?.interval else { return false }
      return interval.high - interval.low > 2 * precision * abs(interval.estimate)
        || entry.sharedProcesses != nil && !entry.omitsShared
    }
    let points = catalog.probes.filter { probe in
      guard case .point = probe.role else { return false }
      let taken = observations([probe.name]) { $0[0] }
      return taken.contains(where: \.isShared)
        && taken.count { !$0.isShared } < NumberEntry.enoughProcesses
    }
    return Set(wide.flatMap { sources[$0.name] ?? [$0.name] } + points.map(\.name))
  }

  /// The numbers, measured and derived, those of a group together.
  public var entries: [NumberEntry] {
    let measured = catalog.probes.filter { $0.role == .number }.map { probe in
      entry(
        probe.name, probe.group, probe.title, probe.unit, probe.method, probe.area,
        observations([probe.name]) { $0[0] }, of: [probe.name], missing: missing[probe.name])
    }
    let all = measured + catalog.derived.map(derived)
    var groups: [String] = []
    for entry in all where !groups.contains(entry.group) { groups.append(entry.group) }
    return groups.flatMap { group in all.filter { $0.group == group } }
  }

  /// The curves and surfaces, their points in order.
  public var series: [Series] {
    catalog.series.map { declared in
      var points: [SeriesPoint] = []
      var area: String?
      for probe in catalog.probes {
        guard case .point(declared.name, let x, let y) = probe.role,
          let quantity = quantity(observations([probe.name]) { $0[0] }, unit: declared.unit)
        else { continue }
        points.append(SeriesPoint(x: x, y: y, quantity: quantity))
        area = probe.area
      }
      return Series(
        name: declared.name, title: declared.title, method: declared.method, area: area,
        x: declared.x, y: declared.y,
        points: points.sorted { ($0.x, $0.y ?? 0) < ($1.x, $1.y ?? 0) })
    }
  }

  /// What one process gave.
  private struct Observation {
    let value: Double
    /// Of what the cores of its probes can do: of the one with the lowest share.
    let share: Double
    var isShared: Bool { share < CoreShare.undisturbed }
  }

  /// What each process gave, from its values of some probes.
  private func observations(
    _ names: [String], _ compute: ([Double]) -> Double?
  ) -> [Observation] {
    rounds.keys.sorted().compactMap { round in
      let taken = names.compactMap { rounds[round]?[$0] }
      let values = names.map { rounds[round]?[$0]?.value ?? .nan }
      guard let value = compute(values), value.isFinite else { return nil }
      return Observation(
        value: value, share: taken.map { core.share($0.additionsPerCycle) }.min() ?? 1)
    }
  }

  private func derived(_ number: DerivedNumber) -> NumberEntry {
    let reason = number.from.compactMap { missing[$0] }.first
    return entry(
      number.name, number.group, number.title, number.unit, number.method,
      catalog.area(of: number), observations(number.from, number.compute),
      of: number.from, missing: reason ?? "not determined by the measured values")
  }

  private func entry(
    _ name: String, _ group: String, _ title: String, _ unit: Unit, _ method: String,
    _ area: String?, _ observations: [Observation], of probes: [String], missing: String?
  ) -> NumberEntry {
    let quantity = quantity(observations, unit: unit)
    let cycles = probes.flatMap { probe in
      rounds.keys.sorted().compactMap { rounds[$0]?[probe]?.cycle }
    }
    let shared = observations.filter(\.isShared).count
    return NumberEntry(
      name: name, group: group, title: title, method: method, area: area, quantity: quantity,
      missing: quantity == nil ? missing ?? "no process returned a value" : nil,
      values: observations.map(\.value),
      cycle: quantity == nil || cycles.isEmpty ? nil : cycles.median(),
      sharedProcesses: shared == 0 ? nil : shared)
  }

  private func quantity(_ observations: [Observation], unit: Unit) -> Quantity? {
    let own = observations.filter { !$0.isShared }
    let most = observations.sorted { $0.share > $1.share }.prefix(NumberEntry.enoughProcesses)
    let values = (own.count >= NumberEntry.enoughProcesses ? own : Array(most)).map(\.value)
    guard !values.isEmpty else { return nil }
    let interval = OrderStatisticInterval().interval(values.map { [$0] }, level: 0.95)
    return Quantity(
      Interval(estimate: interval.estimate, low: interval.low, high: interval.high), unit: unit)
  }
}
