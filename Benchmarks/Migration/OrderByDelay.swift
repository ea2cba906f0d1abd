import Glibc
import Harness
import Results
import Statistics

extension Experiment {
  /// In which order to migrate thirty services.
  static let orderByDelay = Experiment(
    id: "migration/order-by-delay",
    title: "Thirty services to migrate: loudest first → cost of delay ÷ size",
    slot: "migration/services/impact",
    claim: """
      Taking first what costs most per week of delay and week of work, instead of what its \
      owners ask for most loudly, saves more than half of the cost of waiting, and still a good \
      part of that if both figures are only guessed to a factor of three; the size alone, \
      without any guess of value, gets more than half of the saving.
      """,
    mechanism: """
      Each service costs v per week until it is done, and takes s weeks of one team; both are \
      log-normal (σ = 1: one in six is three times the median or more). Of two neighbours in the \
      queue, i before j costs s of i times v of j, so that the best order is by v ÷ s (Smith, \
      1956). Loudness is independent of both. The mean cost of a pair is M = E[v] E[s] in any \
      order that knows nothing, and 2 M Φ(−τ² ÷ 2 √(τ² + ε²)) by estimates, where τ² = 4σ² is \
      the variance of the logarithm of v ÷ s between the two, and ε² that of the errors. \
      Estimates are off by {point}.
      """,
    limits: """
      Services depend on each other: what must come first may be cheap and large, and its cost \
      of delay is that of all behind it. A cost of delay that is not constant (a licence ends, a \
      law begins) needs a date and not a ratio. Several teams divide the queue. Loud owners may \
      know something: where loudness follows value the baseline is better than this one.
      """,
    diagram: """
      flowchart LR
        q["30 services"] --> l["loudest first: {loudest first}"]
        q --> s["smallest first: {smallest first}"]
        q --> d["cost of delay ÷ size: {by delay and size}"]
        l -- "{speedup} with estimates off by {point}" --> d
      """,
    sweep: .count(
      "error of an estimate", [10, 30, 100], smoke: 30,
      label: { $0 == 10 ? "nothing" : $0 == 30 ? "a factor of 3" : "a factor of 10" }),
    metric: .reported("cost of waiting", unit: .count, lowerIsBetter: true),
    work: { _ in Work(elements: Double(services), each: "service") },
    variants: [
      variant("loudest first", shows: "loudness", loudness),
      variant("smallest first", shows: "smallness", smallness),
      variant("by delay and size", shows: "delayBySize", delayBySize),
    ],
    uncertain: [spread],
    headline: DeclaredHeadline(value: 30, variant: "by delay and size"),
    model: { question in
      let error = log(Double(question.value) / 10) / 2
      let pair: Double =
        switch question.variant {
        case "loudest first": 1
        // Of two sizes the smaller estimate is done first.
        case "smallest first": 2 * normal(below: -1 / (2 + 2 * error * error).squareRoot())
        default: 2 * normal(below: -2 / (4 + 4 * error * error).squareRoot())
        }
      // E[v] E[s] of two log-normals with σ = 1 and a median of 1.
      let mean = exp(1.0)
      let count = Double(services)
      return Model(
        Ratio.exactly(count * mean).named("each one's own work")
          + Ratio.exactly(count * (count - 1) / 2 * pair * mean).named("waiting for others"),
        per: .metric)
    })
}

private let services = 30
/// Of the logarithms of values and of sizes.
private let spread = UncertainInput("standard deviation of values and sizes", 1, in: 0.3...2)
/// Of a replication.
private let portfolios = Releases.areFew ? 20 : 400

private struct Service {
  let value, size, loudness: Double
  /// As they are guessed.
  let guessedValue, guessedSize: Double
}

private func loudness(_ service: Service) -> Double { service.loudness }
private func smallness(_ service: Service) -> Double { 1 / service.guessedSize }
private func delayBySize(_ service: Service) -> Double {
  service.guessedValue / service.guessedSize
}

private func variant(
  _ name: String, shows: String, _ urgency: @escaping @Sendable (Service) -> Double
) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    var random = SeededGenerator(seed: point.seed)
    // Two thirds of all estimates are off by no more than the square root, 95% by no more than it.
    let error = log(Double(point.value) / 10) / 2
    let spread = point[spread]
    var cost = 0.0
    for _ in 0..<portfolios {
      let all = (0..<services).map { _ in
        let (value, size) = (exp(spread * random.normal()), exp(spread * random.normal()))
        return Service(
          value: value, size: size, loudness: random.share(),
          guessedValue: value * exp(error * random.normal()),
          guessedSize: size * exp(error * random.normal()))
      }
      var weeks = 0.0
      for service in all.sorted(by: { urgency($0) > urgency($1) }) {
        weeks += service.size
        cost += weeks * service.value
      }
    }
    return Replication(
      offered: random.next(),
      figures: ["cost of waiting": .count(cost / Double(portfolios))])
  }
}
