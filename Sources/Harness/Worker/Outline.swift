import Platform
import Results

/// What a build's catalog holds, as far as another build must know it to be measured in turns with
/// it.
public struct Outline: Codable, Equatable, Sendable {
  /// Of the worker protocol.
  public var version: Int
  /// How it was built.
  public var flags: BuildFlags
  /// In the order of the catalog.
  public var experiments: [Entry]

  /// One experiment.
  public struct Entry: Codable, Equatable, Sendable {
    /// `area/name`.
    public var id: String
    /// Names, the baseline first.
    public var variants: [String]
    /// The sweep's values as declared.
    public var parameters: [Parameter]
    /// Whether the values are threads, of which each machine has its own.
    public var sweepsThreads: Bool
    /// How its results are known.
    public var evidence: Evidence
    /// What is compared.
    public var metric: MetricRecord
  }

  init(of catalog: [Experiment]) {
    version = WorkerProtocol.version
    flags = BuildFlags(
      optimised: Build.isOptimised, compiler: Build.compiler,
      instructionSet: Build.instructionSet, features: Build.features)
    experiments = catalog.map { experiment in
      Entry(
        id: experiment.id, variants: experiment.variants.map(\.name),
        parameters: experiment.sweep.values, sweepsThreads: experiment.sweep.threads != nil,
        evidence: experiment.evidence, metric: experiment.metric.record)
    }
  }
}

extension WorkerLaunch {
  /// Asks a worker of this build what its catalog holds.
  /// - Throws: where it is no laboratory, or one with another worker protocol.
  public func outline() throws(PointFailure) -> Outline {
    let worker: ChildProcess
    do {
      worker = try ChildProcess(
        path: path, arguments: arguments,
        environment: Crew.variables(environment, with: VariantEnvironment()))
    } catch { throw .worker(error, doing: "starting") }
    worker.writeLine(WorkerProtocol.encode(Request.outline))
    let reply: Reply
    do { reply = try worker.answer(within: timeout, doing: "listing its experiments") } catch {
      // An older worker knows no such request.
      if case .refused = error { throw .otherProtocol }
      throw error
    }
    guard case .outline(let outline) = reply, outline.version == WorkerProtocol.version else {
      throw .otherProtocol
    }
    return outline
  }
}
