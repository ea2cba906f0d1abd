import FoundationEssentials
import Glibc
import Platform
import Results

/// A process that prepares one variant, calls its kernel so many times, and ends: for tools that
/// look at a whole process from outside.
public struct KernelCalls: Sendable, Codable {
  /// The first argument of a process that is to do this; the second is an order as JSON.
  public static let argument = "kernel-calls"

  /// The experiment's id.
  public var experiment: String
  /// Index of the variant.
  public var variant: Int
  /// Value of the sweep.
  public var parameter: Parameter
  /// Of the inputs.
  public var seed: UInt64
  /// The measuring processor first, then a team's in order.
  public var cpus: [Int]
  /// How often the kernel is called.
  public var calls: Int

  /// An order.
  public init(
    experiment: String, variant: Int, parameter: Parameter, seed: UInt64, cpus: [Int], calls: Int
  ) {
    self.experiment = experiment
    self.variant = variant
    self.parameter = parameter
    self.seed = seed
    self.cpus = cpus
    self.calls = calls
  }

  /// What the processor counted during the calls, by event; empty where it offers no counters.
  public typealias Report = [String: Double]

  /// The child's side: does what the order says, reports, and ends the process.
  public static func serve(_ order: String, catalog: [Experiment]) -> Never {
    let channel = ParentChannel()
    do {
      if OwnNetwork.isWanted, let refusal = OwnNetwork.enter() {
        throw Trouble.sampling("no network namespaces: \(refusal)")
      }
      let order = try WorkerProtocol.decode(KernelCalls.self, from: Array(order.utf8))
      channel.writeLine(WorkerProtocol.encode(try order.obey(catalog)))
      _exit(0)
    } catch {
      let words = Array("\(error)\n".utf8)
      _ = write(2, words, words.count)
      _exit(1)
    }
  }

  private func obey(_ catalog: [Experiment]) throws -> Report {
    guard let found = catalog.first(where: { $0.id == experiment }),
      found.variants.indices.contains(variant)
    else { throw Trouble.unknownExperiment(experiment) }
    try Affinity.pin(to: cpus.first ?? 0)
    let counters = Counters(CounterEvent.hardware, scope: .inherited)
    counters.start()
    let point = Point(parameter, seed: seed, teams: TeamSource(cpus: cpus))
    let kernel = try found.variants[variant].prepare(point)
    let before = counters.read()
    for _ in 0..<calls { _ = kernel.call() }
    let counted = counters.read() - before
    var report: Report = [:]
    for event in CounterEvent.hardware {
      if case .success(let value) = counted[event] { report[event.rawValue] = value.count }
    }
    return report
  }

  /// The parent's side: a process of its own obeys this order.
  /// - Parameters:
  ///   - variables: added to the launch's environment, and to the variant's own.
  ///   - launch: an executable whose last argument before the order is the laboratory itself where
  ///     another tool starts it.
  public func run(
    _ variant: Variant, launch: WorkerLaunch, variables: [String: String] = [:]
  ) throws(PointFailure) -> Report {
    let child: ChildProcess
    // Encoding numbers and strings cannot fail.
    let order = String(decoding: WorkerProtocol.encode(self), as: UTF8.self)
    do {
      child = try ChildProcess(
        path: launch.path, arguments: launch.arguments + [Self.argument, order],
        environment: Crew.variables(launch.environment, with: variant.environment)
          .merging(variables) { $1 }, cpus: cpus)
      let line = try child.readLine(within: launch.timeout)
      guard let report = try? WorkerProtocol.decode(Report.self, from: line) else {
        throw PointFailure.refused("the process's answer is not a report")
      }
      try end(of: child, within: launch.timeout)
      return report
    } catch let failure as PointFailure { throw failure } catch let failure as ChildFailure {
      throw .worker(failure, doing: "counting")
    } catch { throw .refused("\(error)") }
  }

  /// A tool writes what it found when the process ends.
  private func end(of child: ChildProcess, within seconds: Double) throws(ChildFailure) {
    do { _ = try child.readLine(within: seconds) } catch {
      if case .exited(code: 0, _) = error { return }
      throw error
    }
  }
}
