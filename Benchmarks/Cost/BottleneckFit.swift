import Harness
import Results

extension Experiment {
  /// Which family of servers fits a service's ratio of memory to processor.
  static let bottleneckFit = Experiment(
    cost: "bottleneck-fit", "compute/right-sizing",
    title: "The family of a server: by habit, general → by what binds, compute",
    claim: """
      A family with half the memory is cheaper only for services that use little more memory than \
      it has: from about two and a half gibibytes for each busy core on, the general family wins.
      """,
    mechanism: """
      The number of servers is what the scarcer of processor and memory asks for. Twice the memory \
      costs an eighth more, so that a service which needs an eighth more memory than the compute \
      family has is better off in the general one, long before its memory is full. What is bought \
      and not used is not waste if the smaller server is nearly as expensive.
      """,
    limits: """
      The price of memory follows from two families of one generation of one provider. Services \
      whose need changes with load are sized for its peak. Packing services of unlike needs onto one \
      server uses both resources: see the limits of each first.
      """,
    diagram: """
      flowchart LR
        subgraph before["general: {general}"]
          s0["{point}"] --> g0["4 GiB per core"]
        end
        subgraph after["compute: {compute}"]
          s1["{point}"] --> c1["2 GiB per core"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "memory that is used", [5, 10, 16, 20, 24, 32, 48, 80],
      smoke: 20, label: { "\((Double($0) / 10).brief) GiB per core" }),
    rule: RuleOfThumb(
      "compute servers for up to 2 GiB per core, general ones for up to 4", breakEven: 20,
      source: "the families' own ratios"),
    options: [
      option(
        "general", code: "fleet",
        bill: { tenths, _ throws(MissingNumber) in
          try fleet("compute.m7g.large", gibibytes: 8, needing: tenths / 10)
        }),
      option(
        "compute", code: "fleet",
        bill: { tenths, _ throws(MissingNumber) in
          try fleet("compute.c7g.large", gibibytes: 4, needing: tenths / 10)
        }),
    ])
}

/// Cores that are busy in the whole service.
private let cores = 100.0

/// As many servers as the scarcer resource needs, each of two cores.
private func fleet(
  _ name: String, gibibytes: Double, needing perCore: Double
) throws(MissingNumber) -> Bill {
  let busy = Ratio.assumed("share of the cores that may be used", 0.6, in: 0.4...0.8)
  let full = Ratio.assumed("share of the memory that may be used", 0.8, in: 0.65...0.9)
  let system = Ratio.assumed("GiB for the system on each server", 0.5, in: 0.2...1)
  let byCores = .exactly(cores / 2) / busy
  let byMemory = .exactly(cores * perCore) / (full * (gibibytes - system))
  return longest(byCores, byMemory).roundedUp * (try Provider.aws.monthly(name))
}
