import Statistics

/// What the threads or places that serve requests say.
enum WorkerRules {
  /// Workers that are all busy while nothing of the machine is.
  static func blocked(_ facts: Facts) -> [Finding] {
    if let silent = silent(facts) { return [silent] }
    guard let busy = facts.words.gauge(.workersBusy), busy.values.count >= 8,
      let peak = busy.peak, peak >= 2, let used = facts.usedProcessors
    else { return [] }
    let last = busy.values.suffix(busy.values.count / 2)
    let full = Double(last.count { $0 >= peak }) / Double(last.count)
    let waiting = facts.words.gauge(.poolWaiting)?.mean ?? 0
    let database = (facts.words.amount(.databaseSeconds) ?? 0) / max(1, facts.words.span)
    // Of a request that waits briefly, what it waits for does answer.
    let finished = facts.words.counter(.requests)?.trend(from: 0.5)?.slope ?? facts.rate
    let patience = 0.25
    guard full >= 0.9, used < 0.3 * peak, database < 0.3 * peak, waiting < 0.3 * peak,
      let finished, finished * patience <= peak, facts.leaks.isEmpty
    else { return [] }
    return [
      Finding(
        kind: .blockedWorkers, subject: "\(Text.figure(peak)) workers", cost: 0.95 * full,
        evidence: [
          .init(
            figure: "all busy in \(Text.percent(full)) of the second half", threshold: "90%",
            why: "whoever comes has to wait for them"),
          .init(
            figure: "\(Text.figure(used)) processors and \(Text.figure(database)) database "
              + "connections are at work",
            threshold: Text.figure(0.3 * peak),
            why: "by Little's law that many workers do something; the others wait for something "
              + "outside"),
          .init(
            figure: "\(Text.figure(finished)) requests finished per second",
            threshold: Text.figure(peak / patience),
            why: "by Little's law each holds a worker for \(Text.seconds(patience)) or longer"),
        ])
    ]
  }

  /// A service that stops to answer while the processors have time.
  private static func silent(_ facts: Facts) -> Finding? {
    let all = facts.readings.exports
    guard
      let exports = all.filter({ $0.unansweredAtEnd >= 3 && $0.silentShare >= 0.1 })
        .max(by: { $0.silentShare < $1.silentShare }),
      let used = facts.mostUsedProcessors, used < 0.5, facts.leaks.isEmpty
    else { return nil }
    // One that never answered may be out of reach: its log says whether others were served.
    let routes = facts.readings.routes.values
    let (requests, failed) = routes.reduce((0, 0)) { ($0.0 + $1.requests, $0.1 + $1.failed) }
    let isServing = requests > 0 && Double(failed) < 0.1 * Double(requests)
    guard exports.unanswered < exports.asked || !isServing else { return nil }
    return Finding(
      kind: .blockedWorkers, subject: all.count > 1 ? exports.path : "the application",
      cost: 0.95 * exports.silentShare,
      evidence: [
        .init(
          figure:
            "the last \(exports.unansweredAtEnd) of \(exports.asked) requests for its metrics "
            + "got no answer in a second, in \(Text.percent(exports.silentShare)) of the time",
          threshold: "3, and 10%",
          why: "even what needs nothing else is not served"),
        .init(
          figure: "\(Text.figure(used)) processors used in nine tenths of the time",
          threshold: "0.5",
          why: "its threads don't work: they wait for something outside"),
      ])
  }

  /// Requests that wait for a worker while the processors have time: there are too few of them for what
  /// each waits for.
  static func tooFew(_ facts: Facts) -> [Finding] {
    guard let (busy, queue) = facts.words.gauges(.workersBusy, .queue), busy.values.count >= 8,
      let peak = busy.peak, let working = busy.mean, let waiting = queue.mean,
      let rate = facts.rate, rate > 0, let response = facts.response
    else { return [] }
    let workers = facts.words.gauge(.workersSize)?.peak ?? peak
    // That queue and these workers are of these requests, Little's law tells.
    let (work, wait) = (working / rate, waiting / rate)
    guard 2...10_000 ~= workers, working >= 0.8 * workers, waiting >= 1,
      0.5...2 ~= (work + wait) / response, (facts.busy ?? 0) < 0.9,
      facts.words.gauge(.poolWaiting)?.mean ?? 0 < 0.3 * workers, facts.blockedWorkers.isEmpty,
      facts.leaks.isEmpty, PoolRules.queue(facts).isEmpty
    else { return [] }
    var evidence = [
      Finding.Evidence(
        figure: "\(Text.percent(working / workers)) utilised", threshold: "80%",
        why: "whoever comes has to wait for one most of the time"),
      Finding.Evidence(
        figure: "\(Text.figure(waiting)) requests wait on average, \(Text.seconds(wait)) each",
        threshold: "1",
        why: "Little's law: queue ÷ throughput; a worker needs \(Text.seconds(work)) for each"),
    ]
    var gain: Gain?
    if let busy = facts.busy {
      evidence.append(
        .init(
          figure: "\(Text.percent(busy)) of the processors are busy", threshold: "90%",
          why: "they could run more workers"))
      // Twice as many workers.
      let left = work * Erlang.meanWait(servers: Int(2 * workers), load: working)
      gain = Gain(
        expected: (work + wait) / (work + min(wait, left)), range: 1...(work + wait) / work)
    }
    return [
      Finding(
        kind: .tooFewWorkers, subject: Text.counted(workers, "worker"),
        cost: min(0.9, wait / (work + wait)), evidence: evidence, gain: gain)
    ]
  }
}
