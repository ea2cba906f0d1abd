import Platform
import Results

/// A point on its way to figures: rounds of processes, or replications of a simulation.
protocol PointSession {
  /// What is measured.
  var experiment: Experiment { get }
  /// In the order of time.
  var records: [ProcessRecord] { get }
  /// Why it ended.
  var stop: StopReason { get }
  /// Of all of it.
  var wallSeconds: Double { get }
  /// From what there is so far.
  var analysis: PointAnalysis { get }
  /// Goes on until the point is precise or its time is spent.
  mutating func measure() throws(PointFailure)
}

extension PointSession {
  /// - Throws: `tooFewObservations` where no process observed enough for the percentile.
  func expectEnoughObservations() throws(PointFailure) {
    guard experiment.metric.record.percentile != nil, analysis.comparison(of: 1) == nil else {
      return
    }
    let found = records.map { $0.observations(of: 0, in: $0.blocks)?.count ?? 0 }.max() ?? 0
    throw .tooFewObservations(
      found: found, needed: analysis.fewestObservations, metric: experiment.metric.record.name)
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
