import Platform
import Results

/// What a worker is started with.
public struct WorkerLaunch: Sendable {
  /// The executable: the laboratory itself.
  public var path: String
  /// Without the path itself.
  public var arguments: [String]
  /// The whole environment, to which variants add.
  public var environment: [String: String]
  /// Seconds without an answer after which a worker counts as hung.
  public var timeout: Double

  /// A launch, by default with a time-out of a minute.
  public init(
    path: String, arguments: [String], environment: [String: String], timeout: Double = 60
  ) {
    self.path = path
    self.arguments = arguments
    self.environment = environment
    self.timeout = timeout
  }
}

/// The worker processes of one round, as a lineup has them. Where there are several, they take
/// turns.
final class Crew {
  private let workers: [ChildProcess]
  private let lineup: Lineup
  private let builds: [WorkerBuild]
  private let workerOf: [Int]
  private let timeout: Double
  private let experiment: Experiment

  /// Whether a turn costs a message to another process.
  var takesTurns: Bool { workers.count > 1 }

  /// - Parameters:
  ///   - builds: those that the lineup's members refer to.
  ///   - cpus: what the workers may use.
  init(
    _ experiment: Experiment, _ lineup: Lineup, builds: [WorkerBuild], cpus: [Int]
  ) throws(PointFailure) {
    self.experiment = experiment
    self.lineup = lineup
    self.builds = builds
    timeout = builds[0].launch.timeout
    workerOf = lineup.members.map(\.process)
    var started: [ChildProcess] = []
    for instances in lineup.processes {
      let member = lineup.members[instances[0]]
      let launch = builds[member.build].launch
      let wanted = experiment.variants[member.variant].environment
      do {
        started.append(
          try ChildProcess(
            path: launch.path, arguments: launch.arguments,
            environment: Self.variables(launch.environment, with: wanted), cpus: cpus))
      } catch { throw .worker(error, doing: "starting") }
    }
    workers = started
  }

  /// Lets every worker prepare its instances and compares their results across workers.
  /// - Parameters:
  ///   - turn: of this round among those of the point.
  ///   - comparesBuilds: whether those of two builds must agree.
  func prepare(
    parameter: Parameter, seed: UInt64, cpus: [Int], firstCall: FirstCall, turn: Int = 0,
    comparesBuilds: Bool = true
  ) throws(PointFailure) -> (calls: [Double], unavailable: [String: String]) {
    for (index, worker) in workers.enumerated() {
      let own = lineup.members.map { member in
        member.process == index ? builds[member.build].index(of: member.variant) : nil
      }
      let assignment = Assignment(
        experiment: experiment.id, parameter: parameter, seed: seed, cpus: cpus, instances: own,
        firstCall: firstCall, turn: turn)
      worker.writeLine(WorkerProtocol.encode(Request.prepare(assignment)))
    }
    let count = lineup.members.count
    var calls = [Double](repeating: 0, count: count)
    var unavailable: [String: String] = [:]
    var expected: (checksum: Checksum, build: Int)?
    for worker in workers {
      guard case .ready(let ready) = try answer(of: worker, doing: "preparing") else {
        throw .refused("unexpected reply of the worker while preparing")
      }
      guard ready.version == WorkerProtocol.version,
        ready.checksums.count == count, ready.callNanoseconds.count == count
      else {
        throw .refused("the worker uses another protocol; was perflab rebuilt during the run?")
      }
      unavailable.merge(ready.unavailable) { $1 }
      for (instance, checksum) in ready.checksums.enumerated() {
        guard let checksum, let call = ready.callNanoseconds[instance] else { continue }
        calls[instance] = call
        let member = lineup.members[instance]
        let variant = experiment.variants[member.variant]
        // It does less than the others.
        if variant.yardstick == .limit { continue }
        if let expected, comparesBuilds || expected.build == member.build,
          !checksum.agrees(with: expected.checksum, within: experiment.tolerance)
        {
          let (wanted, found) = ("\(expected.checksum)", "\(checksum)")
          throw expected.build == member.build
            ? .wrongResult(variant: variant.name, expected: wanted, found: found)
            : .buildsDisagree(variant: variant.name, first: wanted, second: found)
        }
        expected = expected ?? (checksum, member.build)
      }
    }
    return (calls, unavailable)
  }

