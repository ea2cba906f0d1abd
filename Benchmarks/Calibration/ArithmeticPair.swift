import CPerflab
import Harness

/// A chain of dependent steps: bound by the latency of the core alone.
func arithmeticPairs() -> [Experiment] {
  KnownPair.experiments(
    kind: "arithmetic", title: "Dependent arithmetic",
    mechanism: """
      A multiplication, an addition, a shift and an exclusive or, each dependent on the one \
      before. The variants with more work begin that many steps earlier in the same sequence, so \
      that all variants end at the same number.
      """,
    steps: 20_000
  ) { name, steps, isCopy in
    let kernel = isCopy ? arithmeticCopy : arithmetic
    return Variant(
      name, shows: ["advance"],
      prepare: { ChainStep.start(steps: steps, before: $0.seed) },
      report: { _ in codeOffset(unsafeBitCast(kernel, to: UnsafeRawPointer.self)) },
      run: { kernel($0, opaque(steps)) })
  }
}

/// One step of the sequence, forwards and backwards.
enum ChainStep {
  /// Knuth's multiplier for 64 bits; odd, so that the step can be undone.
  private static let factor: UInt64 = 6_364_136_223_846_793_005
  private static let summand: UInt64 = 1_442_695_040_888_963_407

  @inline(__always)
  static func forwards(_ state: UInt64) -> UInt64 {
    let next = state &* factor &+ summand
    return next ^ next >> 32
  }

  static func backwards(_ state: UInt64) -> UInt64 {
    // Newton's iteration doubles the bits of the inverse modulo 2⁶⁴, of which it begins with three.
    var inverse = factor
    for _ in 0..<5 { inverse = inverse &* (2 &- factor &* inverse) }
    return ((state ^ state >> 32) &- summand) &* inverse
  }

  /// The number from which so many steps lead to `end`.
  static func start(steps: Int, before end: UInt64) -> UInt64 {
    (0..<steps).reduce(end) { state, _ in backwards(state) }
  }
}

@inline(__always)
private func advance(_ start: UInt64, _ steps: Int) -> UInt64 {
  var state = start
  for _ in 0..<steps { state = ChainStep.forwards(state) }
  return state
}

private let arithmetic: @convention(c) (UInt64, Int) -> UInt64 = { advance($0, $1) }
private let arithmeticCopy: @convention(c) (UInt64, Int) -> UInt64 = {
  perflab_mark_copy()
  return advance($0, $1)
}
