/// The machine that was measured, as far as a reader needs it to judge a number.
public struct Machine: Hashable, Sendable, Codable {
  /// Names the folder under `Reports/`.
  public var name: String
  public var processor: String
  public var architecture: String
  public var cores: Int
  public var threads: Int
  public var packages: Int
  public var numaNodes: Int
  public var memoryBytes: Int
  public var caches: [Cache]
  public var kernel: String
  public var system: String
  /// Nil on bare metal.
  public var hypervisor: String?
  /// The machine's numbers by name (`latency.l1`), see `perflab numbers`.
  public var numbers: [String: MachineNumber]

  /// One level of cache as one core sees it.
  public struct Cache: Hashable, Sendable, Codable {
    public var level: Int
    public var bytes: Int
    public var lineBytes: Int
    /// Hardware threads that share one instance.
    public var sharedBy: Int

    public init(level: Int, bytes: Int, lineBytes: Int, sharedBy: Int) {
      self.level = level
      self.bytes = bytes
      self.lineBytes = lineBytes
      self.sharedBy = sharedBy
    }
  }

  public init(
    name: String, processor: String, architecture: String, cores: Int, threads: Int,
    packages: Int, numaNodes: Int, memoryBytes: Int, caches: [Cache], kernel: String,
    system: String, hypervisor: String?, numbers: [String: MachineNumber] = [:]
  ) {
    self.name = name
    self.processor = processor
    self.architecture = architecture
    self.cores = cores
    self.threads = threads
    self.packages = packages
    self.numaNodes = numaNodes
    self.memoryBytes = memoryBytes
    self.caches = caches
    self.kernel = kernel
    self.system = system
    self.hypervisor = hypervisor
    self.numbers = numbers
  }
}

/// One of the machine's numbers: what a thing costs here.
public struct MachineNumber: Hashable, Sendable, Codable {
  public var quantity: Quantity
  /// How it was measured, in one line.
  public var method: String

  public init(_ quantity: Quantity, method: String) {
    self.quantity = quantity
    self.method = method
  }
}

/// A condition of the machine that makes numbers better or worse.
public struct Condition: Hashable, Sendable, Codable {
  public enum Grade: String, Sendable, Codable, CaseIterable { case good, fair, poor, unknown }

  public var name: String
  public var grade: Grade
  public var value: String
  public var why: String
  /// The command that mends it; empty where nothing can or need be done.
  public var fix: String

  public init(name: String, grade: Grade, value: String, why: String, fix: String) {
    self.name = name
    self.grade = grade
    self.value = value
    self.why = why
    self.fix = fix
  }
}
