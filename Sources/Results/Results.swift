/// A whole run on one machine: the root of `results.json`.
public struct Results: Hashable, Sendable, Codable {
  /// Raised when a field changes its meaning or goes.
  public static let currentSchema = 1

  public var schema: Int
  public var run: Run
  public var machine: Machine
  public var conditions: [Condition]
  public var experiments: [ExperimentResult]

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
public struct Run: Hashable, Sendable, Codable {
  /// ISO 8601, UTC.
  public var started: String
  public var preset: String
  public var seed: UInt64
  public var version: String
  public var flags: BuildFlags
  /// The processor that measured, and the team's in order.
  public var cpus: [Int]

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
public struct BuildFlags: Hashable, Sendable, Codable {
  public var optimised: Bool
  public var compiler: String
  /// What `-march` or `-mcpu` was given: `native`, or empty for the toolchain's default.
  public var instructionSet: String
  /// Vector extensions that the build used: `avx512f`, `avx2`, `neon`.
  public var features: [String]

  public init(optimised: Bool, compiler: String, instructionSet: String, features: [String]) {
    self.optimised = optimised
    self.compiler = compiler
    self.instructionSet = instructionSet
    self.features = features
  }
}
