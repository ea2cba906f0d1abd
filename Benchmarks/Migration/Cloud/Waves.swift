import Harness
import Results

extension Experiment {
  /// In which order the parts of a system move to another site.
  static let waves = Experiment(
    id: "migration/waves",
    title: "A system moves in four waves: team by team → along the calls",
    slot: "migration/cloud/assessment",
    claim: """
      While half of a system is here and half there, calls between the halves cross the WAN: more \
      than half of all calls if the teams of a layer move together, and a few if the modules that \
      call each other do. It lasts as long as the migration, and the middle wave is the worst.
      """,
    mechanism: """
      32 modules of eight business areas in four layers, each layer a team's (front end, rules, \
      data access, databases); ten calls per request, {point}. By teams a layer moves in each \
      wave; a call inside an area goes to another layer, which is on the other side with 2 k (4 − \
      k) ÷ 12 after wave k. Along the calls a wave is two clusters of the traced calls \
      (`migration/boundary-by-graph`), so that only calls between areas cross, with about 2 f (1 \
      − f) where a share f has moved. Counted on other requests than the traced ones, as the mean \
      of the three stages in between. At 20 ms per round trip each call that crosses is 20 ms, if \
      they are made one after the other (made over a link in `migration/waves-on-link`).
      """,
    limits: """
      Waves also end where licences do, and where a team has time; what has to wait pays for it \
      here. Data can move as a copy before its users, and then reads don't cross. A page that \
      makes its calls at once waits for one round trip and not for five (`migration/coarse-api`). \
      One big wave crosses nothing, and is a big bang. What the WAN bills for the bytes is not \
      counted.
      """,
    diagram: """
      flowchart LR
        subgraph before["by teams: {by teams}"]
          direction LR
          h0["a layer here"] -- "WAN" --> c0["a layer there"]
        end
        subgraph after["along the calls: {along the calls}"]
          direction LR
          h1["areas here"] -- "{point}" --> c1["areas there"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "calls between areas", [5, 20, 40], smoke: 20,
      label: { "\($0) % of the calls between areas" }),
    metric: .reported("calls over the WAN per request", unit: .count, lowerIsBetter: true),
    signals: ["in the worst stage"],
    work: { _ in Work(elements: Double(TracedMonolith.requests), each: "request") },
    variants: [
      variant("by teams", shows: "byTeams", TracedMonolith.byTeams),
      variant("along the calls", shows: "alongTheCalls", TracedMonolith.alongTheCalls),
    ],
    noUncertainty: """
      The truth is planted: areas and layers. The share of calls between areas is the axis.
      """,
    model: { question in
      Model(
        Ratio.exactly(TracedMonolith.crossing(question)).named("calls that cross"), per: .metric)
    })
}

private func variant(_ name: String, shows: String, _ order: @escaping WaveOrder) -> Variant {
  Variant(simulated: name, shows: [shows]) { TracedMonolith.moved($0, by: order) }
}

/// The wave of each module, from 0.
typealias WaveOrder = @Sendable (TracedMonolith) -> [Int]

extension TracedMonolith {
  static func byTeams(_ monolith: TracedMonolith) -> [Int] {
    (0..<modules).map { $0 % layers }
  }

  /// Expected calls of a request that cross, in the mean of the stages k = 1, 2, 3.
  ///
  /// By teams: inside an area with 2 k (4 − k) ÷ 12, between areas with 2 (k ÷ 4) (1 − k ÷ 4). Along the
  /// calls another area is on the other side with 2 × 2k (8 − 2k) ÷ (8 × 7).
  static func crossing(_ question: Question) -> Double {
    let between = Double(question.value) / 100
    return Double(calls)
      * (question.isBaseline ? (1 - between) * 20 / 36 + between * 5 / 12 : between * 80 / 168)
  }

  /// A quarter of the modules in each wave, whole clusters first to last.
  static func alongTheCalls(_ monolith: TracedMonolith) -> [Int] {
    let cluster = monolith.graph.clusters()
    let order = cluster.indices.sorted { (cluster[$0], $0) < (cluster[$1], $1) }
    var wave = [Int](repeating: 0, count: order.count)
    for (place, module) in order.enumerated() { wave[module] = place * layers / order.count }
    return wave
  }
}
