import Glibc
import Harness
import Results
import Simulation
import Techniques

extension Experiment {
  /// Carts that are changed in two regions.
  static let conflictResolution = Experiment(
    id: "scale/conflict-resolution",
    title: "The last writer wins → merge what both wrote, in a set that knows its history",
    slot: "scale/100k/consistency",
    claim: """
      Of carts that are changed in two regions every other second, the last writer's cart keeps \
      98% of the changes with equal clocks, and 83% if one clock is two seconds ahead; the union \
      of both carts brings back what was removed, and a replicated set keeps every change.
      """,
    mechanism: """
      Changes are expected to be lost if two regions write within the delay of replication, 100 \
      ms. With skewed clocks it takes no simultaneous writes: after a change by the clock that is \
      ahead, all changes of the other region are older for as long as the skew, and are dropped in \
      silence, though they were made with the former in view. A union of both carts drops nothing \
      that was added, and cannot tell a removal from an addition that it has not seen. A set with \
      a version vector can.
      """,
    limits: """
      Merging per item instead of per cart loses less by the last writer. A replicated set still \
      has an opinion: an addition wins over a removal at the same time. Rules across values (stock \
      that must not be negative, one owner of a name) need an order, not a merge. History costs \
      memory: here a number per item and region.
      """,
    diagram: """
      flowchart LR
        a["region A"] -- "100 ms" --> b["region B"]
        b -- "100 ms" --> a
        a --> l["last writer: {last writer}"]
        a --> u["union: {union}"]
        a --> s["replicated set: {replicated set}"]
        l -- "{speedup} at {point}" --> s
      """,
    sweep: .count(
      "clock skew", [0, 100, 500, 2_000, 5_000], smoke: 500, label: { "\($0) ms ahead" }),
    metric: .share("changes kept", lowerIsBetter: false),
    work: { _ in Work(elements: Double(carts * changes), each: "change") },
    variants: [
      variant("last writer", .lastWriter), variant("union", .union),
      variant("replicated set", .replicatedSet),
    ],
    uncertain: [gap, delay],
    headline: DeclaredHeadline(value: 2_000, variant: "replicated set"),
    model: { question in
      // A change is lost if the other region writes later, before it has heard of it.
      let lost = 1 - exp(-delay.estimate / (2 * gap.estimate))
      return Model(
        Term<Percent>.exactly(question.isBaseline ? 100 * (1 - lost) : 100)
          .named("no change of the other region under way"), per: .metric)
    })
}

private let (carts, changes) = (80, 40)
private let gap = UncertainInput("seconds between two changes", 2, in: 0.2...30)
private let delay = UncertainInput("seconds to the other region", 0.1, in: 0.02...1)

/// Seven of ten changes add something new, the others remove something that is seen there. A change
/// is kept if the cart shows it in the end.
private func shopping(_ kind: Cart.Kind, skew: Double, _ point: Point) -> Replication {
  var random = RandomStream(seed: point.seed, "changes")
  var (kept, digest) = (0, UInt64(0))
  for _ in 0..<carts {
    var regions = [Cart(), Cart()]
    var (time, isWanted): (Double, [Int: Bool]) = (0, [:])
    var underWay: [(time: Double, to: Int, cart: Cart)] = []
    for item in 0..<changes {
      time += random.exponential(mean: point[gap])
      while let first = underWay.first, first.time <= time {
        regions[first.to].merge(underWay.removeFirst().cart)
      }
      let (here, removes, choice) = (
        random.index(below: 2), random.happens(with: 0.3), random.uniform()
      )
      digest = mixedHash(digest ^ time.bitPattern ^ UInt64(here))
      let shown = regions[here].elements(kind).sorted()
      let removed = removes && !shown.isEmpty ? shown[Int(choice * Double(shown.count))] : nil
      let changed = removed ?? item
      regions[here].change(
        changed, isAdded: removed == nil, at: time + (here == 0 ? skew : 0), node: here)
      isWanted[changed] = removed == nil
      underWay.append((time + point[delay], 1 - here, regions[here]))
    }
    for late in underWay { regions[late.to].merge(late.cart) }
    let end = regions[0].elements(kind).union(regions[1].elements(kind))
    kept += isWanted.count { end.contains($0.key) == $0.value }
    // Two changes of one item count once.
    kept += changes - isWanted.count
  }
  return Replication(
    offered: digest, figures: ["changes kept": .share(Double(kept) / Double(carts * changes))])
}

private func variant(_ name: String, _ kind: Cart.Kind) -> Variant {
  Variant(simulated: name, shows: ["shopping"]) {
    shopping(kind, skew: Double($0.value) / 1_000, $0)
  }
}
