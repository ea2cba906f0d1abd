import Glibc
import Platform
import Results

/// Runs every variant of an experiment once in this process, as the tests do.
///
/// Nothing is timed. A variant's environment (a preloaded library) is not applied: what is proved is
/// that the kernels prepare, run, and agree.
public enum SmokeRun {
  /// Set in the workers of `run --smoke`.
  static let variable = "PERFLAB_SMOKE"

  /// Whether this process is one of them.
  public static var isThis: Bool { getenv(variable) != nil }

  /// What a variant gave.
  public struct Outcome: Sendable, Equatable {
    /// The variant's name.
    public let variant: String
    /// The digest of its result.
    public let checksum: Checksum
    /// The quantities that the variant reports, by name.
    public let reports: [String: Counter]
  }

  /// Why a smoke run has no outcome.
  public enum Failure: Error, Equatable, Sendable {
    case disagreement(variant: String, expected: Checksum, found: Checksum)
    /// The same variant gave another result the second time.
    case unsteady(variant: String, first: Checksum, second: Checksum)
  }

  /// Prepares and runs each variant at a value of the sweep, twice; without its library a peer has
  /// no outcome, nor a variant whose program is not installed.
  /// - Parameters:
  ///   - parameter: the sweep's smoke value unless given.
  ///   - cpus: processors for teams, the first one being the caller's.
  ///   - machine: for what is computed from its numbers; without it there is no outcome of that.
  /// - Throws: `Failure`, or what `prepare` throws.
  public static func outcomes(
    of experiment: Experiment, at parameter: Parameter? = nil, seed: UInt64 = 1,
    cpus: [Int]? = nil, machine: Machine? = nil
  ) throws -> [Outcome] {
    let parameter = parameter ?? experiment.sweep.smoke
    let cpus = try cpus ?? Affinity.allowed()
    let point = Point(parameter, seed: seed, teams: TeamSource(cpus: cpus))
    var outcomes: [Outcome] = []
    for variant in experiment.variants
    where variant.programs.allSatisfy({ InstalledProgram.path(of: $0) != nil }) {
      switch variant.body {
      case .kernel: break
      case .replication(let replicate):
        outcomes.append(try outcome(variant, replicate, point, expected: outcomes.first?.checksum))
        continue
      case .outcome(let outcome):
        outcomes +=
          try machine.map { [try computed(variant, outcome, experiment, parameter, on: $0)] } ?? []
        continue
      }
      let kernel: PreparedKernel
      do { kernel = try variant.prepare(point) } catch PeerFault.absent { continue }
      let checksum = kernel.call()
      let again = kernel.call()
      guard again.agrees(with: checksum, within: experiment.tolerance) else {
        throw Failure.unsteady(variant: variant.name, first: checksum, second: again)
      }
      let expected = outcomes.first?.checksum ?? checksum
      guard
        variant.yardstick == .limit
          || checksum.agrees(with: expected, within: experiment.tolerance)
      else {
        throw Failure.disagreement(variant: variant.name, expected: expected, found: checksum)
      }
      outcomes.append(
        Outcome(variant: variant.name, checksum: checksum, reports: kernel.report()))
    }
    return outcomes
  }

  /// The outcome with every input at its estimate.
  private static func computed(
    _ variant: Variant, _ outcome: (Question) throws(MissingNumber) -> Computation,
    _ experiment: Experiment, _ parameter: Parameter, on machine: Machine
  ) throws -> Outcome {
    let question = Question(
      variant: variant.name, isBaseline: variant.name == experiment.variants[0].name,
      value: parameter.value, machine: machine)
    let computation = try outcome(question)
    let metric = Counter(computation.metric.value, unit: computation.unit)
    return Outcome(
      variant: variant.name, checksum: .integer(0), reports: [experiment.metric.record.name: metric]
    )
  }

  /// A replication is the same for the same seed, and every variant is offered the same.
  private static func outcome(
    _ variant: Variant, _ replicate: (Point) throws -> Replication, _ point: Point,
    expected: Checksum?
  ) throws -> Outcome {
    let (first, second) = (try replicate(point), try replicate(point))
    guard first.offered == second.offered, first.figures == second.figures,
      first.observations == second.observations
    else {
      throw Failure.unsteady(variant: variant.name, first: first.offered, second: second.offered)
    }
    if let expected, first.offered != expected {
      throw Failure.disagreement(
        variant: variant.name, expected: expected, found: first.offered)
    }
    return Outcome(variant: variant.name, checksum: first.offered, reports: first.figures)
  }
}
