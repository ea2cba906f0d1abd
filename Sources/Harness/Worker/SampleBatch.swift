import Results

/// Samples as a message carries them, column by column: a sample of a tenth of a millisecond must
/// not take as long again to be written down and read.
struct SampleBatch: Codable, Equatable {
  private let instances: [Int]
  private let nanoseconds: [Double]
  private let additionsPerCycle: [[Double]]
  /// By the sample's place in the order of time; most have none.
  private let disturbances: [Int: [String]]
  /// The same of what they lost.
  private let lost: [Int: Double]
  /// By name, one value for each sample: 0 where it has none.
  private let counters: [String: [Double]]
  /// Empty where no kernel reports anything.
  private let reports: [[String: Counter]]
  /// Empty where no kernel observes anything.
  private let observations: [Distribution?]

  init(_ samples: [Sample]) {
    instances = samples.map(\.instance)
    nanoseconds = samples.map(\.nanoseconds)
    additionsPerCycle = samples.map(\.additionsPerCycle)
    disturbances = Dictionary(
      uniqueKeysWithValues: samples.enumerated()
        .filter { !$0.element.disturbances.isEmpty }.map { ($0.offset, $0.element.disturbances) })
    lost = Dictionary(
      uniqueKeysWithValues: samples.enumerated()
        .filter { $0.element.lostNanoseconds > 0 }.map { ($0.offset, $0.element.lostNanoseconds) })
    let names = samples.reduce(into: Set<String>()) { $0.formUnion($1.counters.keys) }
    counters = Dictionary(
      uniqueKeysWithValues: names.map { name in (name, samples.map { $0.counters[name] ?? 0 }) })
    reports = samples.allSatisfy(\.reports.isEmpty) ? [] : samples.map(\.reports)
    observations =
      samples.allSatisfy { $0.observations == nil } ? [] : samples.map(\.observations)
  }

  /// In the order of time; nil where the columns do not belong together.
  var samples: [Sample]? {
    let count = instances.count
    guard nanoseconds.count == count, additionsPerCycle.count == count,
      counters.values.allSatisfy({ $0.count == count }),
      reports.isEmpty || reports.count == count,
      observations.isEmpty || observations.count == count
    else { return nil }
    return (0..<count).map { place in
      Sample(
        instance: instances[place], nanoseconds: nanoseconds[place],
        disturbances: disturbances[place] ?? [], lostNanoseconds: lost[place] ?? 0,
        additionsPerCycle: additionsPerCycle[place],
        counters: counters.mapValues { $0[place] },
        reports: reports.isEmpty ? [:] : reports[place],
        observations: observations.isEmpty ? nil : observations[place])
    }
  }
}
