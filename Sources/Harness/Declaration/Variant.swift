import Results

/// One way to compute the experiment's result.
public struct Variant: Sendable {
  /// Unique in its experiment; the page shows it.
  public let name: String
  /// Functions and types of the experiment's file that the page shows as this variant's code.
  public let shows: [String]
  /// What its worker process is started with.
  public let environment: VariantEnvironment
  /// Whether the candidates are only compared with it: a peer, a limit, the serial version of a
  /// parallel kernel. A reference is never an experiment's headline.
  public let isReference: Bool
  /// What kind of yardstick it is; nil where it is none. A yardstick is a reference, and has no
  /// prediction.
  public let yardstick: YardstickKind?
  /// What this variant alone needs; without it, it is skipped with the reason.
  public let needs: [Requirement]
  let body: Body

  /// How its value is had.
  enum Body: Sendable {
    /// A kernel that is run and timed.
    case kernel(@Sendable (Point) throws -> PreparedKernel)
    /// A replication of a simulation, from the point's seed.
    case replication(@Sendable (Point) throws -> Replication)
    /// A model of uncertain inputs.
    case outcome(@Sendable (Question) throws(MissingNumber) -> Computation)
  }

  /// Programs that must be installed for it.
  var programs: [String] {
    needs.compactMap { if case .program(let name, _) = $0 { name } else { nil } }
  }

  /// How its value is known.
  var evidence: Evidence {
    switch body {
    case .kernel: .measured
    case .replication: .simulated
    case .outcome: .computed
    }
  }

  /// Its kernel with an input.
  /// - Throws: what `prepare` throws; `NotAKernel` where the variant is simulated or computed.
  func prepare(_ point: Point) throws -> PreparedKernel {
    guard case .kernel(let prepare) = body else { throw NotAKernel(variant: name) }
    return try prepare(point)
  }

  /// A variant that is run and timed.
  /// - Parameters:
  ///   - yardstick: makes it a reference of that kind.
  ///   - prepare: makes the input from the point's seed; outside the measured time. Called once
  ///     for each instance in each process (the baseline has two instances).
  ///   - report: read after each sample, outside the measured time: quantities by name.
  ///   - observe: read after each sample: what the kernel has observed since the last, for a metric
  ///     that is a percentile.
  ///   - run: the kernel. At least about 1 µs of work; gives a checksum of its result, the same at
  ///     every call, and in every variant but a limit.
  public init<Input, Answer: ChecksumConvertible>(
    _ name: String, isReference: Bool = false, yardstick: YardstickKind? = nil, shows: [String],
    environment: VariantEnvironment = VariantEnvironment(), needs: [Requirement] = [],
    prepare: @escaping @Sendable (Point) throws -> Input,
    report: (@Sendable (Input) -> [String: Counter])? = nil,
    observe: (@Sendable (Input) -> Distribution)? = nil,
    run: @escaping @Sendable (Input) -> Answer
  ) {
    self.name = name
    self.isReference = isReference || yardstick != nil
    self.yardstick = yardstick
    self.shows = shows
    self.environment = environment
    self.needs = needs
    body = .kernel { point in
      let input = try prepare(point)
      return PreparedKernel(
        call: { run(input).checksum }, report: { report?(input) ?? [:] },
        observe: { observe?(input) })
    }
  }
}

/// Asked for the kernel of a variant that has none.
struct NotAKernel: Error, CustomStringConvertible {
  let variant: String
  var description: String { "\(variant) has no kernel: it is simulated or computed" }
}

/// A kernel with its input: what the timing loop calls.
struct PreparedKernel {
  let call: () -> Checksum
  let report: () -> [String: Counter]
  let observe: () -> Distribution?
}

/// What a variant's worker process is started with.
public struct VariantEnvironment: Sendable, Hashable {
  /// A library that is loaded before all others, proved in the worker by where a symbol lives.
  public struct Preload: Sendable, Hashable {
    /// `libjemalloc.so.2`
    public let library: String
    /// A symbol that must then come from this library: `malloc`.
    public let provides: String

    /// A library, and the symbol that proves it.
    public init(library: String, provides: String) {
      self.library = library
      self.provides = provides
    }

    /// The library's name up to its version: `libjemalloc.so` matches `libjemalloc.so.2.3.0`.
    var stem: String {
      let parts = library.split(separator: ".", omittingEmptySubsequences: false)
      guard let so = parts.firstIndex(of: "so") else { return library }
      return parts[...so].joined(separator: ".")
    }
  }

  /// Nil for the process's own libraries.
  public let preload: Preload?
  /// Set in the worker beside the inherited ones.
  public let variables: [String: String]
  /// Whether the worker has network namespaces of its own, in which it may make interfaces; they
  /// end with it. Needs `Requirement.ownNetwork`.
  public let hasOwnNetwork: Bool

  /// By default the environment of this process.
  public init(
    preload: Preload? = nil, variables: [String: String] = [:], hasOwnNetwork: Bool = false
  ) {
    self.preload = preload
    self.variables = variables
    self.hasOwnNetwork = hasOwnNetwork
  }

  /// That of this process in a network of its own.
  public static let ownNetwork = VariantEnvironment(hasOwnNetwork: true)
}

/// The digest of a kernel's result.
public enum Checksum: Sendable, Equatable, Codable {
  case integer(UInt64)
  case real(Double)

  func agrees(with other: Checksum, within tolerance: Tolerance) -> Bool {
    switch (self, other, tolerance) {
    case (.real(let a), .real(let b), .relative(let share)):
      return abs(a - b) <= share * max(abs(a), abs(b))
    default: return self == other
    }
  }
}

/// What a kernel may return.
public protocol ChecksumConvertible {
  var checksum: Checksum { get }
}

extension Checksum: ChecksumConvertible {
  /// See `ChecksumConvertible`.
  public var checksum: Checksum { self }
}
extension UInt64: ChecksumConvertible {
  /// See `ChecksumConvertible`.
  public var checksum: Checksum { .integer(self) }
}
extension Int: ChecksumConvertible {
  /// The bit pattern.
  public var checksum: Checksum { .integer(UInt64(bitPattern: Int64(self))) }
}
extension Double: ChecksumConvertible {
  /// See `ChecksumConvertible`.
  public var checksum: Checksum { .real(self) }
}
extension Float: ChecksumConvertible {
  /// See `ChecksumConvertible`.
  public var checksum: Checksum { .real(Double(self)) }
}
