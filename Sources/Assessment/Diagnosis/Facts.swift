/// Readings beside the figures that several rules need.
struct Facts {
  let readings: Readings
  let words: Vocabulary
  /// That the application's metrics counted; nil without.
  let requests: Double?
  /// Connections that are not returned, and workers that wait: several rules ask for them.
  private(set) var leaks: [Finding] = []
  private(set) var blockedWorkers: [Finding] = []

  init(_ readings: Readings) {
    self.readings = readings
    words = Vocabulary(readings)
    requests = words.amount(.requests)
    leaks = PoolRules.leak(self)
    blockedWorkers = WorkerRules.blocked(self)
  }

  /// Requests per second: of the metrics, else of the traces.
  var rate: Double? {
    if let requests, words.span > 0 { return requests / words.span }
    let times = readings.traces.roots.values.flatMap(\.times)
    guard let first = times.map(\.lowerBound).min(), let last = times.map(\.upperBound).max(),
      last > first
    else { return nil }
    return Double(times.count) / (last - first)
  }

  /// Seconds of a response on average: of the traces, else of the access log, else of the metrics.
  var response: Double? {
    if readings.traces.requests > 0 {
      return readings.traces.seconds / Double(readings.traces.requests)
    }
    let timed = readings.routes.values.filter { $0.seconds != nil }
    let count = timed.reduce(0) { $0 + $1.requests }
    if count > 0 { return timed.reduce(0) { $0 + ($1.seconds ?? 0) } / Double(count) }
    guard let seconds = words.amount(.requestSeconds), let requests, requests > 0 else {
      return nil
    }
    return seconds / requests
  }

  var busy: Double? { readings.mean(.cpuBusy) }
  var processors: Double { max(1, readings.mean(.processors) ?? 1) }

  /// Seconds that all requests with parts were at work or waited inside, without the queue before it.
  var work: Double { readings.traces.roots.values.reduce(0) { $0 + $1.work } }

  /// The share of that time that is spent in parts with a word in their names.
  func share(ofPartsNamed word: String, in isWanted: (String) -> Bool = { _ in true }) -> Double? {
    let all = work
    guard all > 0 else { return nil }
    return readings.traces.roots.reduce(0) { sum, root in
      guard isWanted(root.key) else { return sum }
      return sum
        + root.value.parts.filter { $0.key.lowercased().contains(word) }.reduce(0) {
          $0 + $1.value.ownSeconds
        }
    } / all
  }

  /// What a response gains without a share of its time: from what traces say of work and waits, else
  /// by the utilisation law; nil where nothing says how busy the service is.
  func gain(removing share: Double) -> Gain? {
    let traced = readings.traces.roots.values.filter { !$0.parts.isEmpty }
    let seconds = traced.reduce(0) { $0 + $1.seconds }
    let begins = traced.flatMap(\.times).map(\.lowerBound)
    guard work > 0, let first = begins.min(), let last = begins.max(), last > first
    else {
      return usedProcessors.map {
        Laws.gain(removing: share, utilisation: min(0.97, $0 / processors))
      }
    }
    let count = Double(begins.count)
    // By Little's law so many are served at a time; more at their peak, where there is a gauge.
    let served = Laws.underWay(rate: self.rate ?? 0, seconds: work / count)
    let peak = words.gauge(.workersBusy)?.peak ?? 0
    return Laws.gain(
      removing: share, work: work / count, wait: max(0, seconds - work) / count,
      rate: count / (last - first), places: max(1, Int(max(served.rounded(.up), peak))))
  }

  /// The share of that time that requests of a route take; nil where the traces don't have it.
  func share(ofRoute name: String) -> Double? {
    guard let root = readings.traces.roots[name], !root.parts.isEmpty, work > 0 else { return nil }
    return root.work / work
  }

  /// The share of that time that requests which are meant to read write; nil where no statement says
  /// so.
  var writingShare: Double? {
    let reads = readings.traces.roots.filter { !TraceRules.writes($0.key) }.values
    let seconds = reads.compactMap(\.writingSeconds)
    return seconds.isEmpty || work <= 0 ? nil : min(1, seconds.reduce(0, +) / work)
  }

  /// Processors that the application uses: of the one process that was looked at, or of all; nil where
  /// neither is known.
  var usedProcessors: Double? { ofProcessors(\.mean) }

  /// The same, which nine tenths of the samples don't exceed: a service that hangs is never busy.
  var mostUsedProcessors: Double? { ofProcessors { $0.quantile(0.9) } }

  private func ofProcessors(_ figure: (Series) -> Double?) -> Double? {
    let processes = readings.names(of: .processBusy).compactMap {
      readings.figures[.init(.processBusy, $0)].flatMap(figure)
    }
    if processes.count == 1 { return processes[0] }
    return readings.figures[.init(.cpuBusy)].flatMap(figure).map { $0 * processors }
  }

  /// The share of requests' time that the database takes, as far as the data say.
  var databaseShare: Double? {
    for word in ["database", "sql", "query", "select"] {
      if let share = share(ofPartsNamed: word), share > 0 { return share }
    }
    guard let database = words.amount(.databaseSeconds),
      let all = words.amount(.requestSeconds), all > 0
    else { return nil }
    return min(1, database / all)
  }
}
