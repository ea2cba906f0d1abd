/// What this machine offers to experiments.
public struct Facilities: Sendable {
  /// Physical cores among the processors that may be used.
  public var cores: Int
  /// At least one.
  public var numaNodes: Int
  /// Hardware threads on one core that may be used.
  public var threadsPerCore: Int
  /// In bytes.
  public var availableMemory: Int
  /// Of an ordinary page.
  public var pageBytes: Int
  /// Whether the loader finds a shared library of this name.
  public var hasLibrary: @Sendable (String) -> Bool
  /// Whether a file or device exists.
  public var hasFile: @Sendable (String) -> Bool
  /// Why a worker can't have a network of its own; nil where it can.
  public var networkRefusal: @Sendable () -> String?
  /// The kernel's algorithms of TCP's congestion control.
  public var congestionControls: @Sendable () -> [String]
  /// Where a program lies; nil where it is not installed.
  public var program: @Sendable (String) -> String?
  /// What a library of peers is, or why it can't be used.
  public var peer: @Sendable (Peer) -> Result<PeerVersion, PeerFault>

  /// A machine, or one that a test invents.
  public init(
    cores: Int, numaNodes: Int, threadsPerCore: Int, availableMemory: Int,
    pageBytes: Int = 4 << 10, hasLibrary: @escaping @Sendable (String) -> Bool,
    hasFile: @escaping @Sendable (String) -> Bool,
    networkRefusal: @escaping @Sendable () -> String? = { "namespaces are not looked for" },
    congestionControls: @escaping @Sendable () -> [String] = { [] },
    program: @escaping @Sendable (String) -> String? = { _ in nil },
    peer: @escaping @Sendable (Peer) -> Result<PeerVersion, PeerFault>
  ) {
    self.cores = cores
    self.numaNodes = numaNodes
    self.threadsPerCore = threadsPerCore
    self.availableMemory = availableMemory
    self.pageBytes = pageBytes
    self.hasLibrary = hasLibrary
    self.hasFile = hasFile
    self.networkRefusal = networkRefusal
    self.congestionControls = congestionControls
    self.program = program
    self.peer = peer
  }

  /// Why requirements are not met, a line each; none when all are.
  public func unmet(_ requirements: [Requirement]) -> [String] {
    requirements.compactMap { unmet($0) }
  }

  /// Why a requirement is not met, in one line; nil when it is.
  public func unmet(_ requirement: Requirement) -> String? {
    switch requirement {
    case .cores(let wanted):
      cores >= wanted ? nil : "needs \(wanted) cores; only \(cores) allowed"
    case .numaNodes(let wanted):
      numaNodes >= wanted ? nil : "needs \(wanted) NUMA nodes; this machine has \(numaNodes)"
    case .simultaneousMultithreading:
      threadsPerCore >= 2 ? nil : "needs two hardware threads per core; this machine has one"
    case .memory(let wanted):
      availableMemory >= wanted
        ? nil : "needs \(wanted >> 20) MiB of memory; \(availableMemory >> 20) MiB are available"
    case .pages(let wanted):
      pageBytes == wanted
        ? nil : "needs pages of \(wanted >> 10) KiB; here they have \(pageBytes >> 10) KiB"
    case .library(let name, let package):
      hasLibrary(name) ? nil : "needs \(name), which is not installed (package \(package))"
    case .peer(let wanted):
      if case .failure(let fault) = peer(wanted) { "\(fault)" } else { nil }
    case .file(let path, let purpose):
      hasFile(path) ? nil : "needs \(path) (\(purpose)), which does not exist"
    case .ownNetwork:
      networkRefusal().map { "needs network namespaces: \($0)" }
    case .congestionControl(let name):
      congestionControls().contains(name)
        ? nil
        : "needs congestion control \(name), which this kernel does not have (modprobe tcp_\(name))"
    case .program(let name, let package):
      program(name) == nil ? "needs \(name), which is not installed (package \(package))" : nil
    }
  }
}
