/// The machine that was measured, as far as a reader needs it to judge a number.
public struct Machine: Equatable, Sendable, Codable {
  /// Names the folder under `Reports/`.
  public var name: String
  /// As the processor calls itself.
  public var processor: String
  /// `x86_64` or `aarch64`.
  public var architecture: String
  /// Physical cores.
  public var cores: Int
  /// Hardware threads.
  public var threads: Int
  /// Sockets.
  public var packages: Int
  /// NUMA nodes; one where memory is uniform.
  public var numaNodes: Int
  /// Installed memory that the kernel may use, in bytes.
  public var memoryBytes: Int
  /// Size of an ordinary page; nil in results from before it was stored, all of them of 4 KiB.
  public var pageBytes: Int?
  /// As the measuring core sees them, from the first level on.
  public var caches: [Cache]
  /// Release of the Linux kernel.
  public var kernel: String
  /// Name and version of the distribution.
  public var system: String
  /// Nil on bare metal.
  public var hypervisor: String?
  /// The machine's numbers by name (`latency.l1`), see `perflab numbers`.
  public var numbers: [String: MachineNumber]

  /// One level of cache as one core sees it.
  public struct Cache: Equatable, Sendable, Codable {
    /// 1 is the nearest to the core.
    public var level: Int
    /// Size of one instance.
    public var bytes: Int
    /// Size of a line.
    public var lineBytes: Int
    /// Hardware threads that share one instance.
    public var sharedBy: Int
    /// Lines of a set; nil where it is not known.
    public var ways: Int?

    /// A level with its size and line in bytes.
    public init(level: Int, bytes: Int, lineBytes: Int, sharedBy: Int, ways: Int? = nil) {
      self.level = level
      self.bytes = bytes
      self.lineBytes = lineBytes
      self.sharedBy = sharedBy
      self.ways = ways
    }
  }

  /// All that is known; `numbers` may come later.
  public init(
    name: String, processor: String, architecture: String, cores: Int, threads: Int,
    packages: Int, numaNodes: Int, memoryBytes: Int, pageBytes: Int? = nil, caches: [Cache],
    kernel: String, system: String, hypervisor: String?, numbers: [String: MachineNumber] = [:]
  ) {
    self.name = name
    self.processor = processor
    self.architecture = architecture
    self.cores = cores
    self.threads = threads
    self.packages = packages
    self.numaNodes = numaNodes
    self.memoryBytes = memoryBytes
    self.pageBytes = pageBytes
    self.caches = caches
    self.kernel = kernel
    self.system = system
    self.hypervisor = hypervisor
    self.numbers = numbers
  }
}

/// One of the machine's numbers: what a thing costs here.
public struct MachineNumber: Equatable, Sendable, Codable {
  /// In nanoseconds, bytes or bytes a second, or what its unit says.
  public var quantity: Quantity
  /// How it was measured, in one line.
  public var method: String
  /// Nanoseconds of a clock cycle of the measuring core meanwhile; nil for a point of a series, and
  /// in older results.
  public var cycle: Double?

  /// A quantity with its method in one line.
  public init(_ quantity: Quantity, method: String, cycle: Double? = nil) {
    self.quantity = quantity
    self.method = method
    self.cycle = cycle
  }
}

/// A condition of the machine that makes numbers better or worse.
public struct Condition: Equatable, Sendable, Codable {
  /// `unknown` where the machine does not say.
  public enum Grade: String, Sendable, Codable, CaseIterable { case good, fair, poor, unknown }

  /// Short and stable: `governor`.
  public var name: String
  /// How good it is for measuring.
  public var grade: Grade
  /// What was found.
  public var value: String
  /// Why it matters to a number.
  public var why: String
  /// The command that fixes it; empty where there is none, or no need for one.
  public var fix: String

  /// All five are shown by `perflab doctor` and on the index page.
  public init(name: String, grade: Grade, value: String, why: String, fix: String) {
    self.name = name
    self.grade = grade
    self.value = value
    self.why = why
    self.fix = fix
  }
}
