import Harness
import Results
import Statistics

extension Experiment {
  /// Modules that use each other in a circle.
  static let cycles = Experiment(
    id: "migration/cycles",
    title: "Files rebuilt per change: modules with a cycle → in layers",
    slot: "migration/services/debt",
    claim: """
      One use from a lower module of a higher one, added to this project's modules, has a change \
      rebuild a quarter more of its files, and four of them twice as many; taking cycles out \
      brings that back. But most of what is rebuilt comes from the layers themselves: a change \
      that leaves its module's interface alone rebuilds a fifth of what one does that changes it.
      """,
    mechanism: """
      The modules of perflab as they stood in November 2026, with their files, their uses of each \
      other, and how many of 561 commits changed each. A change of a module has all modules \
      rebuilt that use it, directly or not (a build system knows no better where the interface \
      has changed). Planted: {point}, each from a module to one that uses it. What lies on a \
      circle is one unit: each of its modules uses each other one. Changes fall on modules as \
      often as they did in the history, which is on the lower ones more often than their size \
      says.
      """,
    limits: """
      Counted by the rules of make over the project's own graph, not compiled: minutes follow \
      files only roughly. A compiler that refuses cyclic modules, as Swift's does, has people put \
      everything into one module instead, which is the same unit. Cycles inside a module are not \
      seen here, and cost the same within it. A cycle also keeps parts from being tested or moved \
      alone, which counts more than the build.
      """,
    diagram: """
      flowchart LR
        subgraph before["with a cycle: {with a cycle}"]
          direction LR
          a0["high"] --> b0["middle"] --> c0["low"]
          c0 -- "{point}" --> a0
        end
        body["interface unchanged: {interface unchanged}"]
        subgraph after["in layers: {in layers}"]
          direction LR
          a1["high"] --> b1["middle"] --> c1["low"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "uses of higher modules", [1, 2, 4], smoke: 1,
      label: { $0 == 1 ? "1 use of a higher module" : "\($0) uses of higher modules" }),
    metric: .reported("files rebuilt per change", unit: .count, lowerIsBetter: true),
    signals: ["modules in the largest unit"],
    work: { _ in Work(elements: 1, each: "change") },
    variants: [
      variant("with a cycle", shows: "withCycle", withCycle),
      variant(
        "interface unchanged", shows: "inLayers", isReference: true, isRebuilt: false, inLayers),
      variant("in layers", shows: "inLayers", inLayers),
    ],
    noUncertainty: """
      Modules, their uses and their changes are this project's own, counted; what is drawn is \
      which uses are planted.
      """,
    headline: DeclaredHeadline(value: 1, variant: "in layers"),
    model: { question in
      let modules = ModuleGraph.perflab
      switch question.variant {
      case "in layers":
        return Model(
          Ratio.exactly(modules.filesRebuilt()).named("files of all users, by changes"),
          per: .metric)
      case "with a cycle":
        // All uses that close a circle, each as likely; further ones are not independent.
        guard question.value == 1 else { return nil }
        let all = modules.upwardUses.map { modules.adding([$0]).filesRebuilt() }
        return Model(
          Ratio.exactly(all.reduce(0, +) / Double(all.count)).named("mean over all such uses"),
          per: .metric)
      default:
        return Model(
          Ratio.exactly(modules.filesOfChanged).named("files of the changed module"), per: .metric)
      }
    })
}

private func withCycle(_ uses: [(from: Int, to: Int)]) -> ModuleGraph {
  ModuleGraph.perflab.adding(uses)
}

private func inLayers(_ uses: [(from: Int, to: Int)]) -> ModuleGraph { ModuleGraph.perflab }

private func variant(
  _ name: String, shows: String, isReference: Bool = false, isRebuilt: Bool = true,
  _ graph: @escaping @Sendable ([(from: Int, to: Int)]) -> ModuleGraph
) -> Variant {
  Variant(simulated: name, isReference: isReference, shows: [shows]) { point in
    var random = SeededGenerator(seed: point.seed)
    let (upward, rounds) = (ModuleGraph.perflab.upwardUses, Releases.areFew ? 10 : 100)
    var (files, largest) = (0.0, 0.0)
    for _ in 0..<rounds {
      let uses = (0..<point.value).map { _ in upward.randomElement(using: &random)! }
      let graph = graph(uses)
      files += isRebuilt ? graph.filesRebuilt() : graph.filesOfChanged
      largest += Double(graph.largestUnit)
    }
    return Replication(
      offered: random.next(),
      figures: [
        "files rebuilt per change": .count(files / Double(rounds)),
        "modules in the largest unit": .count(largest / Double(rounds)),
      ])
  }
}
