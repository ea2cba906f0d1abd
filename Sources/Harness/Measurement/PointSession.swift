import Platform
import Results
import Statistics

/// A point on its way to figures: rounds of processes, or replications of a simulation.
protocol PointSession {
  /// What is measured.
  var experiment: Experiment { get }
  /// How far it has come.
  var progress: PointProgress { get set }
  /// Indices of the variants that are not skipped, the baseline first.
  var variants: [Int] { get }
  /// What is timed, and what is compared.
  var lineup: Lineup { get }
  /// How precise, and how long.
  var preset: Preset { get }
  /// Goes on until the point has what is due at the end of a pass: with the last one, until it is
  /// precise or its time is spent. `stop` is `interrupted` before that.
  mutating func measure(_ pass: Pass) throws(PointFailure)
}

extension PointSession {
  /// In the order of time.
  var records: [ProcessRecord] { progress.records }

  /// The variant behind each instance.
  var instances: [Int] { lineup.members.map(\.variant) }

  /// From what there is so far.
  var analysis: PointAnalysis {
    PointAnalysis(records, metric: experiment.metric.record, isSmoke: preset == .smoke)
  }

  /// Of the candidates that have any.
  var comparisons: [ConfidenceInterval] {
    let analysis = analysis
    return lineup.pairs.compactMap {
      analysis.comparison(of: $0.candidate, to: $0.baselines)?.interval
    }
  }

  /// - Throws: `tooFewObservations` where a variant has no process that observed enough for the
  ///   percentile.
  func expectEnoughObservations() throws(PointFailure) {
    guard experiment.metric.record.percentile != nil else { return }
    let analysis = analysis
    for pair in lineup.pairs {
      for other in [pair.null[1], pair.candidate]
      where analysis.comparison(of: other, to: [pair.null[0]]) == nil {
        let found = records.map { record in
          [pair.null[0], other].map {
            record.observations(of: $0, in: record.blocks)?.count ?? 0
          }.min()!
        }
        throw .tooFewObservations(
          found: found.max() ?? 0, needed: analysis.fewestObservations,
          metric: experiment.metric.record.name,
          variant: experiment.variants[instances[other]].name)
      }
    }
  }
}

extension ChildProcess {
  /// The reply to the request that was written last.
  /// - Throws: what happened to the worker, or what troubles it.
  func answer(within seconds: Double, doing: String) throws(PointFailure) -> Reply {
    let line: [UInt8]
    do { line = try readLine(within: seconds) } catch { throw .worker(error, doing: doing) }
    guard let reply = try? WorkerProtocol.decode(Reply.self, from: line) else {
      let text = String(decoding: line.prefix(60), as: UTF8.self)
      throw .refused("the worker's answer is not a reply: \(text)")
    }
    if case .trouble(let trouble) = reply { throw PointFailure(trouble) }
    return reply
  }
}
