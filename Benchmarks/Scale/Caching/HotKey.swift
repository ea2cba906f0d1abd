import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Popular keys on the nodes of a cache, by hash or on all of them.
  static let hotKey = Experiment(
    id: "scale/hot-key",
    title: "Each key on one node → the most popular keys on all nodes",
    slot: "scale/1m/caching",
    claim: """
      By Zipf's law the busiest of 64 nodes has six times the mean load if each key has one owner, \
      and more nodes make it worse; with the ten most popular keys on all nodes it is 1.7 times \
      the mean, with n ln n keys for n nodes hardly more than the mean.
      """,
    mechanism: """
      The most popular key alone is 8% of the requests, whatever the number of nodes: of 64 nodes \
      its owner has 8% + 1 ÷ 64 of the load, five times the mean. Adding nodes divides the rest, \
      not the key. Copies of the top keys divide them too. How many are needed depends on the \
      nodes, not on the number of keys: n ln n of them are enough for an even load (Fan et al., \
      *Small Cache, Big Effect*, SoCC 2011).
      """,
    limits: """
      A copied key has to be written on all nodes, so that hot keys which are written often need \
      another cure (scale/celebrity). Which keys are hot has to be counted, and changes. A small \
      cache in the clients or in front does the same (scale/two-level). Random hashing alone \
      leaves some unevenness: with few nodes the second and third key meet the first. The exponent \
      is 1 here. Half of Twitter's caches that are mostly read have more than 1.5 (OSDI 2020), with \
      which the most popular key alone is 38% of the requests, and its owner has 25 times the mean.
      """,
    diagram: """
      flowchart LR
        r["requests"]
        r -- "by hash" --> a["one owner: {one owner}"]
        r -- "ten keys anywhere" --> b["10 keys copied: {10 keys copied}"]
        r -- "n ln n keys anywhere" --> c["n ln n keys copied: {n ln n keys copied}"]
        a -- "{speedup} at {point}" --> c
      """,
    sweep: .count("nodes", [4, 16, 64, 256], smoke: 16, label: { "\($0) nodes" }),
    metric: .reported("busiest node ÷ mean", unit: .count, lowerIsBetter: true),
    work: { _ in Work(elements: Double(requests), each: "request") },
    variants: [
      variant("one owner") { _ in 0 },
      variant("10 keys copied") { _ in 10 },
      variant("n ln n keys copied") { Int(Double($0) * log(Double($0))) },
    ],
    uncertain: [exponent],
    headline: DeclaredHeadline(value: 64, variant: "n ln n keys copied"),
    model: { question in
      let nodes = Double(question.value)
      let copied: Int =
        switch question.variant {
        case "one owner": 0
        case "10 keys copied": 10
        default: Int(nodes * log(nodes))
        }
      // The most popular key that is not copied, and an even share of the others.
      let top = 1 / Double(copied + 1) / (1...keyCount).reduce(0) { $0 + 1 / Double($1) }
      return Model(
        Term<Pure>.exactly(top * nodes).named("its most popular key")
          + Term<Pure>.exactly(1 - top).named("an even share"), per: .metric)
    })
}

private let keyCount = 100_000
private let requests = 200_000
private let exponent = UncertainInput("popularity.cache", named: "exponent of Zipf's law")

/// The load of the busiest node, in loads of the mean node.
private func busiest(of nodes: Int, copied: Int, _ point: Point) -> Replication {
  let seed = point.seed
  let keys = KeyStream(.zipf(keyCount, exponent: point[exponent]), seed: seed, "keys")
  var random = RandomStream(seed: seed, "nodes of copied keys")
  var loads = [Int](repeating: 0, count: nodes)
  var digest: UInt64 = 0
  for _ in 0..<requests {
    let key = keys.next()
    digest = mixedHash(digest ^ UInt64(key))
    let isCopied = key < copied
    // Another seed hashes otherwise, as other keys would.
    let owner = Int(mixedHash(UInt64(key) ^ seed) % UInt64(nodes))
    loads[isCopied ? random.index(below: nodes) : owner] += 1
  }
  let mean = Double(requests) / Double(nodes)
  return Replication(
    offered: digest,
    figures: [
      "busiest node ÷ mean": Counter(Double(loads.max() ?? 0) / mean, unit: .count)
    ])
}

private func variant(_ name: String, copied: @escaping @Sendable (Int) -> Int) -> Variant {
  Variant(simulated: name, shows: ["busiest"]) { point in
    busiest(of: point.value, copied: copied(point.value), point)
  }
}
