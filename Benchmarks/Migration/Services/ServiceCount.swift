import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// How fast a team takes services into operation.
  static let serviceCount = Experiment(
    id: "migration/service-count",
    title: "New services of a team on call: all at once → as the pages allow",
    slot: "migration/services/readiness",
    claim: """
      Services taken into operation as the pages allow keep the worst month near what a rota \
      bears, where all at once it grows with their number; but each service pages for ever, so \
      that twenty take a year to come, and forty are too many for the rota in any order.
      """,
    mechanism: """
      A new service pages twice a week at first, and less as its faults are fixed (a mean life of \
      six weeks), and then for ever once in five weeks. Pages are a Poisson process of that rate. \
      The rota bears eight a week (two incidents per shift, of which a weekly rota has few: Beyer \
      and others, Site Reliability Engineering, 2016, chapter 11). All at once the first month \
      has 1.7 pages per service and week. As the pages allow: a further service in each week that \
      follows one with fewer than six. The floor is n ÷ 5 a week: forty services are the whole \
      rota.
      """,
    limits: """
      The rates are assumptions; take yours from the first weeks of the last three services. \
      Pages come in storms where services depend on each other, and then the Poisson process is \
      too kind. Fixing faults takes people's time, which pages take away: all at once the life of \
      a fault is longer than six weeks, which is not in the model. More teams are more rotas, \
      each with its own knowledge.
      """,
    diagram: """
      flowchart LR
        subgraph before["all at once: {all at once}"]
          direction LR
          s0["{point}"] --> p0["pages of all of them, new"]
        end
        subgraph after["as the pages allow: {as the pages allow}"]
          direction LR
          s1["one more"] --> p1["fewer than six pages a week?"] --> n1["next one"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("services", [5, 10, 20, 40], smoke: 10, label: { "\($0) services" }),
    metric: .reported("pages a week in the worst month", unit: .count, lowerIsBetter: true),
    signals: ["weeks until all are in operation", "pages a week in the end"],
    work: { Work(elements: Double($0), each: "service") },
    variants: [
      variant("all at once", shows: "allAtOnce", allAtOnce),
      variant("as the pages allow", shows: "asPagesAllow", asPagesAllow),
    ],
    uncertain: [first, life],
    headline: DeclaredHeadline(value: 20, variant: "as the pages allow"),
    model: { question in
      let services = Double(question.value)
      let (first, life) = (first.estimate, life.estimate)
      // Over the first four weeks of a service.
      let month = atRest + first * life / 4 * (1 - exp(-4 / life))
      let all = Ratio.exactly(services * month)
      guard !question.isBaseline else {
        return Model(all.named("pages of new services"), per: .metric)
      }
      // One more after each week below the limit, so that the rate stays there, or at that of all old
      // services; the highest of some thirty months lies 2.2 standard deviations above it.
      let rate = max(pace, atRest * services) + 0.5
      let worst = Ratio.exactly(rate + 2.2 * (rate / 4).squareRoot())
      return Model(shortest(all, worst).named("the limit, and chance"), per: .metric)
    })
}

/// Beyond those of an old one, and until they have fallen to a third.
private let first = UncertainInput("pages per week of a new service", 2, in: 0.5...8)
private let life = UncertainInput("weeks of a new service", 6, in: 2...26)
/// Pages a week of an old one.
private let atRest = 0.2
/// Pages in a week, below which a service is added.
private let pace = 6.0
private let weeks = 156

/// - Returns: how many services are added after a week with so many pages.
private typealias Pace = @Sendable (_ pages: Int, _ left: Int) -> Int

private func allAtOnce(_ pages: Int, _ left: Int) -> Int { left }
private func asPagesAllow(_ pages: Int, _ left: Int) -> Int {
  Double(pages) < pace ? min(1, left) : 0
}

private func variant(_ name: String, shows: String, _ pace: @escaping Pace) -> Variant {
  Variant(simulated: name, shows: [shows]) { point in
    var random = RandomStream(seed: point.seed, "pages")
    let rounds = Releases.areFew ? 4 : 40
    let (first, life) = (point[first], point[life])
    var (worst, complete, end) = (0.0, 0.0, 0.0)
    for _ in 0..<rounds {
      var ages: [Int] = []
      var pages: [Int] = []
      var isComplete = weeks
      for week in 0..<weeks {
        ages =
          ages.map { $0 + 1 }
          + [Int](
            repeating: 0, count: pace(pages.last ?? 0, point.value - ages.count))
        if ages.count == point.value { isComplete = min(isComplete, week) }
        let rate = ages.reduce(0) { $0 + atRest + first * exp(-(Double($1) + 0.5) / life) }
        pages.append(random.poisson(mean: rate))
      }
      let months = (4...weeks).map { Double(pages[$0 - 4..<$0].reduce(0, +)) / 4 }
      worst += months.max() ?? 0
      complete += Double(isComplete)
      end += months.last ?? 0
    }
    let count = Double(rounds)
    return Replication(
      offered: point.seed,
      figures: [
        "pages a week in the worst month": .count(worst / count),
        "weeks until all are in operation": .count(complete / count),
        "pages a week in the end": .count(end / count),
      ])
  }
}
