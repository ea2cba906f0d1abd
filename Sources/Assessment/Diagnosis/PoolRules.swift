import Statistics

/// What gauges of pools, workers and queues say.
enum PoolRules {
  /// By Little's law: connections in use beside the time that queries take.
  static func leak(_ facts: Facts) -> [Finding] {
    let found = leakByGauge(facts)
    return found.isEmpty ? leakByTraces(facts) : found
  }

  /// Requests wait long for a connection and then fail, while hardly any query runs.
  private static func leakByTraces(_ facts: Facts) -> [Finding] {
    let roots = facts.readings.traces.roots.values
    func parts(_ word: String) -> [PartSpans] {
      roots.flatMap { $0.parts.filter { $0.key.lowercased().contains(word) }.map(\.value) }
    }
    let waits = parts("pool")
    let count = waits.reduce(0) { $0 + $1.calls }
    let times = roots.flatMap(\.times)
    guard count >= 10, let first = times.map(\.lowerBound).min(),
      let last = times.map(\.upperBound).max(), last > first
    else { return [] }
    let mean = waits.reduce(0) { $0 + $1.seconds } / Double(count)
    let working = parts("database").reduce(0) { $0 + $1.ownSeconds } / (last - first)
    let failed = roots.filter { $0.parts.keys.contains { $0.lowercased().contains("pool") } }
      .reduce(0) { $0 + $1.failed }
    guard mean >= 0.2, working < 0.3, Double(failed) >= 0.5 * Double(count) else { return [] }
    return [
      Finding(
        kind: .poolLeak, subject: "connection pool", cost: 0.95,
        evidence: [
          .init(
            figure: "\(Text.seconds(mean)) of waiting for a connection, \(count) times, and "
              + "\(failed) requests failed", threshold: "0.2 s, half of them",
            why: "nobody gets a connection"),
          .init(
            figure: "\(Text.figure(working)) connections at work on average", threshold: "0.3",
            why:
              "by Little's law: the queries' time per second; connections that are not at work and "
              + "not free were never returned"),
        ])
    ]
  }

  private static func leakByGauge(_ facts: Facts) -> [Finding] {
    guard let use = facts.words.gauge(.poolInUse), use.values.count >= 5,
      let seconds = facts.words.amount(.databaseSeconds), facts.words.span > 0
    else { return [] }
    let needed = seconds / facts.words.span
    let last = use.values.suffix(max(3, use.values.count / 4))
    let least = last.min() ?? 0
    guard least >= 2, least >= 1 + 3 * needed else { return [] }
    // How long each is held: connections in use ÷ queries per second.
    let queries = (facts.words.amount(.queries) ?? 0) / facts.words.span
    guard queries == 0 || least / queries >= max(0.05, 10 * needed / queries) else { return [] }
    let timeouts = facts.words.amount(.poolTimeouts) ?? 0
    let failed = facts.requests.map { min(1, timeouts / max(1, $0)) } ?? 0
    return [
      Finding(
        kind: .poolLeak, subject: "connection pool", cost: max(0.4, min(1, failed + 0.4)),
        evidence: [
          .init(
            figure: "never fewer than \(Text.figure(least)) connections in use at the end",
            threshold: Text.figure(1 + 3 * needed),
            why:
              "by Little's law queries need \(Text.figure(needed)) on average: the time that they "
              + "take per second"),
          .init(
            figure: "\(Text.grouped(timeouts)) requests got no connection in time", threshold: "0",
            why: "a connection that is not returned is missing for ever"),
        ])
    ]
  }

  static func tooSmall(_ facts: Facts) -> [Finding] {
    guard facts.leaks.isEmpty, let size = facts.words.gauge(.poolSize)?.values.last,
      let waiting = facts.words.gauge(.poolWaiting), waiting.values.count >= 5
    else { return [] }
    let waits = Double(waiting.values.count { $0 > 0 }) / Double(waiting.values.count)
    let read = facts.share(ofPartsNamed: "pool") { $0.hasPrefix("GET ") }
    let waited = read ?? waitedShare(facts)
    guard waits >= 0.05 || (waited >= 0.1 && waits > 0) || waited >= 0.2 else { return [] }
    // Where the processors are the limit, a larger pool moves the queue only.
    if let busy = facts.busy, busy >= 0.9, size >= facts.processors { return [] }
    let mean = waiting.mean ?? 0
    return [
      Finding(
        kind: .poolTooSmall, subject: "pool of \(Text.figure(size))",
        cost: min(0.9, max(waited, min(0.6, waits))),
        evidence: [
          .init(
            figure: "some request waits for a connection in \(Text.percent(waits)) of the samples, "
              + "\(Text.figure(mean)) on average", threshold: "5%",
            why: "a pool should have a connection free nearly always"),
          .init(
            figure: "\(Text.percent(waited)) of the requests' time", threshold: "10%",
            why: "is spent waiting for a connection"),
        ], gain: waited > 0 ? facts.gain(removing: waited) : nil)
    ]
  }

