import Statistics

/// What was read of a system, in one vocabulary, whichever tool wrote it down.
public struct Readings: Sendable {
  /// Figures of the machine over time.
  public internal(set) var figures: [Figure: Series] = [:]
  /// Samples of the application's own metrics, by name with labels.
  public internal(set) var metrics: [Metric: Series] = [:]
  /// How each application answered when it was asked for its metrics: of each file those of one.
  public internal(set) var exports: [Exports] = []
  /// Requests of access logs, by route.
  public internal(set) var routes: [String: RouteLog] = [:]
  /// Requests of traces, by the name of their root span.
  public internal(set) var traces = TraceSummary()
  /// Samples of a profiler, by function: where it was on top, and where it was on the stack.
  public internal(set) var functions: [String: (own: Int, all: Int)] = [:]
  /// Statements of a database.
  public internal(set) var statements: [Statement] = []
  /// Sessions of a database by what they wait for.
  public internal(set) var sessions: [String: Int] = [:]
  /// Samples of the profiler.
  public internal(set) var stackSamples = 0
  /// Each file that was read, and what it was taken for.
  public internal(set) var files: [(path: String, format: String, records: Int)] = []
  /// What a file does not say of itself and was taken for granted, one line each.
  public internal(set) var assumed: [String] = []
  /// What could not be read, one line each, with the reason.
  public internal(set) var unread: [String] = []

  /// Nothing.
  public init() {}

  /// Requests for an application's metrics.
  public struct Exports: Sendable, Equatable {
    /// Of the file that has them.
    public internal(set) var path = ""
    /// All of them.
    public internal(set) var asked = 0
    /// Those that got no answer.
    public internal(set) var unanswered = 0
    /// Those at the end that got none, one after the other.
    public internal(set) var unansweredAtEnd = 0
    private var first: Double?
    private var answered: Double?
    private var last: Double?

    mutating func add(at time: Double, isAnswered: Bool) {
      asked += 1
      if !isAnswered { unanswered += 1 }
      unansweredAtEnd = isAnswered ? 0 : unansweredAtEnd + 1
      (first, last) = (first ?? time, time)
      if isAnswered { answered = time }
    }

    /// Whether they still went on, so that another file's are of another application.
    func goOn(at time: Double) -> Bool { last.map { time <= $0 } ?? false }

    /// The share of the time after the last answer.
    public var silentShare: Double {
      guard let first, let last, last > first else { return unanswered > 0 ? 1 : 0 }
      return (last - (answered ?? first)) / (last - first)
    }
  }

  /// A figure of the machine; rates are per second, shares from 0 to 1, times in seconds.
  public struct Figure: Hashable, Sendable {
    /// What is measured.
    public enum Kind: String, Sendable, CaseIterable {
      case processors, cpuBusy, cpuUser, cpuSystem, cpuWait, cpuSteal, runnable, switches
      case cpuPressure, memoryPressure, ioPressure
      case memoryTotal, memoryAvailable, swapping
      case diskBusy, diskQueue, diskWait, diskOperations, diskBytes, diskFlushes
      case networkBytes, networkErrors
      case segments, retransmits, listenDrops, accepted, timeWait, established
      case processBusy, processMemory, processThreads
    }

    /// What is measured.
    public var kind: Kind
    /// Of which device, interface or process; empty for the whole machine.
    public var name: String

    /// - Parameter name: empty for the whole machine.
    public init(_ kind: Kind, _ name: String = "") { (self.kind, self.name) = (kind, name) }
  }

  /// A metric as an application exports it.
  public struct Metric: Hashable, Sendable {
    /// Without its suffix `_total`.
    public var name: String
    /// As they were written, without the braces.
    public var labels: String
    /// Whether it only grows.
    public var isCounter: Bool
    /// Which of several applications that were asked at the same time.
    public var source = 0
  }

  /// A statement and what it cost.
  public struct Statement: Sendable, Equatable {
    /// Its text.
    public var text: String
    /// How often it ran.
    public var calls: Double
    /// In all.
    public var seconds: Double
    /// That it returned or changed.
    public var rows: Double
    /// Blocks that it touched, in memory or not; 0 where unknown.
    public var blocks: Double
  }

  /// Beyond it a figure is damaged: no counter of a kernel gets there.
  static let largest = 1e18

  mutating func add(_ kind: Figure.Kind, _ value: Double, at time: Double) {
    add(kind, "", value, at: time)
  }

  mutating func add(_ kind: Figure.Kind, _ name: String, _ value: Double, at time: Double) {
    guard abs(value) <= Self.largest else { return }
    figures[Figure(kind, name), default: Series()].append(value, at: time)
  }

  /// The mean of a figure; nil where it was not read.
  public func mean(_ kind: Figure.Kind, _ name: String = "") -> Double? {
    figures[Figure(kind, name)]?.mean
  }

  /// Processors that each process used over the whole time, also where it ran for a part of it only.
  var processes: [(name: String, busy: Double)] {
    let series = figures.filter { $0.key.kind == .processBusy }
    let samples = series.values.map(\.values.count).max() ?? 0
    return series.map { ($0.key.name, $0.value.values.reduce(0, +) / Double(samples)) }
      .sorted { ($0.busy, $0.name) > ($1.busy, $1.name) }
  }

  /// Names for which there is a figure, sorted.
  public func names(of kind: Figure.Kind) -> [String] {
    figures.keys.filter { $0.kind == kind }.map(\.name).sorted()
  }
}

/// Values in the order of time.
public struct Series: Sendable, Equatable {
  /// Seconds, of any epoch.
  public private(set) var times: [Double] = []
  /// Beside the times.
  public private(set) var values: [Double] = []

  /// Nothing yet.
  public init() {}

  /// Of values by their time.
  init(_ values: [Double: Double]) {
    for (time, value) in values.sorted(by: { $0.key < $1.key }) { append(value, at: time) }
  }

  mutating func append(_ value: Double, at time: Double) {
    times.append(time)
    values.append(value)
  }

  /// At the same times, each with another's value at that time: its last until then, else its first.
  func adding(_ other: Series) -> Series {
    var (sum, place) = (Series(), 0)
    for (time, value) in zip(times, values) {
      while place + 1 < other.times.count, other.times[place + 1] <= time { place += 1 }
      sum.append(value + other.values[place], at: time)
    }
    return sum
  }

  /// Of all values; not weighted by time.
  public var mean: Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
  /// The largest.
  public var peak: Double? { values.max() }
  /// Seconds from the first to the last.
  public var span: Double { (times.last ?? 0) - (times.first ?? 0) }
  /// By how much a counter grew; a fall is a restart, from where it counts anew.
  public var growth: Double {
    zip(values, values.dropFirst()).reduce(0) { $0 + ($1.1 >= $1.0 ? $1.1 - $1.0 : $1.1) }
  }

  /// The value that a share of the values does not exceed.
  public func quantile(_ share: Double) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
  }

  /// The straight line through the part from a time on: what it gains per second, and the share of
  /// the variance that it explains. Nil for fewer than five values.
  public func trend(from share: Double = 0) -> (slope: Double, explained: Double)? {
    let first = Int(share * Double(values.count))
    let (x, y) = (Array(times[first...]), Array(values[first...]))
    guard x.count >= 5 else { return nil }
    let (mx, my) = (x.mean(), y.mean())
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      xx += (a - mx) * (a - mx)
      xy += (a - mx) * (b - my)
      yy += (b - my) * (b - my)
    }
    guard xx > 0 else { return nil }
    return (xy / xx, yy > 0 ? xy * xy / (xx * yy) : 0)
  }
}
