/// All that is stored of a machine in one document: what `perflab export --format json` writes, and
/// what a history keeps of a run. In a machine's folder it lies as a `RunRecord` and a
/// `StoredExperiment` for each experiment; schema 1 had it there as one file, `results.json`.
public struct Results: Equatable, Sendable, Codable {
  /// Raised when a field changes its meaning or goes, or a file its place.
  public static let currentSchema = 2

  /// Of the file that it was read from, or the current one.
  public var schema: Int
  /// How and when the numbers were taken.
  public var run: Run
  /// Where they were taken.
  public var machine: Machine
  /// What made them better or worse.
  public var conditions: [Condition]
  /// In the order of the catalog.
  public var experiments: [ExperimentResult]

  /// Results of the current schema.
  public init(
    run: Run, machine: Machine, conditions: [Condition], experiments: [ExperimentResult] = []
  ) {
    schema = Self.currentSchema
    self.run = run
    self.machine = machine
    self.conditions = conditions
    self.experiments = experiments
  }
}

/// How and when the numbers were taken.
public struct Run: Equatable, Sendable, Codable {
  /// ISO 8601, UTC.
  public var started: String
  /// `quick`, `standard` or `thorough`.
  public var preset: String
  /// Every random choice follows from it.
  public var seed: UInt64
  /// Of perflab.
  public var version: String
  /// How the executable was built.
  public var flags: BuildFlags
  /// The processor that measured, and the team's in order.
  public var cpus: [Int]

  /// The run as its page shows it.
  public init(
    started: String, preset: String, seed: UInt64, version: String, flags: BuildFlags, cpus: [Int]
  ) {
    self.started = started
    self.preset = preset
    self.seed = seed
    self.version = version
    self.flags = flags
    self.cpus = cpus
  }
}

/// How the executable was built.
public struct BuildFlags: Equatable, Sendable, Codable {
  /// Whether the optimiser ran; a debug build does not measure.
  public var optimised: Bool
  /// Name and version.
  public var compiler: String
  /// What `-march` or `-mcpu` was given: `native`, or empty for the toolchain's default.
  public var instructionSet: String
  /// Vector extensions that the build used: `avx512f`, `avx2`, `neon`.
  public var features: [String]

  /// As the build recorded them.
  public init(optimised: Bool, compiler: String, instructionSet: String, features: [String]) {
    self.optimised = optimised
    self.compiler = compiler
    self.instructionSet = instructionSet
    self.features = features
  }
}
