import Harness
import Results

extension Experiment {
  /// Two threads on one core's two hardware threads, and on two cores.
  static let smtSiblings = Experiment(
    id: "cpu/smt-siblings",
    title: "Two busy threads: on one core's SMT siblings → on two cores",
    slot: "performance/cpu/hardware",
    claim: """
      Two threads that each saturate an execution unit take up to twice as long on the two \
      hardware threads of one core as on two cores; threads that mostly wait for memory or for \
      their own results take hardly longer.
      """,
    mechanism: """
      The hardware threads of a core have their own registers and share everything else: decoders, \
      execution units, caches. Eight independent chains of multiplications saturate the \
      multiplier, so that two threads must take turns. One chain leaves it mostly idle, and the \
      sibling uses it. A walk through memory waits for loads, and two threads can wait at once. \
      Both variants run the same code and differ only in the processors that the threads are \
      pinned to.
      """,
    limits: """
      Without SMT there is no effect. With more runnable threads than cores, siblings beat \
      waiting: a core's throughput with two threads is above that with one, though not twice. \
      Threads that share data are nearest to each other on siblings.
      """,
    diagram: """
      flowchart LR
        subgraph before["siblings: {siblings}"]
          direction LR
          a["thread 0"] --> c0["core 0"]
          b["thread 1"] --> c0
        end
        subgraph after["two cores: {two cores}"]
          direction LR
          d["thread 0"] --> c1["core 0"]
          e["thread 1"] --> c2["core 1"]
        end
        before -- "{speedup} for {point}" --> after
      """,
    sweep: .named("work", PairedWorkload.allCases.map(\.rawValue), smoke: 0),
    needs: [.simultaneousMultithreading, .cores(2)],
    work: { _ in Work(elements: Double(2 * PairedWorkload.steps)) },
    variants: [
      Variant(
        "siblings", shows: ["keepBusy"], prepare: { try LoadedPair($0) { $0.siblings } },
        run: { $0.run(keepBusy) }),
      Variant(
        "two cores", shows: ["keepBusy"], prepare: { try LoadedPair($0) { $0.cores } },
        run: { $0.run(keepBusy) }),
    ],
    // The case that the claim is about: an execution unit that one thread saturates.
    headline: DeclaredHeadline(value: 0, variant: "two cores"),
    model: { question in
      let workload = PairedWorkload.allCases[question.value]
      guard workload != .walk else { return nil }
      let alone = Ratio.exactly(1).named("one thread alone")
      guard question.isBaseline else { return Model(alone, per: .relative) }
      // A multiplication can start in each cycle. In a chain it takes four cycles to the upper half
      // and one more to mix the halves.
      let use = Ratio.input(
        "the multiplier's utilisation by a thread", workload == .oneChain ? 1.0 / 5 : 1,
        source: "Fog, Instruction Tables")
      return Model(
        longest(alone, (2 * use).named("multiplier, shared by both threads")), per: .relative)
    })
}

@inline(never)
private func keepBusy(_ workload: PairedWorkload, _ chain: UnsafeBufferPointer<Int32>) -> Int {
  let steps = PairedWorkload.steps
  switch workload {
  case .eightChains:
    let start = UInt64(truncatingIfNeeded: chain.count)
    var (a, b, c, d) = (start, start &+ 1, start &+ 2, start &+ 3)
    var (e, f, g, h) = (start &+ 4, start &+ 5, start &+ 6, start &+ 7)
    for _ in 0..<steps / 8 {
      (a, b, c, d) = (mixed(a), mixed(b), mixed(c), mixed(d))
      (e, f, g, h) = (mixed(e), mixed(f), mixed(g), mixed(h))
    }
    return Int(truncatingIfNeeded: a ^ b ^ c ^ d ^ e ^ f ^ g ^ h)
  case .oneChain:
    var state = UInt64(truncatingIfNeeded: chain.count)
    for _ in 0..<steps { state = mixed(state) }
    return Int(truncatingIfNeeded: state)
  case .walk:
    var place = 0
    for _ in 0..<steps { place = Int(chain[place]) }
    return chain.count
  }
}

/// A multiplication that uses both halves of its product: no vector instruction does that, and two
/// of them can't be merged into one.
@inline(__always)
private func mixed(_ value: UInt64) -> UInt64 {
  let product = value.multipliedFullWidth(by: 0x5851_F42D_4C95_7F2D)
  return product.high ^ product.low
}
