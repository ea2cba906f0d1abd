import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Requests that bring down the server they meet, and how many customers notice.
  static let cells = Experiment(
    id: "scale/cells",
    title: "One fleet → cells → a shard of its own for each customer",
    slot: "scale/1m/multi-region",
    claim: """
      One customer whose requests crash servers takes all of a fleet of eight down, an eighth of \
      the customers in cells, and a twenty-eighth with shuffled shards of two servers; with four \
      such customers at once, shuffled shards lose more customers than cells.
      """,
    mechanism: """
      In a fleet the request is tried on one server after the other, and crashes each. A cell has \
      one server and an eighth of the customers. With shuffled shards each customer has two of \
      eight servers, one of 28 pairs, and loses service only if both are down. Two customers with \
      faults take down three or four servers, which are three to six pairs, not two: dead pairs \
      grow with the square of the dead servers. The rule of a twenty-eighth for each does not add \
      up.
      """,
    limits: """
      It holds as long as customers try their own servers alone: a client that tries further ones, \
      or a balancer that does it for them, makes one fleet of them again. More servers help more \
      than larger shards: two of 100 are 4,950 pairs. The servers that are left also get the load \
      of the others, which is not counted here. Cells are easier to deploy, to test and to move.
      """,
    diagram: """
      flowchart LR
        c["customers"]
        c -- "any server" --> f["one fleet: {one fleet}"]
        c -- "the cell's server" --> e["cells: {cells}"]
        c -- "one of two own servers" --> s["shuffled shards: {shuffled shards}"]
        f -- "{speedup} at {point}" --> s
      """,
    sweep: .count(
      "customers with faults", [1, 2, 4, 8], smoke: 2,
      label: { "\($0) customer\($0 == 1 ? "" : "s") with faults" }),
    metric: .share("customers without service", lowerIsBetter: true),
    work: { _ in Work(elements: customers, each: "customer") },
    variants: [
      variant("one fleet") { _ in Array(0..<servers) },
      variant("cells") { [Int($0 % UInt64(servers))] },
      variant("shuffled shards") { ShuffleShards(nodes: servers, each: 2).nodes(of: $0) },
    ],
    noUncertainty: """
      Counts of servers and of customers are choices, and what follows from them is counting.
      """,
    headline: DeclaredHeadline(value: 1, variant: "shuffled shards"),
    model: { question in
      let faults = Double(question.value)
      // Each customer with faults is taken by itself.
      let share: Double =
        switch question.variant {
        case "one fleet": 1
        case "cells": min(1, faults / Double(servers))
        default: min(1, faults / 28)
        }
      return Model(
        Term<Percent>.exactly(100 * share).named("those with the same servers"),
        per: .metric)
    })
}

private let servers = 8
private let customers = 2_000.0
private let rounds = 20

/// The share of customers all of whose servers are down, over a few rounds with other faults.
private func withoutService(
  _ faults: Int, _ seed: UInt64, serversOf: (UInt64) -> [Int]
) -> Replication {
  var random = RandomStream(seed: seed, "customers with faults")
  var (without, digest) = (0, UInt64(0))
  for _ in 0..<rounds {
    let first = UInt64(random.index(below: 1 << 40))
    digest = mixedHash(digest ^ first)
    // A request with a fault is tried on each of its customer's servers.
    let down = Set((0..<UInt64(faults)).flatMap { serversOf(mixedHash(first &+ $0)) })
    for customer in 0..<UInt64(customers) {
      let own = serversOf(mixedHash(first &+ UInt64(faults) &+ customer))
      if own.allSatisfy(down.contains) { without += 1 }
    }
  }
  return Replication(
    offered: digest,
    figures: [
      "customers without service": .share(Double(without) / (Double(rounds) * customers))
    ])
}

private func variant(_ name: String, _ serversOf: @escaping @Sendable (UInt64) -> [Int]) -> Variant
{
  Variant(simulated: name, shows: ["withoutService"]) { point in
    withoutService(point.value, point.seed, serversOf: serversOf)
  }
}
