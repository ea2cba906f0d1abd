import Harness
import Results

extension Experiment {
  /// Two threads on one core's two hardware threads, and on two cores.
  static let smtSiblings = Experiment(
    id: "cpu/smt-siblings",
    title: "Two busy threads: on one core's siblings → on two cores",
    slot: "performance/cpu/hardware",
    claim: """
      Two threads that each keep a core's units busy take up to twice as long on the two hardware \
      threads of one core as on two cores; threads that wait for memory or for their own results \
      most of the time take hardly longer.
      """,
    mechanism: """
      Hardware threads of a core have registers of their own and share all else: decoders, \
      arithmetic units, caches. Eight independent chains of multiplications (`mulx`, and an `xor` of \
      the product's halves) keep the multiplier and the way to it busy by themselves, so that a \
      second thread can only take turns; one chain leaves it idle four cycles of five, which the \
      sibling uses. A walk through memory waits for loads, and two can wait at \
      a time. Both variants run the same code; only the processors differ, read from the topology.
      """,
    limits: """
      No SMT, no effect. With more runnable threads than cores, siblings are a gain over waiting: \
      the throughput of a core with two is above that of a core with one, if not twice. Threads \
      that share data are nearest on siblings.
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
    sweep: .named("work", Labour.allCases.map(\.rawValue), smoke: 0),
    needs: [.simultaneousMultithreading, .cores(2)],
    work: { _ in Work(elements: Double(2 * steps)) },
    variants: [
      Variant(
        "siblings", shows: ["work"], prepare: { try Load($0) { $0.siblings } }, run: { $0.run() }),
      Variant(
        "two cores", shows: ["work"], prepare: { try Load($0) { $0.cores } }, run: { $0.run() }),
    ],
    predict: { question in
      // One multiplication a cycle, four cycles to its upper half and one to mix the halves: what
      // both need of the one multiplier.
      let busy = Labour.allCases[question.value] == .oneChain ? 1.0 / 5 : 1
      guard Labour.allCases[question.value] != .walk else { return nil }
      return Prediction(
        speedup: max(1, 2 * busy),
        because: """
          One thread keeps the multiplier busy \((100 * busy).brief)% of the time (a \
          multiplication begins each cycle and takes four, mixing its halves one; Fog, \
          *Instruction Tables*); two need \
          \((200 * busy).brief)% of one.
          """)
    })
}

private enum Labour: String, CaseIterable {
  case eightChains = "eight chains of multiplications"
  case oneChain = "one chain of multiplications"
  case walk = "a walk through 64 MiB"
}

/// Of each thread in one kernel call.
private let steps = 8_192

/// Two threads, and what each works on.
private final class Load: @unchecked Sendable {
  // SAFETY (@unchecked): each member has a chain of its own and a slot of its own.
  private let pair: PlacedPair
  private let kind: Labour
  private let chains: [AlignedBuffer<Int32>]
  private let results = AlignedBuffer<Int>(count: 32) { _ in 0 }

  init(_ point: Point, _ choose: (Placement.Pairs) -> [Int]) throws {
    guard let pairs = try Placement.pairs(among: point.cpus) else {
      throw TeamError.tooFewProcessors(needed: 3, available: point.cpus.count)
    }
    pair = try PlacedPair(choose(pairs))
    kind = Labour.allCases[point.value]
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
private func work(_ kind: Labour, _ chain: UnsafeBufferPointer<Int32>) -> Int {
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

/// A multiplication whose whole product counts: no vector instruction does that, and no two of them
/// can be made one.
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
