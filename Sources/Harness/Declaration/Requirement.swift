/// What an experiment, a point or a variant cannot do without.
public enum Requirement: Sendable, Equatable {
  /// Physical cores that may be used.
  case cores(Int)
  case numaNodes(Int)
  /// At least two hardware threads a core.
  case simultaneousMultithreading
  /// Available memory in bytes.
  case memory(Int)
  /// The size of an ordinary page in bytes, where it is the subject.
  case pages(of: Int)
  /// A shared library that the loader finds; `package` says what to install.
  case library(String, package: String)
  /// Functions of a library that `make peers` builds.
  case peer(Peer)
  /// A file or device that must exist, and what it stands for.
  case file(String, purpose: String)
  /// Files and sockets that a process may have open at the same time.
  case descriptors(Int)
  /// Network namespaces that an ordinary user may make.
  case ownNetwork
  /// Network namespaces with links between them.
  case links
  /// Bytes that a program may ask for as a socket's buffer.
  case socketBuffers(bytes: Int)
  /// An algorithm of TCP's congestion control.
  case congestionControl(String)
  /// A program of `package`, found by its name.
  case program(String, package: String)
  /// Bytes that are free where scratch folders are made.
  case storage(bytes: Int)
  /// The same on a disk, with direct I/O: neither memory nor layers.
  case disk(bytes: Int)
  /// io_uring, which a kernel may not have and a container may forbid.
  case ring
}

extension Requirement {
  /// As `perflab list` names it.
  public var text: String {
    switch self {
    case .cores(let count): "\(count) cores"
    case .numaNodes(let count): "\(count) NUMA nodes"
    case .simultaneousMultithreading: "SMT"
    case .memory(let bytes): "\(bytes >> 20) MiB of memory"
    case .pages(let bytes): "pages of \(bytes >> 10) KiB"
    case .library(let name, _): name
    case .peer(let peer): peer.library.title
    case .file(let path, _): path
    case .descriptors(let count): "\(count) file descriptors"
    case .ownNetwork: "network namespaces"
    case .links: "links between network namespaces"
    case .socketBuffers(let bytes): "socket buffers of \(bytes >> 10) KiB"
    case .congestionControl(let name): "congestion control \(name)"
    case .program(let name, _): name
    case .storage(let bytes): "\(bytes >> 20) MiB of disk"
    case .disk(let bytes): "\(bytes >> 20) MiB of disk with direct I/O"
    case .ring: "io_uring"
    }
  }
}
