import Platform

/// Where threads run and pages lie: for experiments that have this for their subject, or that must
/// place threads which a team does not start.
public enum Placement {
  /// Moves the calling thread to a processor, and keeps it there.
  /// - Throws: `AffinityRefused` where the processor may not be used.
  public static func move(to cpu: Int) throws { try Affinity.pin(to: cpu) }

  /// Runs `body` with the calling thread allowed on all of `cpus`: threads that are started in it
  /// inherit this. Afterwards the thread is back on what it was allowed before.
  /// - Throws: `AffinityRefused`, or what `body` throws.
  public static func allowing<Answer>(_ cpus: [Int], _ body: () throws -> Answer) throws -> Answer {
    let before = try Affinity.allowed()
    try Affinity.restrict(to: cpus)
    defer { try? Affinity.restrict(to: before) }
    return try body()
  }

  /// The node that holds each page of `memory`, at steps of 4 KiB; nil where there is none yet.
  /// - Throws: `SystemError` where the kernel does not say.
  public static func nodes(of memory: UnsafeMutableRawBufferPointer) throws -> [Int?] {
    try NUMA.locate(stride(from: 0, to: memory.count, by: 4_096).map { memory.baseAddress! + $0 })
  }

  /// Has each page of `memory` lie on the node of the thread that touches it first, and stay there,
  /// whoever uses it then. To be called before the memory is touched.
  /// - Throws: `SystemError` where the kernel refuses.
  public static func keepWhereTouched(_ memory: UnsafeMutableRawBufferPointer) throws {
    try NUMA.keepWhereTouched(memory)
  }

  /// The node that a processor belongs to; -1 where the machine has none.
  /// - Throws: `TopologyError` where the machine cannot be asked.
  public static func node(of cpu: Int) throws -> Int {
    try Topology.current().numaNodes.first { $0.cpus.contains(cpu) }?.id ?? -1
  }

  /// The processors of `allowed` by turns from each NUMA node that has any, each node's in the order
  /// of `allowed`: the measuring processor comes first, and a team's first thread is already there.
  /// - Throws: `TopologyError` where the machine cannot be asked.
  public static func spreadOverNodes(_ allowed: [Int]) throws -> [Int] {
    spreadOverNodes(allowed, in: try Topology.current())
  }

  static func spreadOverNodes(_ allowed: [Int], in topology: Topology) -> [Int] {
    var nodes: [(id: Int, cpus: [Int])] = []
    for cpu in allowed {
      guard let node = topology.numaNodes.first(where: { $0.cpus.contains(cpu) }) else { continue }
      if let known = nodes.firstIndex(where: { $0.id == node.id }) {
        nodes[known].cpus.append(cpu)
      } else {
        nodes.append((node.id, [cpu]))
      }
    }
    let turns = nodes.map(\.cpus.count).max() ?? 0
    return (0..<turns).flatMap { turn in
      nodes.compactMap { $0.cpus.indices.contains(turn) ? $0.cpus[turn] : nil }
    }
  }

  /// Two threads on one core, and the same two on a core each.
  public struct Pairs: Equatable, Sendable {
    /// Two hardware threads of one core.
    public let siblings: [Int]
    /// One hardware thread of each of two cores.
    public let cores: [Int]
  }

  /// The pairs that begin with the first of `allowed`, the other core in its package where there is
  /// one; nil where its core has no other thread that may be used, or no other core is of its kind.
  /// - Throws: `TopologyError` where the machine cannot be asked.
  public static func pairs(among allowed: [Int]) throws -> Pairs? {
    pairs(among: allowed, in: try Topology.current())
  }

  static func pairs(among allowed: [Int], in topology: Topology) -> Pairs? {
    guard let first = allowed.first, let core = topology.core(of: first) else { return nil }
    let sibling = core.cpus.first { $0 != first && allowed.contains($0) }
    let others = allowed.compactMap { cpu in topology.core(of: cpu).map { (cpu: cpu, core: $0) } }
      .filter { $0.core.cpus != core.cpus && $0.core.efficiencyClass == core.efficiencyClass }
    let other = others.first { $0.core.package == core.package }?.cpu ?? others.first?.cpu
    guard let sibling, let other else { return nil }
    return Pairs(siblings: [first, sibling], cores: [first, other])
  }
}

/// Pinned threads on processors that an experiment has chosen, the caller being the first.
public final class PlacedTeam: @unchecked Sendable {
  // SAFETY (@unchecked): used by the kernel's thread alone.
  private let team: Team

  /// - Parameter cpus: one or more, the first the one that the caller is pinned to.
  /// - Throws: `TeamError` where one is refused.
  public init(_ cpus: [Int]) throws { team = try Team(cpus: cpus) }

  /// Runs `body` on each and returns when all are done.
  public func run(_ body: (_ member: Int) -> Void) { team.run(body) }
}
