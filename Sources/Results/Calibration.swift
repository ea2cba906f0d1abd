/// What `perflab calibrate` found on one machine: the root of `calibration.json`.
public struct Calibration: Equatable, Sendable, Codable {
  /// Raised when a field changes its meaning or goes.
  public static let currentSchema = 1

  /// As `currentSchema` was when it was written.
  public var schema: Int
  /// Where it was measured.
  public var machine: Machine
  /// One for each preset and surroundings in which the instrument was tried; the latest of each.
  public var series: [CalibrationSeries]
  /// One for each preset; the latest of each. Nil where none was measured.
  public var repetitions: [Repetition]?

  /// Of its parts, as they are.
  public init(machine: Machine, series: [CalibrationSeries] = []) {
    schema = Self.currentSchema
    self.machine = machine
    self.series = series
  }

  /// Puts a series in the place of the one taken in the same surroundings, or at the end.
  public mutating func keep(_ new: CalibrationSeries) {
    if let index = series.firstIndex(where: { $0.isLike(new) }) {
      series[index] = new
    } else {
      series.append(new)
    }
  }

  /// Puts a repetition in the place of the one with its preset, or at the end.
  public mutating func keep(_ new: Repetition) {
    repetitions = (repetitions ?? []).filter { $0.run.preset != new.run.preset } + [new]
  }
}

/// Comparisons of known ratio, taken in one go.
public struct CalibrationSeries: Equatable, Sendable, Codable {
  /// Who else is on the machine.
  public enum Neighbour: String, Equatable, Sendable, Codable, CaseIterable {
    /// None started by perflab.
    case none
    /// A thread that streams through memory on another core.
    case other
    /// The same on the measuring core.
    case same
  }

  /// How and when.
  public var run: Run
  /// Who else was there.
  public var neighbour: Neighbour
  /// Whether threads were kept on their processors, as they are in every other run.
  public var isPinned: Bool
  /// In the order in which pages show them.
  public var kinds: [Kind]
  /// In the order of time.
  public var comparisons: [CalibrationComparison]

  /// A kind of kernel.
  public struct Kind: Equatable, Sendable, Codable {
    /// `l2`
    public var name: String
    /// `Streaming 160 KB from L2`
    public var title: String
    /// Why it was not measured; nil where it was.
    public var reason: String?

    /// Of its parts, as they are.
    public init(name: String, title: String, reason: String? = nil) {
      self.name = name
      self.title = title
      self.reason = reason
    }
  }

  /// Of its parts, as they are.
  public init(
    run: Run, neighbour: Neighbour, isPinned: Bool, kinds: [Kind],
    comparisons: [CalibrationComparison] = []
  ) {
    self.run = run
    self.neighbour = neighbour
    self.isPinned = isPinned
    self.kinds = kinds
    self.comparisons = comparisons
  }

  /// Whether it was taken as experiments are.
  public var isQuiet: Bool { neighbour == .none && isPinned }

  /// Whether both were taken with the same preset in the same surroundings.
  public func isLike(_ other: CalibrationSeries) -> Bool {
    run.preset == other.run.preset && neighbour == other.neighbour && isPinned == other.isPinned
  }
}

/// How the two kernels of a comparison are related.
public enum CalibrationPair: Equatable, Sendable {
  /// One function twice.
  case same
  /// Two copies of a function at different places in the binary.
  case copy
  /// The candidate has so many hundredths more to do.
  case slower(percent: Int)
}

extension CalibrationPair: RawRepresentable, Codable {
  /// `same`, `copy`, `slower-5`
  public var rawValue: String {
    switch self {
    case .same: "same"
    case .copy: "copy"
    case .slower(let percent): "slower-\(percent)"
    }
  }

  /// Nil where the text names no pair.
  public init?(rawValue: String) {
    switch rawValue {
    case "same": self = .same
    case "copy": self = .copy
    default:
      let parts = rawValue.split(separator: "-")
      guard parts.count == 2, parts[0] == "slower", let percent = Int(parts[1]), percent > 0 else {
        return nil
      }
      self = .slower(percent: percent)
    }
  }
}

/// One comparison of known ratio, as the harness judged it.
public struct CalibrationComparison: Equatable, Sendable, Codable {
  /// The name of its kind.
  public var kind: String
  /// How its kernels are related.
  public var pair: CalibrationPair
  /// Baseline ÷ candidate; nil where the harness gave none.
  public var ratio: Interval?
  /// As the harness judged it.
  public var verdict: Verdict
  /// Baseline against itself.
  public var null: Interval?
  /// ln(baseline ÷ candidate) of each process: the median of its blocks.
  public var processes: [Double]
  /// How far the medians of the processes would spread if a process were no more than its blocks:
  /// the standard error of a median, from the spread of the blocks, as a log-ratio.
  public var blockNoise: Double
  /// Blocks dropped, by rule.
  public var discarded: [String: Int]
  /// Wall time of the whole comparison, the start of its processes included.
  public var seconds: Double
  /// Where the code of baseline and candidate lies, in bytes from the start of the binary.
  public var code: [Int]
  /// Why there is no ratio.
  public var reason: String?

  /// Of its parts, as they are.
  public init(
    kind: String, pair: CalibrationPair, ratio: Interval?, verdict: Verdict, null: Interval?,
    processes: [Double], blockNoise: Double, discarded: [String: Int], seconds: Double,
    code: [Int], reason: String? = nil
  ) {
    self.kind = kind
    self.pair = pair
    self.ratio = ratio
    self.verdict = verdict
    self.null = null
    self.processes = processes
    self.blockNoise = blockNoise
    self.discarded = discarded
    self.seconds = seconds
    self.code = code
    self.reason = reason
  }

  /// Whether the interval leaves 1.00 out.
  public var isFound: Bool { ratio.map { !$0.contains(1) } ?? false }

  /// Whether the verdict says what is not so: a difference where there is none, none where there
  /// is one of the size that matters, or one in the wrong direction.
  public var isFalse: Bool {
    switch (pair, verdict) {
    case (.same, .faster), (.same, .slower), (.copy, .faster), (.copy, .slower): true
    case (.slower, .faster): true
    case (.slower(let percent), .same): percent > 2
    default: false
    }
  }
}
