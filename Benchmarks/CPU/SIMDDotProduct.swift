import Harness
import Results

extension Experiment {
  /// A sum in strict order, and in sixteen lanes of four accumulators.
  static let simdDotProduct = Experiment(
    id: "cpu/simd-dot-product",
    title: "Dot product of Float: scalar, in order → SIMD with independent accumulators",
    slot: "performance/cpu/algorithmic",
    claim: """
      A dot product of Float is many times faster with vectors and several accumulators while the \
      data are in a near cache; the farther away they are, the smaller the gain, because memory \
      bandwidth becomes the limit.
      """,
    mechanism: """
      Floating-point addition is not associative, so the compiler must keep the order of the plain \
      loop: each addition waits for the one before, and only loads and multiplications run ahead. \
      The SIMD kernel keeps sixty-four sums, in vector registers of {register bits} bits: one \
      multiply-add handles a whole register and waits for no other register's. Both operands start \
      on a 64-byte boundary, so no load crosses a cache line.
      """,
    limits: """
      The additions are rounded in another order. The result is usually more exact, since \
      sixty-four small sums lose fewer digits than a large one, but it is not equal bit for bit to \
      that of the plain loop. From memory one core's bandwidth limits the vectors.
      """,
    diagram: """
      flowchart LR
        subgraph before["scalar, in order: {scalar, in order}"]
          direction LR
          a0["+ a0·b0"] --> a1["+ a1·b1"] --> a2["+ a2·b2"] --> a3["…"]
        end
        subgraph after["SIMD16, four accumulators: {SIMD16, four accumulators}"]
          direction TB
          s0["sum 0: 16 lanes"] --> total["total"]
          s1["sum 1: 16 lanes"] --> total
          s2["sum 2: 16 lanes"] --> total
          s3["sum 3: 16 lanes"] --> total
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes(
      "working set", [16 << 10, 32 << 10, 512 << 10, 8 << 20, 64 << 20], smoke: 2 << 10),
    // At 64 MiB the sum in order is so large that each product loses most of its digits.
    tolerance: .relative(1e-2),
    work: { bytes in
      let elements = Double(passes(bytes).count * bytes / 8)
      return Work(elements: elements, bytes: elements * 8, floatOperations: elements * 2)
    },
    variants: [
      Variant(
        "scalar, in order", shows: ["dotInOrder"],
        prepare: { Operands<Float>($0) },
        run: { operands in
          passes(operands.bytes).sum {
            Double(dotInOrder(operands.a.opaqueElements.span, operands.b.opaqueElements.span))
          }
        }),
      Variant(
        "SIMD16, four accumulators", shows: ["dotInLanes", "SIMD16"],
        prepare: { Operands<SIMD16<Float>>($0) },
        run: { operands in
          passes(operands.bytes).sum {
            Double(dotInLanes(operands.a.opaqueElements.span, operands.b.opaqueElements.span))
          }
        }),
    ] + dotProductYardsticks(passes),
    model: { question throws(MissingNumber) in
      // One per register of 64 sums: their throughput, or the latency of one.
      let (own, count) = (Double(question.value), Double(question.registers.holding(64)))
      let vectors = try longest(count * question.multiplyAdd(), question.time("fma.latency")) / 64
      let chain = try question.time("add.latency").named("additions in a chain")
      let compute = question.isBaseline ? chain : vectors.named("multiply-adds")
      // Amid the operands of five instances, yardsticks among them.
      return Model(
        try question.streaming(8, ofOnce: own, amid: 5 * own, arrays: 2, compute: compute))
    })
}

/// Enough for some microseconds, and if a cache may hold the set, enough that the first pass counts
/// little: the other variants have evicted the set before it.
private func passes(_ bytes: Int) -> Passes {
  Passes(over: bytes, toReach: bytes < 32 << 20 ? max(1 << 21, 16 * bytes) : 1)
}

@inline(never)
private func dotInOrder(_ a: Span<Float>, _ b: Span<Float>) -> Float {
  precondition(a.count == b.count)
  var sum: Float = 0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}

/// - Precondition: the counts are equal and a multiple of four.
@inline(never)
private func dotInLanes(_ a: Span<SIMD16<Float>>, _ b: Span<SIMD16<Float>>) -> Float {
  precondition(a.count == b.count && a.count.isMultiple(of: 4))
  var sum0 = SIMD16<Float>.zero
  var (sum1, sum2, sum3) = (sum0, sum0, sum0)
  var index = 0
  while index < a.count {
    // SAFETY: both counts are the same multiple of four, which the compiler does not use.
    sum0.addProduct(a[unchecked: index], b[unchecked: index])
    sum1.addProduct(a[unchecked: index &+ 1], b[unchecked: index &+ 1])
    sum2.addProduct(a[unchecked: index &+ 2], b[unchecked: index &+ 2])
    sum3.addProduct(a[unchecked: index &+ 3], b[unchecked: index &+ 3])
    index &+= 4
  }
  return ((sum0 + sum1) + (sum2 + sum3)).total
}

extension SIMD16<Float> {
  /// The sum of the lanes, by halves: `sum()` compiles to three times as many instructions.
  fileprivate var total: Float {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}
