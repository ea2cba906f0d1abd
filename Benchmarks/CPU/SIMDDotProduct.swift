import Harness
import Results

extension Experiment {
  /// A reduction in strict order, and in sixteen lanes times four accumulators.
  static let simdDotProduct = Experiment(
    id: "cpu/simd-dot-product",
    title: "Dot product of Float: scalar, in order → SIMD with independent accumulators",
    slot: "performance/cpu/algorithmic",
    claim: """
      A dot product of Float is faster with vectors and several accumulators, by far while the \
      data are in a cache and by less the farther away they are, since memory then sets the pace.
      """,
    mechanism: """
      Floating-point addition is not associative, so the compiler must keep the order of the plain \
      loop: it unrolls it, but each `vaddss` waits for the one before, and only loads and products \
      (`vmulss`) run ahead. The SIMD kernel says that another order is \
      welcome: each `vfmadd231ps` on a 512-bit register does sixteen multiplications and \
      additions, and four accumulators keep four such chains in flight to hide the latency. Both \
      operands start on a 64-byte boundary, so that no load crosses a cache line.
      """,
    limits: """
      The result differs: another order of rounding, and a more exact one, since sixty-four small \
      sums lose fewer digits than a large one. Where a result must be the same bit for bit on \
      every machine, that rules it out. Out of memory the bandwidth of one core decides, and better arithmetic buys little.
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
    // At 64 MiB the sum in order has grown so large that each product loses most of its digits.
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
        prepare: { Operands<Float>($0).vectors },
        run: { operands in
          passes(operands.bytes).sum {
            Double(dotInLanes(operands.a.opaqueElements.span, operands.b.opaqueElements.span))
          }
        }),
    ],
    predict: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      let addition = try question.number("add.latency")
      let instruction = try question.number("fma.throughput.512")
      let latency = try question.number("fma.latency")
      // Four instructions, one an accumulator, take as long as they can be issued or one can end.
      let four = max(4 * instruction, latency)
      let scalar = try question.streaming(8, of: bytes, compute: addition)
      let lanes = try question.streaming(8, of: bytes, compute: four / 64)
      return Prediction(
        speedup: scalar.time / lanes.time,
        because: """
          In order, an element costs the longer of one addition in the chain \
          (\(addition.brief) ns) and 8 bytes from \(scalar.level.title) \
          (\(scalar.transfer.brief) ns): \(scalar.bound). In lanes, 64 elements cost four \
          fused multiply-adds, \(four.brief) ns, so that one costs the longer of \
          \((four / 64).brief) ns and the same bytes: \(lanes.bound).
          """)
    })
}

/// Enough elements for some microseconds, whatever the size of the set; and where a cache may hold
/// it, so many that the first counts little, for which the other variants have emptied the caches.
private func passes(_ bytes: Int) -> Passes {
  Passes(over: bytes, toReach: bytes < 32 << 20 ? max(1 << 21, 16 * bytes) : 1)
}

/// Two vectors of equal length on 64-byte boundaries.
private struct Operands<Element: BitwiseCopyable>: Sendable {
  let a, b: AlignedBuffer<Element>

  /// Bytes of both together.
  var bytes: Int { 2 * a.count * MemoryLayout<Element>.stride }
}

extension Operands<Float> {
  /// Random numbers between 0 and 1; a point's value is the bytes of both together.
  init(_ point: Point) {
    var random = point.generator()
    a = AlignedBuffer(count: point.value / 8) { _ in .random(in: 0..<1, using: &random) }
    b = AlignedBuffer(count: point.value / 8) { _ in .random(in: 0..<1, using: &random) }
  }

  /// The same numbers, sixteen to an element.
  var vectors: Operands<SIMD16<Float>> {
    func packed(_ floats: AlignedBuffer<Float>) -> AlignedBuffer<SIMD16<Float>> {
      AlignedBuffer(count: floats.count / 16) { index in
        SIMD16(floats.elements[index * 16..<index * 16 + 16])
      }
    }
    return Operands<SIMD16<Float>>(a: packed(a), b: packed(b))
  }
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
    // SAFETY: both counts are the same multiple of four; the compiler does not conclude that the
    // three after `index` exist.
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
