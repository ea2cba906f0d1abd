import Statistics

/// What a series of comparisons of known ratio says about the instrument: pure aggregation.
public struct CalibrationSummary: Equatable, Sendable {
  /// Hits among trials.
  public struct Rate: Equatable, Sendable {
    /// How many of them.
    public var hits: Int
    /// How many there were.
    public var trials: Int

    /// `hits` of `trials`.
    public init(hits: Int, trials: Int) {
      self.hits = hits
      self.trials = trials
    }

    /// The share with Wilson's interval; nil where nothing was tried.
    public var share: Interval? {
      guard trials > 0 else { return nil }
      let share = shareInterval(hits: hits, of: trials)
      return Interval(estimate: share.estimate, low: share.low, high: share.high)
    }

    /// Whether at least nine of ten were hits.
    var isReliable: Bool { trials > 0 && hits * 10 >= trials * 9 }
  }

  /// Pairs whose truth is 1.00.
  public struct Identical: Equatable, Sendable {
    /// False verdicts.
    public var verdicts: Rate
    /// Intervals that leave 1.00 out.
    public var misses: Rate
    /// 95th percentile of |ratio − 1|.
    public var error95: Double?
    /// Median of the ratios: what layout makes of identical code.
    public var centre: Double?
    /// The smallest slowdown that nine of ten of these intervals would find if it were added.
    public var detectable: Double?
  }

  /// Slowdowns of one size.
  public struct Planted: Equatable, Sendable {
    /// The extra work, in hundredths.
    public var percent: Int
    /// Intervals that leave 1.00 out on the right side.
    public var found: Rate
    /// Verdicts of `slower`.
    public var slower: Rate
    /// Median of the slowdowns measured, as a ratio above 1.
    public var measured: Double?
  }

  /// One kind of kernel, or all of them together.
  public struct Row: Equatable, Sendable {
    /// One function, compared with itself.
    public var same: Identical
    /// Two copies of a function.
    public var copy: Identical
    /// By size, the smallest first.
    public var planted: [Planted]
    /// Of all pairs.
    public var falseVerdicts: Rate
    /// Median; nil where nothing was compared.
    public var secondsPerComparison: Double?
    /// Where the spread comes from; nil where fewer than two processes were seen.
    public var spread: CalibrationSpread?

    /// The smallest planted effect that was found at least nine times in ten, as was every larger
    /// one; nil where there is none.
    public var smallestFound: Int? {
      var smallest: Int?
      for effect in planted.reversed() {
        guard effect.found.isReliable else { break }
        smallest = effect.percent
      }
      return smallest
    }

    /// Of the comparisons given.
    public init(_ comparisons: [CalibrationComparison]) {
      same = Identical(comparisons.filter { $0.pair == .same })
      copy = Identical(comparisons.filter { $0.pair == .copy })
      planted = CalibrationSummary.planted(comparisons)
      falseVerdicts = Rate(hits: comparisons.count(where: \.isFalse), trials: comparisons.count)
      secondsPerComparison =
        comparisons.isEmpty ? nil : comparisons.map(\.seconds).median()
      spread = CalibrationSpread(comparisons)
    }
  }

  /// All kinds together.
  public var all: Row
  /// By the kind's name, in the series' order. Kinds without a comparison are missing.
  public var kinds: [(kind: CalibrationSeries.Kind, row: Row)]

  /// Of a series as it stands.
  public init(_ series: CalibrationSeries) {
    all = Row(series.comparisons)
    kinds = series.kinds.compactMap { kind in
      let own = series.comparisons.filter { $0.kind == kind.name }
      return own.isEmpty ? nil : (kind, Row(own))
    }
  }

  /// Whether all rates are equal.
  public static func == (one: Self, other: Self) -> Bool {
    one.all == other.all && one.kinds.map(\.row) == other.kinds.map(\.row)
      && one.kinds.map(\.kind) == other.kinds.map(\.kind)
  }

  private static func planted(_ comparisons: [CalibrationComparison]) -> [Planted] {
    var byPercent: [Int: [CalibrationComparison]] = [:]
    for comparison in comparisons {
      if case .slower(let percent) = comparison.pair {
        byPercent[percent, default: []].append(comparison)
      }
    }
    return byPercent.sorted { $0.key < $1.key }.map { percent, own in
      let slowdowns = own.compactMap { $0.ratio.map { 1 / $0.estimate } }
      return Planted(
        percent: percent,
        found: Rate(
          hits: own.count { $0.isFound && ($0.ratio?.estimate ?? 1) < 1 }, trials: own.count),
        slower: Rate(hits: own.count { $0.verdict == .slower }, trials: own.count),
        measured: slowdowns.isEmpty ? nil : slowdowns.median())
    }
  }
}

extension CalibrationSummary.Identical {
  init(_ comparisons: [CalibrationComparison]) {
    let ratios = comparisons.compactMap(\.ratio)
    verdicts = CalibrationSummary.Rate(
      hits: comparisons.count(where: \.isFalse), trials: comparisons.count)
    misses = CalibrationSummary.Rate(
      hits: ratios.count { !$0.contains(1) }, trials: ratios.count)
    guard !ratios.isEmpty else { return }
    error95 = ratios.map { abs($0.estimate - 1) }.quantile(0.95)
    centre = ratios.map(\.estimate).median()
    // A slowdown by s divides the ratio by s: found when the interval's upper end falls below 1.
    // Ordered and counted, so that at least nine of ten are.
    let needed = ratios.map { max(0, $0.high - 1) }.sorted()
    detectable = needed[(needed.count * 9 + 9) / 10 - 1]
  }
}

/// Where the differences between comparisons of identical code come from, as standard deviations
/// of log-ratios.
public struct CalibrationSpread: Equatable, Sendable {
  /// What the blocks of a process leave to chance: time.
  public var blocks: Double
  /// Between processes beyond that: address layout, heap, physical pages.
  public var processes: Double
  /// |ln ratio| of two copies of a function over all processes: where the linker put the code. Nil
  /// where no copies were compared.
  public var code: Double?

  /// From the pairs whose truth is 1.00; nil where they hold fewer than two processes.
  public init?(_ comparisons: [CalibrationComparison]) {
    let same = comparisons.filter { $0.pair == .same && $0.processes.count > 1 }
    guard !same.isEmpty else { return nil }
    blocks = same.map(\.blockNoise).median()
    // 1.4826 makes a median of distances the standard deviation of a normal, and is moved by no
    // process that landed badly once.
    let between = 1.4826 * same.flatMap(\.processes).medianAbsoluteDeviation()
    processes = max(0, between * between - blocks * blocks).squareRoot()
    let copies = comparisons.filter { $0.pair == .copy }.flatMap(\.processes)
    code = copies.isEmpty ? nil : abs(copies.median())
  }
}
