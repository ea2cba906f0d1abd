import Results
import Statistics

/// The values of the probes, process by process, and what follows from them.
public struct NumberRecord: Sendable {
  private let catalog: NumberCatalog
  /// By round, then by the probe's name.
  private var rounds: [Int: [String: Double]] = [:]
  /// Nanoseconds of a cycle while each value was taken, by the probe's name.
  private var cycles: [String: [Double]] = [:]
  /// Why there is no value, by the probe's name.
  var missing: [String: String] = [:]

  init(_ catalog: NumberCatalog) { self.catalog = catalog }

  mutating func append(_ value: ProbeSampler.Value, round: Int) {
    if let number = value.value, number.isFinite {
      rounds[round, default: [:]][value.name] = number
      if let cycle = value.cycle { cycles[value.name, default: []].append(cycle) }
    } else {
      missing[value.name] = value.missing ?? "no finite value"
    }
  }

  /// Probes of numbers, or of what numbers are derived from, whose interval is still wide.
  /// - Parameter precision: half of the interval as a share of the value.
  func imprecise(beyond precision: Double) -> Set<String> {
    let sources = Dictionary(
      catalog.derived.map { ($0.name, $0.from) }, uniquingKeysWith: { first, _ in first })
    let wide = entries.filter { entry in
      guard let interval = entry.quantity?.interval else { return false }
      return interval.high - interval.low > 2 * precision * abs(interval.estimate)
    }
    return Set(wide.flatMap { sources[$0.name] ?? [$0.name] })
  }

  /// The numbers, measured and derived, those of a group together.
  public var entries: [NumberEntry] {
    let measured = catalog.probes.filter { $0.role == .number }.map { probe in
      entry(
        probe.name, probe.group, probe.title, probe.unit, probe.method, probe.area,
        values: values(probe.name),
        of: [probe.name], missing: missing[probe.name])
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
          let quantity = quantity(values(probe.name), unit: declared.unit)
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

  private func values(_ name: String) -> [Double] {
    rounds.keys.sorted().compactMap { rounds[$0]?[name] }
  }

  private func derived(_ number: DerivedNumber) -> NumberEntry {
    let values = rounds.keys.sorted().compactMap { round in
      number.compute(number.from.map { rounds[round]?[$0] ?? .nan })
    }.filter(\.isFinite)
    let reason = number.from.compactMap { missing[$0] }.first
    return entry(
      number.name, number.group, number.title, number.unit, number.method,
      catalog.area(of: number), values: values,
      of: number.from, missing: reason ?? "not determined by the measured values")
  }

  private func entry(
    _ name: String, _ group: String, _ title: String, _ unit: Unit, _ method: String,
    _ area: String?, values: [Double], of probes: [String], missing: String?
  ) -> NumberEntry {
    let quantity = quantity(values, unit: unit)
    let cycles = probes.flatMap { self.cycles[$0] ?? [] }
    return NumberEntry(
      name: name, group: group, title: title, method: method, area: area, quantity: quantity,
      missing: quantity == nil ? missing ?? "no process returned a value" : nil, values: values,
      cycle: quantity == nil || cycles.isEmpty ? nil : cycles.median())
  }

  private func quantity(_ values: [Double], unit: Unit) -> Quantity? {
    guard !values.isEmpty else { return nil }
    let interval = OrderStatisticInterval().interval(values.map { [$0] }, level: 0.95)
    return Quantity(
      Interval(estimate: interval.estimate, low: interval.low, high: interval.high), unit: unit)
  }
}
