import Statistics

/// What the processes of a point gave for one variant: the unit of replication is the process.
public struct VariantSamples: Equatable, Sendable {
  /// One process.
  public struct Process: Equatable, Sendable {
    /// Wall time of a call in nanoseconds, of each sample that counts, in the order of time.
    public var times: [Double]
    /// The metric of each.
    public var values: [Double]
    /// Kernel calls in all of them together.
    public var calls: Int

    /// The median of the times.
    public var time: Double { times.median() }
    /// The median of the metric.
    public var value: Double { values.median() }
  }

  /// Those that have a sample, in the order of time. Empty where no samples are kept.
  public var processes: [Process]

  /// - Parameters:
  ///   - rows: of the point; those of other instances are passed over.
  ///   - variant: its index among the variants measured, the baseline being 0. The baseline has
  ///     two instances, A and A′; both count, as they do in the variant's estimate.
  public init(_ rows: [SampleRow], variant: Int) {
    let own = rows.filter { max(0, $0.instance - 1) == variant }
    let kept = own.filter(\.dropped.isEmpty)
    // Where no block was undisturbed; the estimate leaves out those that lost time if it can.
    let used = kept.isEmpty ? own : kept
    var byProcess: [Int: [SampleRow]] = [:]
    for row in used { byProcess[row.process, default: []].append(row) }
    processes = byProcess.sorted { $0.key < $1.key }.map { _, rows in
      Process(
        times: rows.map(\.time), values: rows.map(\.value),
        calls: rows.reduce(0) { $0 + $1.iterations })
    }
  }

  /// The times of a call over the processes' medians; nil where no samples are kept.
  public var times: Spread? { Spread(processes.map(\.time)) }
  /// The times of a call over all samples; nil where none are kept.
  public var allTimes: Spread? { Spread(processes.flatMap(\.times)) }
}

/// Summary statistics of values, for other tools.
public struct Spread: Equatable, Sendable {
  /// In ascending order.
  private let values: [Double]

  /// Nil without values.
  public init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    self.values = values.sorted()
  }

  /// The arithmetic mean.
  public var mean: Double { values.mean() }
  /// With n − 1; nil of one value.
  public var deviation: Double? { values.count > 1 ? values.standardDeviation() : nil }
  /// The middle.
  public var median: Double { values.median() }
  /// The lowest.
  public var minimum: Double { values[0] }
  /// The highest.
  public var maximum: Double { values[values.count - 1] }
  /// Type 7, of a share between 0 and 1.
  public func quantile(_ share: Double) -> Double { values.quantile(share) }
}
