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

/// The worker processes of one round: one for all instances, or one for each where the variants
/// differ in their environments. These take turns: if some shared a process, theirs would find its
/// caches and its heap as the other left them, and the rest would not.
final class Crew {
  private let workers: [ChildProcess]
  private let workerOf: [Int]
  private let timeout: Double
  private let experiment: Experiment

  /// Whether a turn costs a message to another process.
  var takesTurns: Bool { workers.count > 1 }

  /// - Parameters:
  ///   - instances: the index of the variant behind each instance.
  ///   - cpus: what the workers may use.
  init(
    _ experiment: Experiment, instances: [Int], launch: WorkerLaunch, cpus: [Int]
  ) throws(PointFailure) {
    self.experiment = experiment
    timeout = launch.timeout
    let wanted = instances.map { experiment.variants[$0].environment }
    let isShared = Set(wanted).count == 1
    workerOf = isShared ? wanted.map { _ in 0 } : Array(wanted.indices)
    let environments = isShared ? [wanted[0]] : wanted
    var started: [ChildProcess] = []
    for wanted in environments {
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
  func prepare(
    parameter: Parameter, seed: UInt64, cpus: [Int], instances: [Int], timesCalls: Bool
  ) throws(PointFailure) -> (calls: [Double], unavailable: [String: String]) {
    for (index, worker) in workers.enumerated() {
      let own = instances.indices.map { workerOf[$0] == index ? instances[$0] : nil }
      let assignment = Assignment(
        experiment: experiment.id, parameter: parameter, seed: seed, cpus: cpus, instances: own,
        timesCalls: timesCalls)
      worker.writeLine(WorkerProtocol.encode(Request.prepare(assignment)))
    }
    var calls = [Double](repeating: 0, count: instances.count)
    var unavailable: [String: String] = [:]
    var expected: Checksum?
    for worker in workers {
      guard case .ready(let ready) = try answer(of: worker, doing: "preparing") else {
        throw .refused("unexpected reply of the worker while preparing")
      }
      guard ready.version == WorkerProtocol.version,
        ready.checksums.count == instances.count, ready.callNanoseconds.count == instances.count
      else {
        throw .refused("the worker uses another protocol; was perflab rebuilt during the run?")
      }
      unavailable.merge(ready.unavailable) { $1 }
      for (instance, checksum) in ready.checksums.enumerated() {
        guard let checksum, let call = ready.callNanoseconds[instance] else { continue }
        calls[instance] = call
        // It does less than the others.
        if experiment.variants[instances[instance]].yardstick == .limit { continue }
        if let expected, !checksum.agrees(with: expected, within: experiment.tolerance) {
          throw .wrongResult(
            variant: experiment.variants[instances[instance]].name, expected: "\(expected)",
            found: "\(checksum)")
        }
        expected = expected ?? checksum
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
