/// Where a member of a team of threads runs, as hwloc describes the machine.
public struct TeamProcessor: Equatable, Sendable, Codable {
  /// The operating system's number of the processor, a hardware thread.
  public var cpu: Int
  /// The operating system's number of its package; nil where it is not known.
  public var package: Int?
  /// The operating system's number of the nearest NUMA node; nil where the system names none.
  public var node: Int?

  /// Of its parts, as they are.
  public init(cpu: Int, package: Int?, node: Int?) {
    self.cpu = cpu
    self.package = package
    self.node = node
  }
}
