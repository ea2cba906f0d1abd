/// Who runs where: the processor that measures, where the orchestrator keeps to, and the order in
/// which a team of threads fills the processors. A pure function of the topology.
public struct PinPlan: Equatable, Sendable {
  /// What the orchestrator has to share with the measuring processor.
  public enum Sharing: String, Equatable, Sendable {
    /// It has a core of its own.
    case nothing
    /// It sits on a sibling of the measuring hardware thread.
    case core
    /// There is one processor only.
    case processor
  }

  /// The processor of single-threaded work; the first of `team`.
  public let measuring: Int
  /// All processors that threads may be pinned to, in the order in which a team fills them.
  public let team: [Int]
  /// The processors that the orchestrator keeps to; never empty.
  public let orchestrator: [Int]
  /// What the orchestrator disturbs by being there.
  public let sharing: Sharing

  /// - Parameters:
  ///   - topology: the machine.
  ///   - allowed: what the process may use (`Affinity.allowed()`).
  ///   - requested: `--cpus`: these alone, in this order, the first one measures. Without it the
  ///     fastest kind of core measures, on another core than the machine's first processor, which
  ///     the kernel likes best for its own work; teams take physical cores before siblings, and
  ///     the same kind of core, package and last cache before others.
  /// - Throws: `PinPlanError` where a request can't be met or nothing is allowed.
  public init(topology: Topology, allowed: [Int], requested: [Int]? = nil) throws(PinPlanError) {
    let existing = topology.cpus
    let usable = Set(existing).intersection(allowed)
    guard !usable.isEmpty else { throw .noneAllowed }
    let team: [Int]
    if let requested {
      try Self.check(requested, existing: existing, usable: usable)
      team = requested
    } else {
      team = Self.spread(topology, usable)
    }
    self.team = team
    measuring = team[0]
    (orchestrator, sharing) = Self.orchestrator(topology, usable, team: team)
  }

  private static func check(
    _ requested: [Int], existing: [Int], usable: Set<Int>
  ) throws(PinPlanError) {
    if requested.isEmpty { throw .noneRequested }
    var seen: Set<Int> = []
    for cpu in requested {
      guard existing.contains(cpu) else { throw .absent(cpu: cpu, existing: existing) }
      guard usable.contains(cpu) else { throw .notAllowed(cpu: cpu, allowed: usable.sorted()) }
      guard seen.insert(cpu).inserted else { throw .repeated(cpu: cpu) }
    }
  }

  /// Physical cores in the order of their nearness to the measuring one, then their siblings.
  private static func spread(_ topology: Topology, _ usable: Set<Int>) -> [Int] {
    let first = topology.cpus[0]
    let cores = topology.cores.map { (core: $0, cpus: $0.cpus.filter(usable.contains)) }
      .filter { !$0.cpus.isEmpty }
    func rank(_ core: Topology.Core) -> [Int] {
      [-(core.efficiencyClass ?? 0), core.cpus.contains(first) ? 1 : 0, core.id]
    }
    guard
      let measuring = cores.map(\.core).min(by: { rank($0).lexicographicallyPrecedes(rank($1)) })
    else { return [] }
    let lastCache = topology.lastLevelCache(of: measuring.cpus[0])
    func distance(_ core: Topology.Core) -> [Int] {
      [
        core.package == measuring.package ? 0 : 1,
        core.efficiencyClass == measuring.efficiencyClass ? 0 : 1,
        topology.lastLevelCache(of: core.cpus[0]) == lastCache ? 0 : 1,
      ] + rank(core)
    }
    let ordered = cores.sorted { distance($0.core).lexicographicallyPrecedes(distance($1.core)) }
    // On a core that holds the first processor its sibling goes first.
    let threads = ordered.map { $0.cpus.filter { $0 != first } + $0.cpus.filter { $0 == first } }
    let depth = threads.map(\.count).max() ?? 0
    return (0..<depth).flatMap { level in
      threads.compactMap { $0.indices.contains(level) ? $0[level] : nil }
    }
  }

  /// Off the whole team if it leaves a core or a processor free; else on the core that a team
  /// reaches last; else beside the measuring thread.
  private static func orchestrator(
    _ topology: Topology, _ usable: Set<Int>, team: [Int]
  ) -> ([Int], Sharing) {
    func siblings(_ cpu: Int) -> [Int] { topology.core(of: cpu)?.cpus ?? [cpu] }
    let measuringCore = Set(siblings(team[0]))
    let busyCores = Set(team.flatMap(siblings))
    let freeCores = usable.subtracting(busyCores)
    if !freeCores.isEmpty { return (freeCores.sorted(), .nothing) }
    let free = usable.subtracting(team)
    let freeElsewhere = free.subtracting(measuringCore)
    if !freeElsewhere.isEmpty { return (freeElsewhere.sorted(), .nothing) }
    if let last = lastCore(team, topology, outside: measuringCore) {
      return (siblings(last).filter(usable.contains), .nothing)
    }
    let beside = usable.subtracting([team[0]])
    return beside.isEmpty ? ([team[0]], .processor) : (beside.sorted(), .core)
  }

  /// The member of the team whose core is the last to get its first thread.
  private static func lastCore(
    _ team: [Int], _ topology: Topology, outside measuring: Set<Int>
  ) -> Int? {
    var seen: Set<Int> = []
    var last: Int?
    for cpu in team where !measuring.contains(cpu) {
      guard let core = topology.core(of: cpu)?.id, seen.insert(core).inserted else { continue }
      last = cpu
    }
    return last
  }
}

/// Why processors can't be chosen.
public enum PinPlanError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The process may use no processor that the topology knows.
  case noneAllowed
  /// `--cpus` names none.
  case noneRequested
  /// A requested processor does not exist or is offline.
  case absent(cpu: Int, existing: [Int])
  /// A requested processor exists, and this process may not use it.
  case notAllowed(cpu: Int, allowed: [Int])
  /// A processor is requested twice.
  case repeated(cpu: Int)

  /// One line: what, and what to do.
  public var description: String {
    switch self {
    case .noneAllowed: return "this process is not allowed to use any processor"
    case .noneRequested: return "no processor is listed; list at least one"
    case .absent(let cpu, let existing):
      return "processor \(cpu) does not exist; this machine has \(CPUList.text(existing))"
    case .notAllowed(let cpu, let allowed):
      return "processor \(cpu) is not allowed by this process's cpuset or affinity; "
        + "allowed are \(CPUList.text(allowed))"
    case .repeated(let cpu): return "processor \(cpu) is listed twice"
    }
  }
}
