/// What the machine is made of: packages, cores, caches and memory nodes.
///
/// Processors are named by the operating system's numbers, as `taskset` takes them. All that are
/// online are in here, whether this process may use them or not. Source: hwloc.
public struct Topology: Equatable, Sendable {
  /// A socket.
  public struct Package: Equatable, Sendable {
    /// The operating system's number.
    public let id: Int
    /// Its hardware threads, ascending.
    public let cpus: [Int]
  }

  /// A physical core.
  public struct Core: Equatable, Sendable {
    /// Its place among all cores of the machine, from 0.
    public let id: Int
    /// Its hardware threads, ascending; the first counts as the core, the others as siblings.
    public let cpus: [Int]
    /// The package that it belongs to, by the operating system's number.
    public let package: Int
    /// The nearest memory node; nil where the system names none.
    public let numaNode: Int?
    /// Rank among the kinds of cores: higher computes faster. Nil where all are of one kind or
    /// the system does not distinguish them.
    public let efficiencyClass: Int?
  }

  /// One data or unified cache.
  public struct Cache: Hashable, Sendable {
    /// 1 is nearest to the core.
    public let level: Int
    /// Capacity.
    public let bytes: Int
    /// Bytes of a line; nil where the system does not say.
    public let lineBytes: Int?
    /// The hardware threads that share it, ascending.
    public let cpus: [Int]
    /// Lines of a set; nil where the system does not say.
    public var ways: Int? = nil
  }

  /// A memory node.
  public struct NUMANode: Equatable, Sendable {
    /// The operating system's number.
    public let id: Int
    /// The hardware threads beside it; empty for a node of memory alone.
    public let cpus: [Int]
    /// Memory on it; 0 where the system does not say.
    public let memoryBytes: Int
  }

  /// Ascending by number.
  public let packages: [Package]
  /// In the machine's order: neighbours share caches.
  public let cores: [Core]
  /// Nearest level first. Empty where neither hwloc nor `/sys` knows any; `notes` says so.
  public let caches: [Cache]
  /// Ascending by number.
  public let numaNodes: [NUMANode]
  /// What was not to be had, and where it was taken from instead.
  public let notes: [String]

  /// All hardware threads, ascending.
  public var cpus: [Int] { cores.flatMap(\.cpus).sorted() }

  /// Whether a core has more than one hardware thread.
  public var hasSiblings: Bool { cores.contains { $0.cpus.count > 1 } }

  /// The core that a hardware thread belongs to.
  public func core(of cpu: Int) -> Core? { cores.first { $0.cpus.contains(cpu) } }

  /// The caches between a hardware thread and memory, nearest first.
  public func caches(of cpu: Int) -> [Cache] { caches.filter { $0.cpus.contains(cpu) } }

  /// The cache farthest from a hardware thread.
  public func lastLevelCache(of cpu: Int) -> Cache? { caches(of: cpu).last }
}

/// Why the topology can't be known.
public enum TopologyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// hwloc's interface at run time is not the one that was compiled against.
  case libraryMismatch(built: UInt32, running: UInt32)
  /// A call of hwloc failed.
  case failed(step: String, errno: Int32)
  /// hwloc does not understand a synthetic description.
  case badSynthetic(String)
  /// An XML file can't be read as a topology.
  case badXML(path: String, errno: Int32)
  /// The description holds no processor.
  case noProcessors

  /// One line: what, and what to do.
  public var description: String {
    switch self {
    case .libraryMismatch(let built, let running):
      return "hwloc's API version is \(hex(running)), this program was built for \(hex(built)); "
        + "rebuild with the installed headers"
    case .failed(let step, let errno):
      return "hwloc can't \(step): \(SystemError.describe(errno))"
    case .badSynthetic(let text):
      return "hwloc does not understand the topology \"\(text)\"; see hwloc(7), synthetic"
    case .badXML(let path, let errno):
      return "\(path) can't be read as an hwloc topology: \(SystemError.describe(errno))"
    case .noProcessors: return "the topology has no processor"
    }
  }

  private func hex(_ number: UInt32) -> String { "0x" + String(number, radix: 16) }
}
