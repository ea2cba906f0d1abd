import Harness
import Results
import Techniques

extension Experiment {
  /// Caches behind a client that chooses one by the key, before and after one of them is gone.
  static let consistentHashing = Experiment(
    id: "network/consistent-hashing",
    title: "A cache node leaves: hash modulo n → ring, jump hash, Maglev",
    slot: "performance/network/balancing",
    claim: """
      When one of n cache nodes leaves, hashing modulo n sends nearly all requests to a node that \
      does not have the key, and more so with more nodes; consistent hashing loses only the keys of \
      the node that left, 1/n of them.
      """,
    mechanism: """
      A remainder changes with the divisor: of n nodes only 1/n of the keys have the same remainder \
      modulo n − 1. On a ring, each node owns the arcs before its points; only the arcs of the node \
      that left get new owners. Jump hash computes the same from the key alone, without memory. \
      Maglev fills a table by turns, so that a look-up is one load. Here the caches are full LRU \
      caches in this process, every key is requested once after the node has left, and a miss \
      fetches the value from the origin. The symptom is the origin's load after each deployment.
      """,
    limits: """
      Misses are counted while the caches refill: later requests hit again. A ring is uneven: with \
      100 points per node the fullest node has about a fifth more than the mean, and the misses of \
      a node's leaving vary as much. Maglev moves a few keys of other nodes too, which counts with \
      many nodes. Jump hash can lose only the last node, which is the one that \
      leaves here; Maglev must build its table again. Caches without room for the moved keys lose \
      further ones.
      """,
    diagram: """
      flowchart LR
        subgraph before["modulo: {modulo}"]
          direction LR
          k0["key"] -- "hash mod n" --> n0["{point} nodes, one less"] -- "miss" --> o0["origin"]
        end
        subgraph after["consistent hashing"]
          direction LR
          k1["key"] --> n1["ring: {ring} | jump hash: {jump hash} | Maglev: {Maglev}"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count("nodes", [3, 10, 30], smoke: 3),
    metric: .share(misses, lowerIsBetter: true),
    signals: ["ns per look-up", "fullest node ÷ mean"],
    tolerates: countTolerates,
    work: { _ in Work(elements: Double(2 * keyCount), each: "request") },
    variants: [
      variant("modulo") { names, _ in ModuloPlacement(nodes: names.count) },
      variant("ring") { names, _ in HashRing(nodes: names, points: 100) },
      variant("jump hash") { names, _ in JumpPlacement(nodes: names.count) },
      variant("Maglev") { names, _ in MaglevTable(nodes: names) },
    ],
    noYardstick: "The keys of the node that left are lost in any case: 1/n is the limit.",
    headline: DeclaredHeadline(value: 10, variant: "Maglev"),
    model: { question in
      let nodes = Double(question.value)
      let own = Term<Percent>.exactly(100 / nodes)
      guard !question.isBaseline else {
        return Model((Term<Percent>.exactly(100) - own).named("other remainder"), per: .metric)
      }
      return Model(own.named("keys of the node that left"), per: .metric)
    })
}

private func variant<Placement: KeyPlacement>(
  _ name: String, _ placement: @escaping @Sendable ([UInt64], Int) -> Placement
) -> Variant {
  Variant(
    name, shows: ["requestAll"],
    prepare: { point in
      // Nodes have other names in each process, so that a ring has other arcs.
      let names = (0..<UInt64(point.value)).map { $0 &+ point.seed }
      return Fleet(
        point, before: placement(names, point.value),
        after: placement(Array(names.dropLast()), point.value))
    },
    report: { $0.reports }, run: { fleet in requestAll(fleet) })
}

/// Fills the caches, and requests every key again when the last node has left.
@inline(never)
private func requestAll<Placement: KeyPlacement>(_ fleet: Fleet<Placement>) -> UInt64 {
  var caches = Caches(count: fleet.nodes, capacity: 3 * keyCount / fleet.nodes)
  for key in fleet.keys { _ = caches.request(key, from: fleet.before.node(of: key)) }
  caches.missed = 0
  var sum: UInt64 = 0
  for key in fleet.later { sum &+= caches.request(key, from: fleet.after.node(of: key)) }
  fleet.missed = caches.missed
  return sum
}
