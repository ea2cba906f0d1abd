import Glibc
import Harness
import Platform
import Results

/// Where and with what a run takes place, read once at its beginning.
struct Setting {
  let machine: Machine
  let conditions: [Condition]
  let facilities: Facilities
  let launch: WorkerLaunch
  let flags: BuildFlags
  /// The measuring processor first, then the others in the order in which a team fills them.
  let cpus: [Int]
  /// The same with their packages and NUMA nodes.
  let team: [TeamProcessor]
  let startedAt: String
  /// What scratch folders lie on: numbers and samples of storage hold for this alone.
  let scratch: String

  /// Reads the machine and moves this process off the measured processors.
  static func current(cpus requested: String?, machineName: String?) throws -> Setting {
    let topology = try Topology.current()
    let allowed = try Affinity.allowed()
    var list: [Int]?
    if let requested {
      guard let parsed = CPUList.parseInOrder(requested), !parsed.isEmpty else {
        throw LabError.noProcessor("--cpus takes a list such as '2,3,4-7', not '\(requested)'")
      }
      list = parsed
    }
    let plan: PinPlan
    do { plan = try PinPlan(topology: topology, allowed: allowed, requested: list) } catch {
      throw LabError.noProcessor("\(error)")
    }
    // What was found, not what this process makes of it: before it moves aside.
    let conditions = Conditions.assess().map { Condition($0) }
    try Affinity.restrict(to: plan.orchestrator)
    let host = Host.current()
    let launch = WorkerLaunch.itself()
    return Setting(
      machine: Machine(topology, host, named: machineName),
      conditions: conditions,
      facilities: Facilities(topology, host, cpus: plan.team, launch),
      launch: launch,
      flags: BuildFlags(
        optimised: Build.isOptimised, compiler: Build.compiler,
        instructionSet: Build.instructionSet, features: Build.features),
      cpus: plan.team,
      team: plan.team.map { cpu in
        let core = topology.core(of: cpu)
        return TeamProcessor(cpu: cpu, package: core?.package, node: core?.numaNode)
      }, startedAt: Moment.now(),
      scratch: (try? FileSystem(of: ScratchFolder.base)).map { "\($0.kind) \($0.device)" } ?? "")
  }
}

extension Setting {
  /// What is taken here from now on.
  /// - Parameter preset: or what else says how it is taken.
  func run(preset: String, seed: UInt64) -> Run {
    Run(
      started: startedAt, preset: preset, seed: seed, version: Version.text, flags: flags,
      cpus: cpus)
  }

  /// This machine; nil where the system does not say how it is built.
  private static let here = (try? Topology.current()).map {
    Machine($0, Host.current(), named: nil)
  }

  /// The name of a folder of this machine's results, by its processor.
  static var usualMachineName: String {
    here?.name ?? Host.machineName(processor: Host.current().processor, cores: 1)
  }

  /// The same; where another machine has it, with the first number behind it that is free or this
  /// machine's own. Hosts of one processor may differ, as in how much of the last cache they show.
  static func machineName(in out: String) -> String {
    let usual = usualMachineName
    guard let here else { return usual }
    let names = [usual] + (2...99).map { "\(usual)-\($0)" }
    return names.first { ResultsStore(folder: out + "/" + $0).suits(here) } ?? usual
  }
}

extension Preset {
  /// As `--preset` names it.
  static func named(_ name: String) throws(LabError) -> Preset {
    guard let found = all.first(where: { $0.name == name }) else { throw .unknownPreset(name) }
    return found
  }
}

extension WorkerLaunch {
  /// This executable as a worker, by the kernel's own link: a build that replaces the file while a
  /// run goes on does not change what is measured. What would replace or tune the allocator or a
  /// peer behind a variant's back is left out of the environment.
  static func itself() -> WorkerLaunch {
    let foreign = [
      "LD_PRELOAD", "GLIBC_TUNABLES", "MALLOC_", "MIMALLOC_", "TCMALLOC_", "OPENBLAS_",
    ]
    let environment = Environment.variables().filter { variable in
      !foreign.contains { variable.key.hasPrefix($0) }
    }
    return WorkerLaunch(path: "/proc/self/exe", arguments: ["worker"], environment: environment)
  }
}

/// The variables of this process.
enum Environment {
  static func variables() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return variables
  }
}

/// The present, as ISO 8601 in UTC.
enum Moment {
  static func now() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension Condition {
  init(_ condition: MachineCondition) {
    // The results' grades are the platform's, name for name.
    self.init(
      name: condition.name, grade: Grade(rawValue: condition.grade.rawValue) ?? .unknown,
      value: condition.value, why: condition.why, fix: condition.fix)
  }
}

extension Machine {
  init(_ topology: Topology, _ host: Host, named name: String?) {
    let cpu = topology.cpus.first ?? 0
    self.init(
      name: name ?? Host.machineName(processor: host.processor, cores: topology.cores.count),
      processor: host.processor, architecture: host.architecture, cores: topology.cores.count,
      threads: topology.cpus.count, packages: topology.packages.count,
      numaNodes: topology.numaNodes.count, memoryBytes: host.memoryBytes,
      pageBytes: host.pageBytes,
      caches: topology.caches(of: cpu).map {
        Cache(
          level: $0.level, bytes: $0.bytes, lineBytes: $0.lineBytes ?? 64,
          sharedBy: $0.cpus.count, ways: $0.ways)
      },
      kernel: host.kernel, system: host.system, hypervisor: host.hypervisor)
  }
}

extension Facilities {
  init(_ topology: Topology, _ host: Host, cpus: [Int], _ launch: WorkerLaunch) {
    let cores = topology.cores.map { core in core.cpus.filter(cpus.contains) }.filter {
      !$0.isEmpty
    }
    let peers = PeerCheck(launch)
    self.init(
      cores: cores.count, numaNodes: max(1, topology.numaNodes.count),
      threadsPerCore: cores.map(\.count).max() ?? 1,
      availableMemory: MemoryInfo.read()?.available ?? 0, pageBytes: host.pageBytes,
      descriptors: DescriptorLimit.hard,
      hasLibrary: { SharedLibrary.find($0) != nil }, hasFile: { Files.exists($0) },
      networkRefusal: { OwnNetwork.refusal }, linkRefusal: { OwnNetwork.linkRefusal },
      socketBuffers: SocketBuffers.largest,
      congestionControls: { CongestionControl.available },
      program: { InstalledProgram.path(of: $0) },
      storageRefusal: { bytes in
        do throws(ScratchError) {
          _ = try ScratchFolder.room(for: bytes)
          return nil
        } catch { return "\(error)" }
      },
      diskRefusal: { DirectAccess.refusal(bytes: $0) }, ringRefusal: { RingAccess.refusal },
      peer: { peers($0) })
  }
}
