import Statistics

extension ABComparison {
  /// Gives every row the interval that holds together with those of all others.
  public mutating func correct() {
    let level = simultaneousLevel(Comparison.level, comparisons: max(1, rows.count))
    for index in rows.indices {
      rows[index].simultaneous =
        rows[index].interval(level: level, baselines: kind.baselines).map { Interval($0.ratio) }
    }
  }

  /// Rows that a first measurement finds faster or slower. Each is judged by itself, so that of many
  /// rows without a difference some may be among them: a second measurement decides.
  public var suspects: [ABRow] { rows.filter { $0.first == .faster || $0.first == .slower } }

  /// Adds second measurements of suspects. Each is judged with an interval that holds together with
  /// those of all suspects, so that with 95% confidence no row without a difference is confirmed,
  /// however many there are: a second measurement knows nothing of the first one's chances.
  /// - Parameter again: rows measured again; a suspect that is missing keeps its first verdict.
  public mutating func confirm(_ again: [ABRow]) {
    let count = suspects.count
    guard count > 0 else { return }
    let level = simultaneousLevel(Comparison.level, comparisons: count)
    for index in rows.indices where rows[index].first == .faster || rows[index].first == .slower {
      guard let found = again.first(where: { rows[index].isSamePlace(as: $0) }) else { continue }
      rows[index].second = found.second(level: level, baselines: kind.baselines)
    }
  }
}

extension ABRow {
  /// Whether both are of one variant at one point.
  public func isSamePlace(as other: ABRow) -> Bool {
    experiment == other.experiment && variant == other.variant && parameter == other.parameter
  }

  /// Nil where the processes are too few to be evidence.
  fileprivate func interval(level: Double, baselines: Int) -> ConfidenceInterval? {
    MeasuredSpeedup.log(ratio, processes: processes, baselines: baselines)?
      .widened(to: level, processes: processes)
  }

  /// This row as the second measurement of another.
  fileprivate func second(level: Double, baselines: Int) -> Second {
    guard let wide = interval(level: level, baselines: baselines),
      let noise = MeasuredSpeedup.log(null, processes: processes)
    else { return Second(ratio: ratio, null: null, verdict: .unresolved) }
    // With disturbed blocks the verdict has allowed for what they can have done.
    let verdict = isDisturbed ? first : Verdict(JudgementRule().judge(wide, null: noise))
    return Second(ratio: Interval(wide.ratio), null: null, verdict: verdict)
  }
}

extension Interval {
  /// The same ends, without the coverage.
  public init(_ interval: ConfidenceInterval) {
    self.init(estimate: interval.estimate, low: interval.low, high: interval.high)
  }
}

extension Verdict {
  /// Name for name.
  public init(_ judgement: Judgement) {
    self =
      switch judgement {
      case .faster: .faster
      case .slower: .slower
      case .same: .same
      case .unresolved: .unresolved
      }
  }
}
