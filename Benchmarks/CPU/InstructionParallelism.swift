import Harness
import Results

extension Experiment {
  /// A sum as one chain of additions and as several.
  static let instructionParallelism = Experiment(
    id: "cpu/instruction-parallelism",
    title: "A sum of Double: one chain of additions → k chains",
    slot: "performance/cpu/hardware",
    claim: """
      A sum in k independent chains is up to k times as fast as in one, until the adders are \
      saturated: more chains than latency × throughput gain nothing.
      """,
    mechanism: """
      An addition takes several cycles, and the next one of its chain waits for the result, while \
      the adders could already start others. With k chains an out-of-order core overlaps k \
      additions. Each chain has its own register and its own part of the array. Both sides execute \
      the same scalar additions: the parts lie far apart, so that no vector instruction applies.
      """,
    limits: """
      The order of rounding changes, so that the last digits may differ. Each chain occupies a \
      register. For data from memory, bandwidth is the limit. A loop whose iterations are \
      independent has this parallelism already.
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
    model: { question throws(MissingNumber) in
      let latency = try question.time("add.latency")
      guard !question.isBaseline else { return Model(latency.named("latency of an addition")) }
      let shared = (latency / Double(question.value)).named("latency divided among the chains")
      let slot = try question.time("add.throughput.scalar")
      return Model(longest(shared, slot.named("throughput of the adders")))
    })
}

/// Divisible by every number of chains of the sweep, and within the first-level cache.
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
