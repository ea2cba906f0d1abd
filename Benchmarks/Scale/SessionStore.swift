import Harness
import LoadBenches
import Results
import Shop

extension Experiment {
  /// Sessions in the memory of a node, or in a store that all nodes share.
  static let sessionStore = Experiment(
    id: "scale/session-store",
    title: "Sticky sessions in memory → a shared store",
    slot: "scale/10k/architecture",
    claim: """
      When one of n nodes dies, sessions in memory that stick by a cookie lose one in n; sessions \
      that stick by a hash over the nodes keep no more than one in n, since the hash sends all \
      others elsewhere. A shared store loses none; on one machine it costs a view of a cart a few \
      per cent.
      """,
    mechanism: """
      480 visitors fill carts at {point}, each a process of its own, and one process is killed. A \
      balancer that remembers each session's node moves those of the dead node only. One that \
      computes the node as a hash modulo the number of live nodes (HAProxy's `balance source` \
      without consistent hashing) keeps a session only where both remainders name the same node: one \
      in n. The shared store is a database that all processes have open; the sessions are rows, or \
      hashes at a Redis server that is asked over loopback.
      """,
    limits: """
      The store is a file on the same machine, or a Redis server there. In a network a view of a \
      cart costs a round trip more, and the store has to outlive its own failures; this Redis \
      writes nothing to the disk. Consistent hashing loses one in n, as the cookie does. Sessions \
      that are signed and kept by the client need no store, but can't be revoked and must be \
      small.
      """,
    diagram: """
      flowchart LR
        b["balancer"] -- "cookie" --> c["memory: {by cookie} of all sessions kept"]
        b -- "hash modulo n" --> h["memory: {by hash} kept"]
        b -- "any node" --> s["shared store: {shared store} kept"]
        b -- "any node" --> r["Redis: {Redis} kept"]
        h -- "{speedup} with {point}" --> s
      """,
    sweep: .count("nodes", [2, 4, 8], smoke: 2, label: { "\($0) nodes" }),
    metric: .share("sessions kept", lowerIsBetter: false),
    signals: ["cart view"],
    needs: [.cores(2), .storage(bytes: 40 * ShopBench.needed)],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "death of a node") },
    variants: [
      variant("by hash", "remainder", .memory, remainder, rerouting: remainder),
      variant(
        "by cookie", "remembered", isReference: true, .memory, byTurns, rerouting: remembered),
      variant("shared store", "remembered", .database, byTurns, rerouting: remembered),
      variant(
        "Redis", "remembered", isReference: true, .redis, needs: SessionNodes.redisNeeds, byTurns,
        rerouting: remembered),
    ],
    headline: DeclaredHeadline(value: 4, variant: "shared store"),
    model: { question in
      let nodes = Double(question.value)
      let share =
        switch question.variant {
        case "by hash": 1 / nodes
        case "by cookie": 1 - 1 / nodes
        default: 1.0
        }
      return Model(Ratio.exactly(100 * share).named("sessions whose node lives"), per: .metric)
    })
}

/// The n-th of the nodes that live; the first is the one that dies.
@Sendable private func remainder(_ session: Int, _ nodes: Int) -> Int {
  // Of addresses, as a hash spreads them.
  var hash = UInt64(session) &* 0x9E37_79B9_7F4A_7C15
  hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
  return Int(truncatingIfNeeded: (hash ^ (hash >> 27)) >> 1) % nodes
}

@Sendable private func byTurns(_ session: Int, _ nodes: Int) -> Int { session % nodes }

/// Those of the dead node go to any, all others stay where they are.
@Sendable private func remembered(_ session: Int, _ left: Int) -> Int {
  let node = session % (left + 1)
  return node == 0 ? session / (left + 1) % left : node - 1
}

private func variant(
  _ name: String, _ shows: String, isReference: Bool = false, _ store: SessionNodes.Store,
  needs: [Requirement] = [], _ routing: @escaping SessionNodes.Routing,
  rerouting: @escaping SessionNodes.Routing
) -> Variant {
  Variant(
    name, isReference: isReference, shows: [shows], needs: needs,
    prepare: { try SessionNodes($0, store) }, report: { $0.report },
    run: { nodes in orEnd { try nodes.loseOne(routing, rerouting) } })
}