  private static func waitedShare(_ facts: Facts) -> Double {
    guard let waited = facts.words.amount(.poolWaitSeconds),
      let all = facts.words.amount(.requestSeconds), all > 0
    else { return 0 }
    return min(1, waited / all)
  }

  /// Requests wait before anything is done for them, each longer than the one before, and nobody is
  /// rejected.
  private static func waitingBefore(_ facts: Facts) -> [Finding] {
    let roots = facts.readings.traces.roots.values
    let waits = roots.flatMap(\.waits).sorted { $0.begin < $1.begin }
    let failed = roots.reduce(0) { $0 + $1.failed }
    guard waits.count >= 200, Double(failed) < 0.02 * Double(waits.count) else { return [] }
    let (early, late) = (
      waits.prefix(waits.count / 10).map(\.seconds).sorted(),
      waits.suffix(waits.count / 10).map(\.seconds).sorted()
    )
    let (first, last) = (early[early.count / 2], late[late.count / 2])
    guard last >= 1, last >= 3 * first else { return [] }
    return [
      Finding(
        kind: .unboundedQueue, subject: "request queue", cost: 0.95,
        evidence: [
          .init(
            figure: "\(Text.seconds(first)) of waiting before the first part at the beginning, "
              + "\(Text.seconds(last)) at the end (medians)",
            threshold: "1 s, and three times as long",
            why: "Little's law: queue ÷ throughput; who waits that long has left"),
          .init(
            figure: "\(failed) of \(waits.count) requests failed", threshold: "a limit",
            why: "no request was rejected"),
        ])
    ]
  }

  /// A queue that grows to the end, and nobody is rejected.
  static func queue(_ facts: Facts) -> [Finding] {
    let waiting = waitingBefore(facts)
    guard waiting.isEmpty else { return waiting }
    guard let queue = facts.words.gauge(.queue), let last = queue.values.last,
      let rate = facts.rate, rate > 0, queue.values.count >= 8
    else { return [] }
    let rejected = facts.words.amount(.rejected) ?? 0
    let wait = last / rate
    guard facts.blockedWorkers.isEmpty else { return [] }
    if let slope = growth(of: queue), wait >= 1, rejected == 0 {
      return [
        Finding(
          kind: .unboundedQueue, subject: "request queue", cost: 0.9,
          evidence: [
            .init(
              figure: "grows by \(Text.figure(slope)) per second to \(Text.grouped(last))",
              threshold: "a limit", why: "no request was rejected"),
            .init(
              figure: "\(Text.seconds(wait)) of waiting", threshold: "1 s",
              why: "Little's law: queue ÷ throughput; who waits that long has left"),
          ])
      ]
    }
    guard rejected > 0, let requests = facts.requests, rejected / max(1, requests) >= 0.01 else {
      return []
    }
    return [
      Finding(
        kind: .overload, subject: "request queue", cost: 0.5 * min(1, rejected / requests),
        evidence: [
          .init(
            figure: "\(Text.percent(rejected / requests)) of the requests rejected",
            threshold: "1%", why: "the queue is full: more arrives than is finished")
        ])
    ]
  }

  /// By how much a queue grows per second, to the end; nil where it doesn't.
  private static func growth(of queue: Series) -> Double? {
    guard queue.values.count >= 8, let trend = queue.trend(from: 0.3), trend.slope > 0,
      trend.explained >= 0.7, let last = queue.values.last, let peak = queue.peak,
      last >= 0.8 * peak
    else { return nil }
    return trend.slope
  }

  /// Queues of jobs that grow to the end, by more than chance. Nobody waits for a response, so that
  /// it has no cost in the requests' time.
  static func jobs(_ facts: Facts) -> [Finding] {
    guard let queue = facts.words.gauge(.jobs), let slope = growth(of: queue),
      let first = queue.values.first, let last = queue.values.last
    else { return [] }
    // Steps that are independent of each other add up to their standard deviation × √n.
    let steps = zip(queue.values.dropFirst(), queue.values).map { $0 - $1 }
    let chance = 3 * steps.standardDeviation() * Double(steps.count).squareRoot()
    guard last - first >= chance else { return [] }
    return [
      Finding(
        kind: .jobsPileUp, subject: "job queue", cost: 0,
        evidence: [
          .init(
            figure: "grew from \(Text.grouped(first)) to \(Text.grouped(last)), by "
              + "\(Text.figure(slope)) per second", threshold: "by \(Text.grouped(chance))",
            why: "three standard deviations of as many random steps: more is added than taken out")
        ])
    ]
  }
}
