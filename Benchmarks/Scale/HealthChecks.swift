import CitedData
import Glibc
import Harness
import Results

extension Experiment {
  /// How often a service is asked whether it lives, and how often it may fail to answer.
  static let healthChecks = Experiment(
    id: "scale/health-checks",
    title: "Health checks every 30 s → at the interval that loses least",
    slot: "scale/10k/single-point-of-failure",
    claim: """
      Three misses in a row at an interval of 5 s lose a fraction of the time that checks every 30 s \
      lose; at 1 s they lose many times more, since one pause of the process is three misses. The \
      time that the misses span decides, not their number.
      """,
    mechanism: """
      A real failure is detected after half an interval, two more intervals and the time-out of the \
      last check. A false alarm costs a failover of 20 s. If misses were independent at 0.1%, three \
      in a row would be one in 10⁹. But a process pauses: it collects garbage, its host migrates it, \
      its disk stalls. Pauses come once an hour and last 1 s on average (exponential). What is left \
      of one after the time-out spans three checks with the probability \
      e^(−2 I ÷ 1 s) (1 − e^(−I ÷ 1 s)) ÷ (I ÷ 1 s) at an interval of I.
      """,
    limits: """
      Rate and length of pauses are assumptions: measure your own, and their tail. Lognormal pauses \
      have longer tails and want a longer span. A pause that is longer than a failover is a failure. \
      One check per second with more misses detects in the same time and alarms less often, since \
      the span is not cut short by an interval; it costs 30 times the requests.
      """,
    diagram: """
      flowchart LR
        c0["every 30 s"] -- "3 misses" --> l0["lost: {every 30 s}"]
        c1["every {point}"] -- "3 misses" --> l1["lost: {tuned}"]
        c2["every second"] -- "as many as take that long" --> l2["lost: {every second, more misses}"]
        l0 -- "{speedup}" --> l1
      """,
    sweep: .count("interval", [1, 2, 5, 10], smoke: 5, label: { "\($0) s" }),
    metric: .reported("time lost per year", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["false alarms per year", "detection"],
    work: { _ in Work(elements: years * failuresPerYear, each: "failure") },
    variants: [
      variant("every 30 s", "lazy") { _ in lazy },
      variant("every second, more misses", "eager", isReference: true) { eager($0) },
      variant("tuned", "tuned") { tuned($0) },
    ],
    uncertain: [promotion],
    headline: DeclaredHeadline(value: 5, variant: "tuned"),
    model: { question in
      let checks =
        switch question.variant {
        case "tuned": tuned(question.value)
        case "every 30 s": lazy
        default: eager(question.value)
        }
      let (interval, most) = (checks.interval / pause, Double(checks.misses - 1))
      let spans = exp(-checks.timeout / pause) * exp(-most * interval) * (1 - exp(-interval))
      let alarms = pausesPerYear * spans / interval
      let detection = Time.exactly(1e9 * (checks.interval * (0.5 + most) + checks.timeout))
      return Model(
        (failuresPerYear * detection).named("detection of failures")
          + (alarms * Time.exactly(promotion.estimate * 1e9)).named("false alarms"), per: .metric)
    })
}

private let (failuresPerYear, pausesPerYear) = (12.0, 24 * 365.25)
/// Seconds.
private let pause = 1.0
private let promotion = UncertainInput("failover.database", named: "seconds of a failover")
private let years = 200.0

/// A check every so many seconds, and the misses in a row that are an alarm.
private struct Checks {
  let interval: Double
  let misses: Int
  /// Seconds until a check without response is a miss.
  var timeout: Double { 1 }
}

private let lazy = Checks(interval: 30, misses: 3)

private func tuned(_ seconds: Int) -> Checks { Checks(interval: Double(seconds), misses: 3) }

/// As many misses as take the same time.
private func eager(_ seconds: Int) -> Checks { Checks(interval: 1, misses: 2 * seconds + 1) }

private func variant(
  _ name: String, _ shows: String, isReference: Bool = false,
  _ checks: @escaping @Sendable (Int) -> Checks
) -> Variant {
  Variant(simulated: name, isReference: isReference, shows: [shows]) { point in
    let checks = checks(point.value)
    var pauses = RandomTimes(seed: point.seed, stream: 1)
    var phases = RandomTimes(seed: point.seed, stream: 2)
    var (time, alarms, detections, failures) = (0.0, 0.0, 0.0, 0.0)
    while true {
      time += pauses.exponential() / pausesPerYear
      guard time < years else { break }
      // Checks that begin in what is left after a time-out fail.
      let rest = pauses.exponential() * pause - checks.timeout
      let first = phases.share() * checks.interval
      if rest > first + Double(checks.misses - 1) * checks.interval { alarms += 1 }
    }
    var deaths = RandomTimes(seed: point.seed, stream: 3)
    var death = deaths.exponential() / failuresPerYear
    while death < years {
      let last = (deaths.share() + Double(checks.misses - 1)) * checks.interval
      detections += last + checks.timeout
      failures += 1
      death += deaths.exponential() / failuresPerYear
    }
    return Replication(
      offered: pauses.digest ^ deaths.digest,
      figures: [
        "time lost per year": .seconds((detections + alarms * point[promotion]) / years),
        "false alarms per year": Counter(alarms / years, unit: .count),
        "detection": .seconds(detections / max(1, failures)),
      ])
  }
}
