import Harness
import Results

extension Experiment {
  /// Where to cut a monolith.
  static let boundaryByGraph = Experiment(
    id: "migration/boundary-by-graph",
    title: "Cutting a monolith: by layers → by clusters of the traced calls",
    slot: "migration/services/boundaries",
    claim: """
      Cut by layers, most calls of a request cross a service border; cut along the clusters of \
      its traced calls, only those do that cross the business areas, as long as these are few. \
      From about two in five calls between areas on, the clusters are no longer the areas.
      """,
    mechanism: """
      The planted truth: eight business areas with a module in each of four layers. A traced \
      request begins in one area, and each of its ten calls goes to a module of the same area, \
      or with {point} to one of another. Layers are what the source's folders show, so that they \
      are what teams cut by first. The clusters are found without knowing the areas: each module \
      alone at first, then again and again the two clusters are joined that raise modularity \
      most, the share of calls inside clusters above what chance would put there (Clauset, \
      Newman and Moore, 2004), until no pair raises it. Other requests than the traced ones are \
      then counted.
      """,
    limits: """
      Modularity cannot see clusters with fewer than about √(2 × calls) links between them and \
      joins them (Fortunato and Barthélemy, 2007): the number of services that comes out is not \
      a result. Calls are not all: a transaction across the border hurts more than a call, so \
      weigh the edges. A cut in few large pieces always crosses little; in one piece never. \
      Traces of a quiet week lack the end of the year.
      """,
    diagram: """
      flowchart LR
        m["32 modules, traced"] --> l["4 layers: {by layers}"]
        m --> c["clusters: {by clusters}"]
        m --> t["the planted areas: {planted areas}"]
        l -- "{speedup} with {point}" --> c
      """,
    sweep: .count(
      "calls between areas", [5, 20, 40], smoke: 20, label: { "\($0) % between areas" }),
    metric: .reported("calls across services per request", unit: .count, lowerIsBetter: true),
    signals: ["services", "areas found whole"],
    work: { _ in Work(elements: Double(TracedMonolith.requests), each: "request") },
    variants: [
      variant("by layers", shows: "layers", layers),
      variant("planted areas", shows: "areas", isReference: true, areas),
      variant("by clusters", shows: "clusters", clusters),
    ],
    noUncertainty: """
      The truth is planted: areas and layers. The share of calls between areas is the axis.
      """,
    model: { question in
      let between = Double(question.value) / 100
      // A call goes to one of the other modules of its area, or to any of another.
      let perLayer = 1 / Double(TracedMonolith.layers)
      let share: Double =
        question.variant == "by layers"
        ? (1 - between) + between * (1 - perLayer) : between
      return Model(
        Ratio.exactly(Double(TracedMonolith.calls) * share).named("calls that cross"),
        per: .metric)
    })
}

private typealias Cut = @Sendable (TracedMonolith) -> [Int]

private func variant(
  _ name: String, shows: String, isReference: Bool = false, _ cut: @escaping Cut
) -> Variant {
  Variant(simulated: name, isReference: isReference, shows: [shows]) { point in
    TracedMonolith.replication(point, cut)
  }
}

private func layers(_ monolith: TracedMonolith) -> [Int] {
  (0..<TracedMonolith.modules).map { $0 % TracedMonolith.layers }
}

private func areas(_ monolith: TracedMonolith) -> [Int] {
  (0..<TracedMonolith.modules).map { $0 / TracedMonolith.layers }
}

/// Modules that call each other more than chance has it.
private func clusters(_ monolith: TracedMonolith) -> [Int] { monolith.graph.clusters() }
