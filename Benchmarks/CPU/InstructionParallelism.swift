import Harness
import Results

extension Experiment {
  /// A sum as one chain of additions and as several.
  static let instructionParallelism = Experiment(
    id: "cpu/instruction-parallelism",
    title: "A sum of Double: one chain of additions → k chains",
    slot: "performance/cpu/hardware",
    claim: """
      A sum taken as k independent chains is up to k times as fast as one chain, until the \
      processor's adders are busy at every moment; more chains than latency × throughput gain \
      nothing.
      """,
    mechanism: """
      An addition takes some cycles, and the next of the same chain must wait for it, while the \
      adders could begin others. One chain is a row of `vaddsd` on one register; k chains are the \
      same instruction on k registers, each over its own part of the array, and an out-of-order \
      core runs them side by side. No vectors are involved: the parts lie far apart, and a \
      scalar `vaddsd` with a memory operand does each step on both sides.
      """,
    limits: """
      Rounding follows another order, so the last digits may differ. Each chain needs a register. \
      Once data come from memory, the bandwidth decides. A loop whose steps don't depend on each \
      other has this parallelism already.
      """,
    diagram: """
      flowchart LR
        subgraph before["one chain: {one chain}"]
          direction LR
          a0["+ a0"] --> a1["+ a1"] --> a2["+ a2"] --> a3["…"]
        end
        subgraph after["k chains: {k chains}"]
          direction TB
          s0["+ a0 → + a1 → …"] --> t["total"]
          s1["+ b0 → + b1 → …"] --> t
          s2["+ c0 → + c1 → …"] --> t
        end
        before -- "{speedup} with k = {point}" --> after
      """,
    sweep: .count("chains", [1, 2, 3, 4, 5, 6, 7, 8], smoke: 3),
    signals: ["instructions"],
    tolerance: .relative(1e-12),
    work: { _ in
      let elements = Double(passes.count * termCount)
      return Work(elements: elements, bytes: 8 * elements, floatOperations: elements)
    },
    variants: [
      Variant(
        "one chain", shows: ["sumInChains"],
        prepare: { Terms($0) },
        run: { terms in passes.sum { terms.sum(chains: 1) } }),
      Variant(
        "k chains", shows: ["sumInChains"],
        prepare: { Terms($0) },
        run: { terms in passes.sum { terms.sum(chains: terms.chains) } }),
    ],
    predict: { question throws(MissingNumber) in
      let latency = try question.number("add.latency")
      let slot = try question.number("fma.throughput.scalar")
      let chains = Double(question.value)
      let step = max(latency / chains, slot)
      return Prediction(
        speedup: latency / step,
        because: """
          In one chain each addition waits for the one before, \(latency.brief) ns. With \
          \(question.value) chains a step costs the longer of \((latency / chains).brief) ns (the \
          same wait, shared) and \(slot.brief) ns (an adder's place; additions and fused \
          multiply-adds are taken to start equally often).
          """)
    })
}

/// Divisible by 1 to 10, and within the first cache.
private let termCount = 2_520
private let passes = Passes(over: termCount, toReach: 8 * termCount)

private struct Terms: Sendable {
  let terms: AlignedBuffer<Double>
  let chains: Int

  init(_ point: Point) {
    var random = point.generator()
    terms = AlignedBuffer(count: termCount) { _ in .random(in: 0..<1, using: &random) }
    chains = point.value
  }

  /// The number of chains is a constant in each case, so that the sums stay in registers.
  @inline(__always)
  func sum(chains: Int) -> Double {
    let terms = terms.opaqueElements
    switch chains {
    case 1: return sumInChains(terms, like: [0])
    case 2: return sumInChains(terms, like: [0, 0])
    case 3: return sumInChains(terms, like: [0, 0, 0])
    case 4: return sumInChains(terms, like: [0, 0, 0, 0])
    case 5: return sumInChains(terms, like: [0, 0, 0, 0, 0])
    case 6: return sumInChains(terms, like: [0, 0, 0, 0, 0, 0])
    case 7: return sumInChains(terms, like: [0, 0, 0, 0, 0, 0, 0])
    default: return sumInChains(terms, like: [0, 0, 0, 0, 0, 0, 0, 0])
    }
  }
}

/// - Precondition: the number of terms is a multiple of `chains`.
@inline(never)
private func sumInChains<let chains: Int>(
  _ terms: UnsafeBufferPointer<Double>, like zero: InlineArray<chains, Double>
) -> Double {
  var sums = zero
  let part = terms.count / chains
  for index in 0..<part {
    for chain in 0..<chains { sums[chain] += terms[chain &* part &+ index] }
  }
  var total = 0.0
  for chain in 0..<chains { total += sums[chain] }
  return total
}
