import Platform
import Results
import Statistics

/// Takes the machine's numbers: every probe once in each of some fresh worker processes, in a
/// new random order in each, those without threads first; then those that are not yet precise in
/// further processes, while there is time.
public struct NumberSession: Sendable {
  /// With six, lowest to highest holds the median in 96.9% of cases (order statistics).
  public static let processes = 6
  /// With nineteen, the interval tolerates four outliers.
  static let mostProcesses = 19
  /// Half of the interval, as a share of the value, that a prediction can use.
  static let precision = 0.05
  /// For each probe on average; a process that has begun is finished.
  static let secondsPerProbe = 0.07
  /// Series show a shape; their points need no narrow interval.
  public static let seriesProcesses = 3

  private let catalog: NumberCatalog
  private let machine: Machine
  private let facilities: Facilities
  private let cpus: [Int]
  private let launch: WorkerLaunch
  private let seed: UInt64

  /// - Parameters:
  ///   - cpus: the measuring processor first, then a team's in order.
  ///   - launch: how a worker is started; its executable knows the same catalog.
  public init(
    catalog: NumberCatalog, machine: Machine, facilities: Facilities, cpus: [Int],
    launch: WorkerLaunch, seed: UInt64
  ) {
    self.catalog = catalog
    self.machine = machine
    self.facilities = facilities
    self.cpus = cpus
    self.launch = launch
    self.seed = seed
  }

  /// Measures all of it.
  /// - Parameter onProgress: called before each value with how many are done, of how many.
  /// - Throws: `PointFailure.worker` when interrupted, or when no worker starts at all.
  public func run(
    onProgress: (_ done: Int, _ total: Int) -> Void
  ) throws(PointFailure) -> NumberRecord {
    var record = NumberRecord(catalog)
    let start = Clock.now()
    var rounds = (0..<Self.processes).map { round in
      inOrder(
        catalog.probes.filter { $0.isTaken(in: round) && unmet($0, in: &record) == nil },
        of: round)
    }
    var (done, round) = (0, 0)
    while let probes = rounds.first {
      rounds.removeFirst()
      let total = done + probes.count + rounds.map(\.count).reduce(0, +)
      try take(probes, round: round) { value in
        onProgress(done, total)
        done += 1
        record.append(value, round: round)
      }
      round += 1
      guard rounds.isEmpty, round < Self.mostProcesses else { continue }
      let wanted = record.imprecise(beyond: Self.precision)
      let spent = Double(Clock.now() - start) / 1e9
      let limit = Self.secondsPerProbe * Double(catalog.probes.count)
      if wanted.isEmpty || spent > limit * Double(round) / Double(round + 1) { break }
      rounds = [inOrder(catalog.probes.filter { wanted.contains($0.name) }, of: round)]
    }
    return record
  }

  /// In an order of its own in each round.
  private func inOrder(_ probes: [Probe], of round: Int) -> [Probe] {
    var generator = SeededGenerator(seed: seed, stream: UInt64(round))
    return Self.inOrder(probes.shuffled(using: &generator))
  }

  /// Those of this process's environment first, then one environment after another; in each those
  /// without threads before those with.
  static func inOrder(_ probes: [Probe]) -> [Probe] {
    var environments = [VariantEnvironment()]
    for probe in probes where !environments.contains(probe.variant.environment) {
      environments.append(probe.variant.environment)
    }
    return environments.flatMap { environment in
      let own = probes.filter { $0.variant.environment == environment }
      return own.filter { !$0.startsThreads } + own.filter(\.startsThreads)
    }
  }

  private func unmet(_ probe: Probe, in record: inout NumberRecord) -> String? {
    let reasons = facilities.unmet(probe.needs)
    if let reason = reasons.first { record.missing[probe.name] = reason }
    return reasons.first
  }

  /// One process takes all the probes of an environment. A probe that ends its process loses its value, with the
  /// reason, and a new process goes on with the others.
  private func take(
    _ probes: [Probe], round: Int, onValue: (ProbeSampler.Value) -> Void
  ) throws(PointFailure) {
    var worker: ChildProcess?
    var environment = VariantEnvironment()
    for probe in probes {
      if worker == nil || probe.variant.environment != environment {
        environment = probe.variant.environment
        worker = try start(in: environment)
      }
      let assignment = ProbeAssignment(
        name: probe.name, machine: machine,
        seed: seed ^ probe.name.stableHash &+ UInt64(round), cpus: cpus)
      worker!.writeLine(WorkerProtocol.encode(Request.probe(assignment)))
      do {
        onValue(try value(from: worker!))
      } catch {
        if case .worker(.interrupted, _) = error { throw error }
        onValue(ProbeSampler.Value(name: probe.name, value: nil, missing: "\(error)"))
        worker = nil
      }
    }
  }

  private func start(in environment: VariantEnvironment) throws(PointFailure) -> ChildProcess {
    do {
      return try ChildProcess(
        path: launch.path, arguments: launch.arguments,
        environment: Crew.variables(launch.environment, with: environment))
    } catch { throw .worker(error, doing: "starting") }
  }

  private func value(from worker: ChildProcess) throws(PointFailure) -> ProbeSampler.Value {
    let line: [UInt8]
    do { line = try worker.readLine(within: launch.timeout) } catch {
      throw .worker(error, doing: "measuring a number")
    }
    switch try? WorkerProtocol.decode(Reply.self, from: line) {
    case .value(let value): return value
    case .trouble(let trouble): throw PointFailure(trouble)
    default: throw .refused("unexpected reply of the worker while measuring a number")
    }
  }
}

extension Probe {
  fileprivate func isTaken(in round: Int) -> Bool {
    if case .point = role { round < NumberSession.seriesProcesses } else { true }
  }
}
