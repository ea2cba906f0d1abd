import Harness
import Results

extension Experiment {
  /// Carts that are changed in two regions.
  static let conflictResolution = Experiment(
    id: "scale/conflict-resolution",
    title: "The last writer wins → merge what both wrote, in a set that knows its history",
    slot: "scale/100k/consistency",
    claim: """
      Of carts that two regions change every 20 ms, with 1 ms between them and the link cut for a \
      tenth of the time, the last writer's cart keeps 95% of the changes with equal clocks, and \
      77% if one clock is 20 ms ahead; the union of both carts brings back what was removed, and a \
      replicated set keeps every change.
      """,
    mechanism: """
      Changes are expected to be lost if two regions write within the delay of replication, or \
      while the link is cut. With skewed clocks it takes no simultaneous writes: after a change by \
      the clock that is ahead, all changes of the other region are older for as long as the skew, \
      and are dropped in silence, though they were made with the former in view. A union of both \
      carts drops nothing that was added, and cannot tell a removal from an addition that it has \
      not seen. A set with a version vector can. The regions are threads that send each other \
      carts; a message that is sent while the link is cut arrives after it. The prediction is the \
      simulation of the same regions.
      """,
    limits: """
      Merging per item instead of per cart loses less by the last writer. A replicated set still \
      has an opinion: an addition wins over a removal at the same time. Rules across values (stock \
      that must not be negative, one owner of a name) need an order, not a merge. History costs \
      memory: here a number per item and region. Between real regions all times are a hundred \
      times as long, which changes no share. A thread that is kept from its processor is late as a \
      longer delay would make it, so that a busy machine loses more.
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
    sweep: .count("clock skew", [0, 20], smoke: 0, label: { "\($0) ms ahead" }),
    metric: .share("changes kept", lowerIsBetter: false),
    needs: [.cores(2)], tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in
      Work(elements: Double(Regions.carts) * Regions.window / Regions.gap, each: "change")
    },
    variants: [
      variant("last writer", .lastWriter), variant("union", .union),
      variant("replicated set", .replicatedSet),
    ],
    headline: DeclaredHeadline(value: 20, variant: "replicated set"),
    model: { question in
      let kind: Cart.Kind =
        switch question.variant {
        case "last writer": .lastWriter
        case "union": .union
        default: .replicatedSet
        }
      return Model(
        Term<Percent>.simulated("simulated share") { seed in
          100 * Region.simulated(kind, skew: Double(question.value) / 1_000, seed: seed)
        }, per: .metric)
    })
}

private func variant(_ name: String, _ kind: Cart.Kind) -> Variant {
  Variant(
    name, shows: ["variant"], prepare: { try RegionThreads($0) },
    report: { ["changes kept": .share($0.kept)] }, run: { $0.run(kind) })
}
