import Platform
import Results

/// A worker's side of the machine's numbers.
struct ProbeBench {
  private let catalogFor: @Sendable (Machine) -> NumberCatalog
  private var machine: Machine?
  private var probes: [String: Probe] = [:]
  private var teams: TeamSource?
  private var core: CoreShare?

  init(_ catalogFor: @escaping @Sendable (Machine) -> NumberCatalog) {
    self.catalogFor = catalogFor
  }

  /// Takes one value, pinned to the first of the processors.
  mutating func take(_ assignment: ProbeAssignment) throws -> ProbeSampler.Value {
    if machine != assignment.machine {
      machine = assignment.machine
      let all = catalogFor(assignment.machine).probes
      probes = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      teams = TeamSource(cpus: assignment.cpus)
      core = CoreShare(assignment.machine)
    }
    guard let probe = probes[assignment.name], let teams else {
      throw Trouble.protocolMismatch("there is no number \(assignment.name)")
    }
    try Sampler.prove(probe.variant.environment.preload)
    let cpu = assignment.cpus.first ?? 0
    do { try Affinity.pin(to: cpu) } catch { throw Trouble.pinning(cpu: cpu, errno: error.errno) }
    let parameter = Parameter(value: probe.value, label: probe.title)
    let point = Point(parameter, seed: assignment.seed, teams: teams)
    var core = core ?? CoreShare(assignment.machine)
    defer { self.core = core }
    let cpus = probe.startsThreads ? assignment.cpus : [cpu]
    return ProbeSampler().take(probe, at: point, teams: teams, cpus: cpus, core: &core)
  }
}
