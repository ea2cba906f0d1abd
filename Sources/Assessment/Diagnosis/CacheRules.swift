/// What counters of a cache say, and requests that a cache answers mostly.
enum CacheRules {
  /// The same value computed several times at once: requests with one path, most of which call
  /// nothing, and of which those that do call overlap. Paths without a key or a query are left out:
  /// they may differ by who asks.
  private static func flights(_ facts: Facts) -> [Finding] {
    let all = facts.work
    guard all > 0 else { return [] }
    return facts.readings.traces.roots.compactMap { name, root in
      guard !TraceRules.writes(name) else { return nil }
      var (misses, together, seconds, saved) = (0, 0, 0.0, 0.0)
      for (path, lookups) in root.lookups
      where lookups.answered >= max(5, lookups.calls.count) && !name.hasSuffix(" \(path)") {
        misses += lookups.calls.count
        for (call, end) in overlapping(lookups.calls) {
          together += 1
          seconds += call.upperBound - call.lowerBound
          saved += call.upperBound - min(call.upperBound, max(call.lowerBound, end))
        }
      }
      let share = Double(together) / Double(max(1, misses))
      guard together >= 10, share >= 0.1 else { return nil }
      return Finding(
        kind: .cacheBursts, subject: name, cost: min(0.9, seconds / all),
        evidence: [
          .init(
            figure: "\(together) of \(misses) computations began while another of the same path "
              + "went on", threshold: "10 of them, 10%",
            why: "most requests of these paths call nothing, since a cache has the answer; when it "
              + "expires, one computation would do"),
          .init(
            figure: "\(Text.percent(seconds / all)) of the time of all requests", threshold: "2%",
            why: "is spent in those that were not needed"),
        ], gain: facts.gain(removing: saved / all))
    }
  }

  /// Those that begin while an earlier one goes on, with its end: so long a request still waits that
  /// shares its value.
  private static func overlapping(
    _ times: [ClosedRange<Double>]
  ) -> [(call: ClosedRange<Double>, end: Double)] {
    var (first, last) = (-Double.infinity, -Double.infinity)
    return times.sorted { $0.lowerBound < $1.lowerBound }.compactMap { time in
      defer { last = max(last, time.upperBound) }
      if time.lowerBound < last { return (time, first) }
      first = time.upperBound
      return nil
    }
  }

  /// Values that are computed many times at once: as traces with paths show it, else as counters do.
  static func bursts(_ facts: Facts) -> [Finding] {
    let isTraced = facts.readings.traces.roots.values.contains { root in
      root.lookups.values.contains { !$0.calls.isEmpty }
    }
    return isTraced ? flights(facts) : unevenMisses(facts)
  }

  /// Computations in bursts while requests come evenly; misses where they are not counted. Of those
  /// who wait for another one's computation each may count as a miss.
  private static func unevenMisses(_ facts: Facts) -> [Finding] {
    let computed = facts.words.counter(.computed)
    let name = computed == nil ? "misses" : "computations"
    guard let misses = computed ?? facts.words.counter(.misses),
      let hits = facts.words.counter(.hits), misses.values.count >= 30,
      let all = facts.words.counter(.requests)
    else { return [] }
    let (missed, found) = (misses.growth, hits.growth)
    guard missed >= 60, found > missed else { return [] }
    let (burst, even) = (unevenness(misses), unevenness(all))
    guard burst.spread >= 0.4, burst.surprise >= 4, even.spread <= 0.25 * burst.spread else {
      return []
    }
    return [
      Finding(
        kind: .cacheBursts, subject: "cache", cost: min(0.8, max(0.1, missed / (missed + found))),
        evidence: [
          .init(
            figure:
              "\(name) per interval vary by \(Text.percent(burst.spread.squareRoot())) more than "
              + "independent ones, \(Text.figure(burst.surprise)) standard deviations",
            threshold: "63%, 4",
            why: "requests vary by \(Text.percent(max(0, even.spread).squareRoot())); values that "
              + "expire together are computed together, several times each")
        ])
    ]
  }

  /// By how much the growth of a counter varies between intervals beyond that of independent events
  /// (squared coefficient of variation), and how unlikely that is in standard deviations.
  ///
  /// Source: Cox and Lewis, *The Statistical Analysis of Series of Events*, 1966, on the index of
  /// dispersion.
  static func unevenness(_ series: Series) -> (spread: Double, surprise: Double) {
    let steps = zip(series.values, series.values.dropFirst()).map { max(0, $1 - $0) }
    guard steps.count >= 10 else { return (0, 0) }
    let mean = steps.reduce(0, +) / Double(steps.count)
    guard mean > 0 else { return (0, 0) }
    let variance =
      steps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(steps.count - 1)
    let surprise = (variance / mean - 1) * (Double(steps.count - 1) / 2).squareRoot()
    return ((variance - mean) / (mean * mean), surprise)
  }
}
