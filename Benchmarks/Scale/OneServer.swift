import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// Web and database on all cores of a server, or each on its half.
  static let oneServer = Experiment(
    id: "scale/one-server",
    title: "Web and database share all cores → cores apart",
    slot: "scale/10k/monolith",
    claim: """
      Giving web and database two cores each of a server with four costs a few per cent of the \
      capacity where both need the same, and up to half where one needs most: the cores of the other \
      one stay idle.
      """,
    mechanism: """
      A request takes 2 ms of processor time, {point}. The capacity is the \
      largest load at which 99% of the responses take at most 50 ms. On shared cores it is four \
      cores ÷ 2 ms, less the reserve that an M/M/4 queue needs. Apart it is two cores ÷ the larger \
      of the two demands.
      """,
    limits: """
      Sharing has no price here: on real cores the two compete for caches and memory, and a query \
      that runs away takes the web server's time as well, which cores apart prevent. Whoever pins \
      both for that should divide the cores by the demands, and measure these again when they \
      change. Simulated, since two processors can't be divided into halves.
      """,
    diagram: """
      flowchart LR
        r0["requests"] --> s["web and database on 4 cores: {shared}"]
        r1["requests"] --> w["web on 2"] --> d["database on 2: {apart}"]
        s -- "{speedup} with {point}" --> d
      """,
    sweep: .count("database", [20, 50, 80], smoke: 50, label: { "\($0) % in the database" }),
    metric: .capacity("capacity", unit: .operationsPerSecond),
    work: { _ in ReadCapacity.work },
    variants: [
      ReadCapacity.variant("shared", shows: "shared") { shared($0, $1[.serviceVariation]) },
      ReadCapacity.variant("apart", shows: "apart") {
        apart($0, Double($1.value) / 100, $1[.serviceVariation])
      },
    ],
    uncertain: [.serviceVariation],
    headline: DeclaredHeadline(value: 80, variant: "apart"),
    model: { question in
      let share = Double(question.value) / 100
      // What 99% wait for: ln 100 ÷ what the cores have left, of one queue or the sum of two.
      let rate =
        question.isBaseline
        ? 4 / demand - log(100) / 0.05
        : largest(2 / (demand * (1 - share)), 2 / (demand * share))
      return Model(
        Term<PerSecond>.exactly(rate).named("cores ÷ demand, less the reserve"), per: .metric)
    })
}

/// Seconds of processor time of a request.
private let demand = 0.002

private func shared(_ rate: Double, _ variation: Double) -> System {
  let server = Tier("server", servers: 4, service: .varying(mean: .seconds(demand), by: variation))
  return System { Source("reads", .poisson(perSecond: rate), to: server) }
}

private func apart(_ rate: Double, _ share: Double, _ variation: Double) -> System {
  let web = Tier(
    "web", servers: 2, service: .varying(mean: .seconds(demand * (1 - share)), by: variation))
  let database = Tier(
    "database", servers: 2, service: .varying(mean: .seconds(demand * share), by: variation))
  return System { Source("reads", .poisson(perSecond: rate), to: web.then(database)) }
}

/// The largest load at which the sum of two waits exceeds 50 ms for 1%, where the first station can
/// serve so many per second and the second so many.
private func largest(_ first: Double, _ second: Double) -> Double {
  var (low, high) = (0.0, min(first, second))
  for _ in 0..<60 {
    let rate = (low + high) / 2
    let (a, b) = (first - rate, (second - rate) * 1.000_1)
    let exceeding = (b * exp(-a * 0.05) - a * exp(-b * 0.05)) / (b - a)
    if exceeding > 0.01 { high = rate } else { low = rate }
  }
  return low
}
