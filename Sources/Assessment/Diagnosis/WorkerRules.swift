import Statistics

/// What the threads or places that serve requests say.
enum WorkerRules {
  /// Workers that are all busy while nothing of the machine is.
  static func blocked(_ facts: Facts) -> [Finding] {
    let exports = facts.readings.exports
    if exports.unanswered >= 3,
      exports.unansweredAtEnd >= 3 || 2 * exports.unanswered >= exports.asked,
      let used = facts.mostUsedProcessors, used < 0.5, facts.leaks.isEmpty
    {
      return [
        Finding(
          kind: .blockedWorkers, subject: "the application", cost: 0.95,
          evidence: [
            .init(
              figure: "\(exports.unanswered) of \(exports.asked) requests for its metrics got no "
                + "answer in a second, the last \(exports.unansweredAtEnd) one after the other",
              threshold: "half, or the last 3",
              why: "even what needs nothing else is not served"),
            .init(
              figure: "\(Text.figure(used)) processors used in nine tenths of the time",
              threshold: "0.5",
              why: "its threads don't work: they wait for something outside"),
          ])
      ]
    }
    guard let busy = facts.words.gauge(.workersBusy), busy.values.count >= 8,
      let peak = busy.peak, peak >= 2, let used = facts.usedProcessors
    else { return [] }
    let last = busy.values.suffix(busy.values.count / 2)
    let full = Double(last.count { $0 >= peak }) / Double(last.count)
    let waiting = facts.words.gauge(.poolWaiting)?.mean ?? 0
    let database = (facts.words.amount(.databaseSeconds) ?? 0) / max(1, facts.words.span)
    guard full >= 0.9, used < 0.3 * peak, database < 0.3 * peak, waiting < 0.3 * peak,
      facts.leaks.isEmpty
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
        ])
    ]
  }

  /// Requests that wait for a worker while the processors have time: there are too few of them for what
  /// each waits for.
  static func tooFew(_ facts: Facts) -> [Finding] {
    guard let busy = facts.words.gauge(.workersBusy), let queue = facts.words.gauge(.queue),
      busy.values.count >= 8, let workers = busy.peak, let working = busy.mean,
      let waiting = queue.mean, let rate = facts.rate, rate > 0
    else { return [] }
    guard workers >= 1, working >= 0.8 * workers, waiting >= 1, (facts.busy ?? 0) < 0.9,
      facts.blockedWorkers.isEmpty,
      facts.leaks.isEmpty, PoolRules.queue(facts).isEmpty
    else { return [] }
    let (work, wait) = (working / rate, waiting / rate)
    let left = work * Erlang.meanWait(servers: Int(2 * workers), load: working)
    let most = (work + wait) / work
    return [
      Finding(
        kind: .tooFewWorkers, subject: Text.counted(workers, "worker"),
        cost: min(0.9, wait / (work + wait)),
        evidence: [
          .init(
            figure: "\(Text.percent(working / workers)) utilised", threshold: "80%",
            why: "whoever comes has to wait for one most of the time"),
          .init(
            figure: "\(Text.figure(waiting)) requests wait on average, \(Text.seconds(wait)) each",
            threshold: "1",
            why: "Little's law: queue ÷ throughput; a worker needs "
              + "\(Text.seconds(work)) for each"),
          .init(
            figure: facts.busy.map { "\(Text.percent($0)) of the processors are busy" }
              ?? "the processors' utilisation is not in the data",
            threshold: "90%", why: "they could run more workers"),
        ],
        gain: Gain(
          expected: (work + wait) / (work + min(wait, left)), range: 1...most))
    ]
  }
}
