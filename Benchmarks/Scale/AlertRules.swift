import Glibc
import Harness
import Results

extension Experiment {
  /// What an alert looks at: the mean, a percentile, or the budget of errors.
  static let alertOnPercentiles = Experiment(
    id: "scale/alert-on-percentiles",
    title: "Alert on the mean → on percentiles and burn rate",
    slot: "scale/10k/architecture",
    claim: """
      With much traffic the mean never shows that 1.5% of the requests became slow, and p99 shows it \
      within a minute. With little traffic it is the reverse: p99 of a minute is a single request \
      and wakes people for nothing, while the burn rate takes half an hour at any traffic and is \
      never wrong.
      """,
    mechanism: """
      Responses are lognormal with a median of 80 ms and a p99 of 323 ms; in a fault 1.5% of them \
      take 2 s more. A rule looks at each minute: the mean above 144 ms (1.5 times the usual), or \
      p99 above 400 ms, that is more than 1% of the responses above it; or at the share above 500 ms \
      in an hour and in five minutes, both above 1% (a burn rate of 2 of a budget of 0.5%). Lost are \
      the minutes until a fault a week is seen, six hours at most, and 15 minutes per false alarm. Six \
      hours mean that the rule never alerts; more than seven days, that false alarms overlap. \
      {point} come.
      """,
    limits: """
      Minutes are independent here; real traffic has hours and days, so that a fixed threshold is \
      wrong at night. A fault that makes all requests slower by half shows in the mean first. Two \
      minutes in a row in place of one make p99's false alarms rare, and cost a minute.
      """,
    diagram: """
      flowchart LR
        l["responses: {point}"] --> m["mean of a minute: {mean}"]
        l --> p["p99 of a minute: {p99}"]
        l --> b["bad share of an hour and of 5 minutes: {burn rate}"]
        m -- "{speedup}" --> p
      """,
    sweep: .count(
      "requests per minute", [60, 600, 6_000], smoke: 60, label: { "\($0) requests per minute" }),
    metric: .reported("time lost per week", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["false alarms per week", "detection"],
    work: { Work(elements: Double($0) * healthyMinutes, each: "request") },
    variants: [
      variant("mean", "meanRule", meanRule), variant("p99", "percentileRule", percentileRule),
      variant("burn rate", "burnRule", burnRule),
    ],
    noUncertainty: """
      The rules' thresholds are set by the usual distribution of responses, and the fault is planted: \
      all of them are choices, and the traffic is the axis.
      """,
    headline: DeclaredHeadline(value: 6_000, variant: "p99"),
    model: { question in
      let (seen, wrong) = AlertTheory(requests: Double(question.value)).chances(question.variant)
      let detection = min(1 / max(seen, 1e-9), longestMinutes)
      let minute = Time.exactly(60e9)
      return Model(
        (detection * minute).named("until it is seen")
          + (wrong * minutesPerWeek * 15 * minute).named("false alarms"), per: .metric)
    })
}

private let (healthyMinutes, longestMinutes, minutesPerWeek) = (720.0, 360.0, 10_080.0)

/// What is known of a minute.
struct AlertMinute {
  var (requests, sum, above400, above500) = (0.0, 0.0, 0.0, 0.0)
}

private func meanRule(_ minutes: ArraySlice<AlertMinute>) -> Bool {
  guard let last = minutes.last else { return false }
  return last.sum / last.requests > 144
}

private func percentileRule(_ minutes: ArraySlice<AlertMinute>) -> Bool {
  guard let last = minutes.last else { return false }
  return last.above400 > last.requests / 100
}

private func burnRule(_ minutes: ArraySlice<AlertMinute>) -> Bool {
  func share(_ count: Int) -> Double {
    let window = minutes.suffix(count)
    return window.reduce(0) { $0 + $1.above500 } / window.reduce(0) { $0 + $1.requests }
  }
  return minutes.count >= 60 && share(60) > 0.01 && share(5) > 0.01
}

private func variant(
  _ name: String, _ shows: String, _ rule: @escaping @Sendable (ArraySlice<AlertMinute>) -> Bool
) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    var latencies = RandomTimes(seed: point.seed, stream: 1)
    var chances = RandomTimes(seed: point.seed, stream: 2)
    func minute(isFaulty: Bool) -> AlertMinute {
      var minute = AlertMinute()
      for _ in 0..<point.value {
        var latency = latencies.lognormal(median: 80, mean: 80 * exp(0.18))
        if isFaulty, chances.share() < 0.015 { latency += 2_000 }
        minute.requests += 1
        minute.sum += latency
        if latency > 400 { minute.above400 += 1 }
        if latency > 500 { minute.above500 += 1 }
      }
      return minute
    }
    var (minutes, alarms) = ([AlertMinute](), 0.0)
    for _ in 0..<Int(healthyMinutes) {
      minutes.append(minute(isFaulty: false))
      if rule(minutes[...]) { alarms += 1 }
    }
    let offered = latencies.digest
    var detection = 0.0
    repeat {
      minutes.append(minute(isFaulty: true))
      detection += 1
    } while !rule(minutes[...]) && detection < longestMinutes
    let perWeek = alarms * minutesPerWeek / healthyMinutes
    return Replication(
      offered: offered,
      figures: [
        "time lost per week": .seconds(60 * (detection + 15 * perWeek)),
        "false alarms per week": Counter(perWeek, unit: .count),
        "detection": .seconds(60 * detection),
      ])
  }
}
