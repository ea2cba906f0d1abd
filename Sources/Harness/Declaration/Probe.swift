import Results

/// One of the machine's numbers, declared: what is timed, and how the time becomes the number.
///
/// A probe is one variant at one value: there is nothing to compare it with. Each worker process
/// gives one value (the median of its samples); the interval comes from the processes.
public struct Probe: Sendable {
  /// `latency.l1`. Predictions ask for a number under this name.
  public let name: String
  /// What becomes of its value.
  public let role: Role
  /// The heading that it stands under: `Memory latency`.
  public let group: String
  /// `First-level cache`.
  public let title: String
  /// Nanoseconds unless the reading is a rate or a report.
  public let unit: Unit
  /// How it is measured, in one line.
  public let method: String
  /// What it is skipped without.
  public let needs: [Requirement]
  /// What the variant is prepared with (`Point.value`): bytes of a working set, or a count.
  public let value: Int
  /// The same for tests: small.
  public let smoke: Int
  /// Whether it starts threads. Those that do not are taken first in each process: the allocator
  /// and others are faster as long as a process has never had a second thread.
  public let startsThreads: Bool
  /// How the time of one kernel call at a value becomes the number.
  public let reading: @Sendable (_ value: Int) -> Reading
  /// The kernel.
  public let variant: Variant
  /// The area whose experiments ask for it, `network`; nil where any may.
  public private(set) var area: String?

  /// Declares it; the properties say what each argument is.
  public init(
    _ name: String, role: Role = .number, group: String, title: String,
    unit: Unit = .nanoseconds, method: String, needs: [Requirement] = [], value: Int = 1_000,
    smoke: Int = 4, startsThreads: Bool = false,
    reading: @escaping @Sendable (_ value: Int) -> Reading, variant: Variant
  ) {
    self.name = name
    self.role = role
    self.group = group
    self.title = title
    self.unit = unit
    self.method = method
    self.needs = needs
    self.value = value
    self.smoke = smoke
    self.startsThreads = startsThreads
    self.reading = reading
    self.variant = variant
  }

  /// The same for the experiments of one area, which alone wait for it.
  public func of(_ area: String) -> Probe {
    var probe = self
    probe.area = area
    return probe
  }

  /// What becomes of the value.
  public enum Role: Sendable, Equatable {
    /// It is one of the machine's numbers.
    case number
    /// Derived numbers are computed from it; it is not shown by itself.
    case ingredient
    /// A point of a series at `x` (and `y`, for a surface).
    case point(series: String, x: Double, y: Double?)
  }

  /// How the time of a kernel call becomes the number.
  public enum Reading: Sendable, Equatable {
    /// Nanoseconds an operation: the call's time over so many.
    case operations(Double)
    /// So much (bytes, floating-point operations) a second.
    case rate(Double)
    /// A quantity that the variant reports under this name; the time does not matter.
    case reported(String)
  }
}

/// A number that follows from others, process by process.
public struct DerivedNumber: Sendable {
  /// The name that predictions and the page use.
  public let name: String
  /// The heading that it stands under.
  public let group: String
  /// What it is, in a few words.
  public let title: String
  /// Nanoseconds unless the reading is a rate or a report.
  public let unit: Unit
  /// How it is measured, in one line.
  public let method: String
  /// Names of the probes, in the order in which `compute` gets their values.
  public let from: [String]
  /// Nil where the values do not determine it.
  public let compute: @Sendable (_ values: [Double]) -> Double?

  /// Declares it; the properties say what each argument is.
  public init(
    _ name: String, group: String, title: String, unit: Unit = .nanoseconds, method: String,
    from: [String], compute: @escaping @Sendable (_ values: [Double]) -> Double?
  ) {
    self.name = name
    self.group = group
    self.title = title
    self.unit = unit
    self.method = method
    self.from = from
    self.compute = compute
  }
}

/// A row of points that belong together: latency over size, bandwidth over size and stride.
public struct ProbeSeries: Sendable {
  /// The name that predictions and the page use.
  public let name: String
  /// What it is, in a few words.
  public let title: String
  /// Nanoseconds unless the reading is a rate or a report.
  public let unit: Unit
  /// How it is measured, in one line.
  public let method: String
  /// What `x` is, with its unit: `working set`, `B`.
  public let x: SeriesAxis
  /// Nil for a curve.
  public let y: SeriesAxis?

  /// Declares it; the properties say what each argument is.
  public init(
    _ name: String, title: String, unit: Unit, method: String, x: SeriesAxis, y: SeriesAxis? = nil
  ) {
    self.name = name
    self.title = title
    self.unit = unit
    self.method = method
    self.x = x
    self.y = y
  }
}

/// Thrown by `prepare` where this machine or this build cannot have the number: a skip with its
/// reason, never a failure.
public struct ProbeUnavailable: Error, Equatable, Sendable {
  /// In words for the reader: `this build has no 512-bit vectors`.
  public let reason: String
  /// A reason in words.
  public init(_ reason: String) { self.reason = reason }
}
