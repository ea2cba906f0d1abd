/// Where an experiment's accesses to memory were served: the root of `counts/<id>.json`.
public struct CacheCounts: Equatable, Sendable, Codable {
  /// Raised when a field changes its meaning or goes.
  public static let currentSchema = 1

  /// Who counted.
  public enum Source: String, Equatable, Sendable, Codable {
    /// The processor, while the kernel ran.
    case hardware
    /// A simulator, access by access.
    case simulated
  }

  /// The format of this file.
  public var schema: Int
  /// The experiment's id.
  public var experiment: String
  /// Whether these are counts or a simulation.
  public var source: Source
  /// What counted, with its version: `valgrind-3.19.0 (cachegrind)`.
  public var tool: String
  /// How and when it was done.
  public var run: Run
  /// The caches that were simulated, from the nearest on; empty for hardware.
  public var caches: [Machine.Cache]
  /// Name of the sweep's axis.
  public var axis: String
  /// In the order of the sweep.
  public var points: [Point]

  /// Counts of the current schema.
  public init(
    experiment: String, source: Source, tool: String, run: Run, caches: [Machine.Cache],
    axis: String, points: [Point] = []
  ) {
    schema = Self.currentSchema
    self.experiment = experiment
    self.source = source
    self.tool = tool
    self.run = run
    self.caches = caches
    self.axis = axis
    self.points = points
  }

  /// One value of the sweep.
  public struct Point: Equatable, Sendable, Codable {
    /// Where on the axis it lies.
    public var parameter: Parameter
    /// The baseline first.
    public var variants: [Variant]

    /// A value of the sweep with what was counted there.
    public init(parameter: Parameter, variants: [Variant] = []) {
      self.parameter = parameter
      self.variants = variants
    }
  }

  /// One variant; everything for each element that the kernel handles.
  public struct Variant: Equatable, Sendable, Codable {
    /// As the experiment declares it.
    public var name: String
    /// Why nothing was counted; nil otherwise.
    public var missing: String?
    /// Executed.
    public var instructions: Double?
    /// From the nearest cache on.
    public var levels: [Level]

    /// What was counted, or why nothing was.
    public init(
      name: String, missing: String? = nil, instructions: Double? = nil, levels: [Level] = []
    ) {
      self.name = name
      self.missing = missing
      self.instructions = instructions
      self.levels = levels
    }
  }

  /// One level of cache, for each element that the kernel handles.
  public struct Level: Equatable, Sendable, Codable {
    /// `L1`, or `last cache` where the processor does not say more.
    public var name: String
    /// Nil where they were not counted.
    public var accesses: Double?
    /// What had to come from farther away.
    public var misses: Double

    /// A level with its counts.
    public init(name: String, accesses: Double?, misses: Double) {
      self.name = name
      self.accesses = accesses
      self.misses = misses
    }

    /// Share of the accesses that it served; nil where none are known.
    public var hitRate: Double? {
      guard let accesses, accesses > 0 else { return nil }
      return max(0, 1 - misses / accesses)
    }
  }
}