  /// Times the instances in the order given, each in the worker that holds it.
  /// - Parameter warmUpCalls: by instance.
  func run(
    _ order: [Int], iterations: Int, warmUpCalls: [Int]
  ) throws(PointFailure) -> [Sample] {
    var samples: [Sample] = []
    for (index, part) in Schedule.runs(of: order, workerOf: workerOf) {
      let request = Request.run(order: part, iterations: iterations, warmUpCalls: warmUpCalls)
      workers[index].writeLine(WorkerProtocol.encode(request))
      guard case .samples(let batch) = try answer(of: workers[index], doing: "timing"),
        let own = batch.samples, own.map(\.instance) == part
      else { throw .refused("unexpected reply of the worker while timing") }
      samples += own
    }
    return samples
  }

  /// Takes a profile of the only instance.
  func profile(
    _ assignment: Assignment, seconds: Double, period: UInt64
  ) throws(PointFailure) -> Profile {
    let request = Request.profile(assignment, seconds: seconds, period: period)
    workers[0].writeLine(WorkerProtocol.encode(request))
    guard case .profile(let profile) = try answer(of: workers[0], doing: "profiling")
    else { throw .refused("unexpected reply of the worker while profiling") }
    return profile
  }

  /// Counts what calls of the only instance ask for.
  func counts(_ assignment: Assignment) throws(PointFailure) -> [CallCount] {
    workers[0].writeLine(WorkerProtocol.encode(Request.count(assignment)))
    guard case .counts(let counts) = try answer(of: workers[0], doing: "counting")
    else { throw .refused("unexpected reply of the worker while counting") }
    return counts
  }

  /// Times the experiment's parts.
  func partTimes(_ assignment: Assignment) throws(PointFailure) -> [PartTimes] {
    workers[0].writeLine(WorkerProtocol.encode(Request.parts(assignment)))
    guard case .parts(let times) = try answer(of: workers[0], doing: "timing parts"),
      times.count == experiment.parts.count
    else { throw .refused("unexpected reply of the worker while timing parts") }
    return times
  }

  /// Measures what single steps take: nanoseconds by name.
  func demands(_ assignment: Assignment) throws(PointFailure) -> [String: Double] {
    workers[0].writeLine(WorkerProtocol.encode(Request.demands(assignment)))
    guard case .demands(let demands) = try answer(of: workers[0], doing: "measuring demands")
    else { throw .refused("unexpected reply of the worker while measuring demands") }
    return demands
  }

  private func answer(of worker: ChildProcess, doing: String) throws(PointFailure) -> Reply {
    try worker.answer(within: timeout, doing: doing)
  }

  static func variables(
    _ base: [String: String], with wanted: VariantEnvironment
  ) -> [String: String] {
    // The runtime's own crash report would bury the last words under a backtrace.
    var all = ["SWIFT_BACKTRACE": "enable=no"].merging(base) { $1 }
    all.merge(wanted.variables) { $1 }
    if wanted.hasOwnNetwork { all[OwnNetwork.variable] = "1" }
    if let preload = wanted.preload {
      all["LD_PRELOAD"] = SharedLibrary.find(preload.library) ?? preload.library
    }
    return all
  }
}

extension WorkerBuild {
  /// Its own index of a variant of this process's experiment.
  func index(of variant: Int) -> Int? { variants.map { $0[variant] } ?? variant }
}

extension PointFailure {
  init(_ trouble: Trouble) {
    switch trouble {
    case .wrongResult(let variant, let expected, let found):
      self = .wrongResult(variant: variant, expected: "\(expected)", found: "\(found)")
    case .unknownExperiment(let id): self = .refused("the worker has no experiment \(id)")
    case .preparation(let variant, let message):
      self = .refused("\(variant) could not be prepared: \(message)")
    case .preloadNotInUse(let library, let symbol, let found):
      self = .refused("\(library) was preloaded, but \(symbol) was resolved from \(found)")
    case .pinning(let cpu, let errno):
      self = .refused("the worker is not allowed on processor \(cpu): errno \(errno)")
    case .sampling(let text): self = .refused(text)
    case .protocolMismatch(let text): self = .refused("the worker did not understand: \(text)")
    }
  }
}
