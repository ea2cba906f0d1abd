import CitedData
import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Alerts on the share of errors, by a threshold or by how fast they use up the budget.
  static let burnRate = Experiment(
    id: "scale/burn-rate",
    title: "More than 1% errors in five minutes → burn rates over two windows",
    slot: "scale/1m/observability",
    claim: """
      An alert on 1% errors in five minutes pages 80 times per incident at ten requests per minute \
      and 18 times at 1,000; burn rates over two windows page nine times and once. Only they find \
      an incident of 0.8% errors at high traffic.
      """,
    mechanism: """
      Fifty requests in five minutes make one error 2%. The threshold pages for each of the 86 \
      errors that a healthy service has in a month of such traffic. A burn rate asks how fast the \
      budget of 0.1% is used: 14.4 times as fast over an hour **and** over five minutes, or 6 \
      times over six hours and half an hour. The long window needs many errors, the short one ends \
      the alert soon after the errors do. The formula counts healthy windows alone. During an \
      incident of 0.8% errors, a burn rate of 8, the count of few errors crosses 1% again and \
      again, and each time is a page.
      """,
    limits: """
      Below some hundred requests per minute the burn rate flaps as well; a pause before an alert \
      may end, longer windows or synthetic traffic help. The hour needs 17 minutes to see 5% \
      errors, where the threshold needs one; a full outage it sees in one. Errors come \
      independently here; those that come in bursts page more often.
      """,
    diagram: """
      flowchart LR
        e["errors per minute"]
        e -- "1% of 5 min" --> a["threshold: {threshold}"]
        e -- "14.4 × of 1 h and 5 min, 6 × of 6 h and 30 min" --> b["burn rate: {burn rate}"]
        a -- "{speedup} at {point}" --> b
      """,
    sweep: .count(
      "requests per minute", [10, 30, 100, 1_000, 10_000], smoke: 100,
      label: { "\($0) requests per minute" }),
    metric: .reported("pages per incident found", unit: .count, lowerIsBetter: true),
    signals: ["incidents found of 2", "minutes to the fast one"],
    work: { _ in Work(elements: Double(month), each: "minute") },
    variants: [
      Variant(simulated: "threshold", shows: ["threshold"]) { point in
        alerts(point, isFiring: threshold)
      },
      Variant(simulated: "burn rate", shows: ["burns"]) { point in
        alerts(point, isFiring: burns)
      },
    ],
    uncertain: [healthy],
    headline: DeclaredHeadline(value: 10, variant: "burn rate"),
    model: { question in
      let (perWindow, healthy) = (5 * Double(question.value), healthy.estimate)
      // Each window of five minutes with more than 1% errors by itself: a Poisson tail.
      var (term, below) = (exp(-perWindow * healthy), 0.0)
      for errors in 0...Int(perWindow / 100) {
        below += term
        term *= perWindow * healthy / Double(errors + 1)
      }
      let pages = question.isBaseline ? 1 + Double(month) / 5 * max(0, 1 - below) : 1
      return Model(
        Term<Pure>.exactly(pages).named("the incident, and healthy windows above 1%"), per: .metric)
    })
}

private let month = 30 * 1_440
private let healthy = UncertainInput("errors.healthy", named: "errors of a healthy service")
/// An outage of half an hour with 5% errors, and a slow one of a day with 0.8%.
private let (fast, slow) = (14_400..<14_430, 28_800..<30_240)

/// Requests and errors of the last minutes.
private typealias Share = (_ minutes: Int) -> Double

private func threshold(_ errors: Share) -> Bool { errors(5) > 0.01 }

private func burns(_ errors: Share) -> Bool {
  let (high, low) = (
    0.001 * CitedFigure.named("burn.fast").value, 0.001 * CitedFigure.named("burn.slow").value
  )
  return errors(60) > high && errors(5) > high || errors(360) > low && errors(30) > low
}

/// A month, minute by minute: a page when the alert begins.
private func alerts(_ point: Point, isFiring: (Share) -> Bool) -> Replication {
  var random = RandomStream(seed: point.seed, "errors")
  var sums = [0]
  var (wasFiring, pages, digest) = (false, 0, UInt64(0))
  var found: [Int?] = [nil, nil]
  let healthy = point[healthy]
  for minute in 0..<month {
    let rate = fast.contains(minute) ? 0.05 : slow.contains(minute) ? 0.008 : healthy
    let errors = random.poisson(mean: Double(point.value) * rate)
    digest = mixedHash(digest ^ UInt64(errors))
    sums.append(sums[minute] + errors)
    let fires = isFiring { minutes in
      let first = max(0, minute + 1 - minutes)
      return Double(sums[minute + 1] - sums[first]) / Double(minutes * point.value)
    }
    if fires, !wasFiring { pages += 1 }
    for (place, incident) in [fast, slow].enumerated()
    where fires && incident.contains(minute) && found[place] == nil {
      found[place] = minute - incident.lowerBound
    }
    wasFiring = fires
  }
  let count = found.count { $0 != nil }
  return Replication(
    offered: digest,
    figures: [
      "pages per incident found": Counter(
        Double(max(1, pages)) / Double(max(1, count)), unit: .count),
      "incidents found of 2": Counter(Double(count), unit: .count),
      "minutes to the fast one": Counter(Double(found[0] ?? fast.count), unit: .count),
    ])
}
