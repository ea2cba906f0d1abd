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
  /// Files and sockets that a process may have open: the hard limit.
  public var descriptors: Int
  /// Whether the loader finds a shared library of this name.
  public var hasLibrary: @Sendable (String) -> Bool
  /// Whether a file or device exists.
  public var hasFile: @Sendable (String) -> Bool
  /// Why a worker can't have a network of its own; nil where it can.
  public var networkRefusal: @Sendable () -> String?
  /// Why it can't have links between hosts there; nil where it can.
  public var linkRefusal: @Sendable () -> String?
  /// Bytes of the largest socket buffer that a program may ask for.
  public var socketBuffers: Int
  /// The kernel's algorithms of TCP's congestion control.
  public var congestionControls: @Sendable () -> [String]
  /// Where a program lies; nil where it is not installed.
  public var program: @Sendable (String) -> String?
  /// Why scratch folders have no room for so many bytes; nil where they have.
  public var storageRefusal: @Sendable (Int) -> String?
  /// Why they have none on a disk with direct I/O; nil where they have.
  public var diskRefusal: @Sendable (Int) -> String?
  /// Why programs may not use io_uring; nil where they may.
  public var ringRefusal: @Sendable () -> String?
  /// What a library of peers is, or why it can't be used.
  public var peer: @Sendable (Peer) -> Result<PeerVersion, PeerFault>

  /// A machine, or one that a test invents.
  public init(
    cores: Int, numaNodes: Int, threadsPerCore: Int, availableMemory: Int,
    pageBytes: Int = 4 << 10, descriptors: Int = 1 << 20,
    hasLibrary: @escaping @Sendable (String) -> Bool,
    hasFile: @escaping @Sendable (String) -> Bool,
    networkRefusal: @escaping @Sendable () -> String? = { "namespaces are not looked for" },
    linkRefusal: @escaping @Sendable () -> String? = { "links are not looked for" },
    socketBuffers: Int = 1 << 30,
    congestionControls: @escaping @Sendable () -> [String] = { [] },
    program: @escaping @Sendable (String) -> String? = { _ in nil },
    storageRefusal: @escaping @Sendable (Int) -> String? = { _ in nil },
    diskRefusal: @escaping @Sendable (Int) -> String? = { _ in nil },
    ringRefusal: @escaping @Sendable () -> String? = { nil },
    peer: @escaping @Sendable (Peer) -> Result<PeerVersion, PeerFault>
  ) {
    self.cores = cores
    self.numaNodes = numaNodes
    self.threadsPerCore = threadsPerCore
    self.availableMemory = availableMemory
    self.pageBytes = pageBytes
    self.descriptors = descriptors
    self.hasLibrary = hasLibrary
    self.hasFile = hasFile
    self.networkRefusal = networkRefusal
    self.linkRefusal = linkRefusal
    self.socketBuffers = socketBuffers
    self.congestionControls = congestionControls
    self.program = program
    self.storageRefusal = storageRefusal
    self.diskRefusal = diskRefusal
    self.ringRefusal = ringRefusal
    self.peer = peer
  }

  /// Why requirements are not met, a line each and none twice; none when all are.
  public func unmet(_ requirements: [Requirement]) -> [String] {
    requirements.compactMap { unmet($0) }.reduce(into: []) { lines, line in
      if !lines.contains(line) { lines.append(line) }
    }
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
    case .descriptors(let wanted):
      descriptors >= wanted
        ? nil : "needs \(wanted) file descriptors; the limit (ulimit -Hn) is \(descriptors)"
    case .ownNetwork:
      networkRefusal().map { "needs network namespaces: \($0)" }
    case .links:
      linkRefusal().map { "needs links between network namespaces: \($0)" }
    case .socketBuffers(let wanted):
      socketBuffers >= wanted
        ? nil
        : "needs socket buffers of \(wanted >> 10) KiB; the limit is \(socketBuffers >> 10) KiB "
          + "(sysctl net.core.rmem_max and net.core.wmem_max)"
    case .congestionControl(let name):
      congestionControls().contains(name)
        ? nil
        : "needs congestion control \(name), which this kernel does not have (modprobe tcp_\(name))"
    case .program(let name, let package):
      program(name) == nil ? "needs \(name), which is not installed (package \(package))" : nil
    case .storage(let bytes): storageRefusal(bytes)
    case .disk(let bytes): diskRefusal(bytes)
    case .ring: ringRefusal().map { "needs io_uring: \($0)" }
    }
  }
}
