import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// A node is added, and keys move to it.
  static let resharding = Experiment(
    id: "scale/resharding",
    title: "Modulo → a ring → a ring whose nodes have a limit",
    slot: "scale/100m/sharding",
    claim: """
      A ring moves a tenth of the keys when a tenth node is added where modulo moves 90%, and its \
      fullest node has 15% more than the mean; limiting each node to 5% above the mean moves a \
      sixth more keys, with fifty nodes 40% more than the ring, since keys that had overflowed go \
      back.
      """,
    mechanism: """
      A ring gives the new node the arcs before its points and changes nothing else: 1 ÷ n of the \
      keys. Its arcs are uneven, so that the fullest node has a fifth more than the mean. With a \
      limit, keys that find their node full go on to the next one. A new node makes room on \
      others, and keys that had overflowed belong to their first choice again: these move too, \
      though neither of their nodes is new.
      """,
    limits: """
      The tighter the limit, the more keys lie elsewhere and move; with twice the mean as the \
      limit hardly any do. Keys are alike here; popular ones need copies (scale/hot-key). Counting \
      the load of all nodes must be cheap: requests, not keys, are limited in practice. Mirrokni, \
      Thorup and Zadimoghaddam, *Consistent Hashing with Bounded Loads*, SODA 2018.
      """,
    diagram: """
      flowchart LR
        k["keys, {point}"]
        k -- "hash mod n" --> m["modulo: {modulo}"]
        k -- "next point" --> r["ring: {ring}"]
        k -- "next with room, limit 1.05" --> b["ring: {limit of 1.05}"]
        k -- "next with room, limit 1.25" --> w["ring: {limit of 1.25}"]
        m -- "{speedup}" --> b
      """,
    sweep: .count("nodes", [5, 10, 20, 50], smoke: 5, label: { "\($0) nodes" }),
    metric: .share("keys that move", lowerIsBetter: true),
    signals: ["fullest node ÷ mean"],
    work: { _ in Work(elements: Double(keyCount), each: "key") },
    variants: [
      variant("modulo") { nodes, _ in
        let placement = ModuloPlacement(nodes: nodes)
        return keys.map { placement.node(of: $0) }
      },
      variant("ring") { nodes, seed in bounded(nodes, limit: .infinity, seed) },
      variant("limit of 1.25") { nodes, seed in bounded(nodes, limit: 1.25, seed) },
      variant("limit of 1.05") { nodes, seed in bounded(nodes, limit: 1.05, seed) },
    ],
    noUncertainty: """
      Nodes, points of the ring and limits are choices, and keys are hashed: nothing else enters.
      """,
    headline: DeclaredHeadline(value: 10, variant: "limit of 1.05"),
    model: { question in
      let nodes = Double(question.value)
      let moved = question.isBaseline ? 1 - 1 / nodes : 1 / nodes
      return Model(
        Term<Percent>.exactly(100 * moved).named(
          question.isBaseline ? "other remainder" : "the new node's share"), per: .metric)
    })
}

private let keyCount = 20_000
private let keys = (0..<UInt64(keyCount)).map { $0 }

/// The node of each key, which goes on to its next hash where a node has no room.
private func bounded(_ nodes: Int, limit: Double, _ seed: UInt64) -> [Int] {
  let ring = HashRing(nodes: (0..<UInt64(nodes)).map { $0 ^ seed << 8 }, points: 100)
  let most = limit * Double(keyCount) / Double(nodes)
  var loads = [Double](repeating: 0, count: nodes)
  return keys.map { key in
    var (hash, node) = (key, ring.node(of: key))
    while loads[node] + 1 > most {
      hash = mixedHash(hash)
      node = ring.node(of: hash)
    }
    loads[node] += 1
    return node
  }
}

private func variant(
  _ name: String, _ place: @escaping @Sendable (_ nodes: Int, _ seed: UInt64) -> [Int]
) -> Variant {
  Variant(simulated: name, shows: ["variant", "bounded"]) { point in
    let before = place(point.value - 1, point.seed)
    let after = place(point.value, point.seed)
    var loads = [Int](repeating: 0, count: point.value)
    for node in after { loads[node] += 1 }
    let moved = zip(before, after).count { $0 != $1 }
    return Replication(
      offered: mixedHash(point.seed),
      figures: [
        "keys that move": .share(Double(moved) / Double(keyCount)),
        "fullest node ÷ mean": Counter(
          Double(loads.max() ?? 0) * Double(point.value) / Double(keyCount), unit: .count),
      ])
  }
}
