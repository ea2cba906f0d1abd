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
      multiplier, so that two threads must take turns. One chain leaves it idle four cycles of \
      five, and the sibling uses them. A walk through memory waits for loads, and two threads can \
      wait at once. Both variants run the same code; the topology gives the processors.
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
    sweep: .named("work", Workload.allCases.map(\.rawValue), smoke: 0),
    needs: [.simultaneousMultithreading, .cores(2)],
    work: { _ in Work(elements: Double(2 * steps)) },
    variants: [
      Variant(
        "siblings", shows: ["work"], prepare: { try LoadedPair($0) { $0.siblings } },
        run: { $0.run() }),
      Variant(
        "two cores", shows: ["work"], prepare: { try LoadedPair($0) { $0.cores } },
        run: { $0.run() }),
    ],
    // The case that the claim is about: an execution unit that one thread saturates.
    headline: DeclaredHeadline(value: 0, variant: "two cores"),
    model: { question in
      let workload = Workload.allCases[question.value]
      guard workload != .walk else { return nil }
      let alone = Ratio.exactly(1).named("a thread alone")
      guard question.isBaseline else { return Model(alone, per: .relative) }
      // A multiplication can start in each cycle. In a chain it takes four cycles to the upper half
      // and one more to mix the halves.
      let use = Ratio.input(
        "the multiplier's utilisation by a thread", workload == .oneChain ? 1.0 / 5 : 1,
        source: "Fog, Instruction Tables")
      return Model(longest(alone, (2 * use).named("the multiplier, for both")), per: .relative)
    })
}

private enum Workload: String, CaseIterable {
  case eightChains = "eight chains of multiplications"
  case oneChain = "one chain of multiplications"
  case walk = "a walk through 64 MiB"
}

/// Of each thread, in one kernel call.
private let steps = 8_192

/// Two threads, and what each works on.
private final class LoadedPair: @unchecked Sendable {
  // SAFETY (@unchecked): each member has a chain of its own and a slot of its own.
  private let pair: PlacedPair
  private let kind: Workload
  private let chains: [AlignedBuffer<Int32>]
  private let results = AlignedBuffer<Int>(count: 32) { _ in 0 }

  init(_ point: Point, _ choose: (Placement.Pairs) -> [Int]) throws {
    guard let pairs = try Placement.pairs(among: point.cpus) else {
      throw TeamError.tooFewProcessors(needed: 3, available: point.cpus.count)
    }
    pair = try PlacedPair(choose(pairs))
    kind = Workload.allCases[point.value]
    var random = point.generator()
    let count = kind == .walk ? 16 << 20 : 1
    chains = (0..<2).map { _ in cycle(count, using: &random) }
  }

  func run() -> Int {
    pair.run { member in
      results.elements[16 * member] = work(kind, chains[member].opaqueElements)
    }
    return results.elements[0] &+ results.elements[16]
  }
}

@inline(never)
private func work(_ kind: Workload, _ chain: UnsafeBufferPointer<Int32>) -> Int {
  switch kind {
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

/// A random cycle through all places (Sattolo).
private func cycle(
  _ count: Int, using random: inout some RandomNumberGenerator
) -> AlignedBuffer<Int32> {
  let next = AlignedBuffer<Int32>(count: count) { Int32($0) }
  for index in stride(from: count - 1, to: 0, by: -1) {
    next.elements.swapAt(index, Int.random(in: 0..<index, using: &random))
  }
  return next
}
